import type { z } from 'zod'
import { account } from './account.ts'
import type { Call } from './caller.ts'
import { calls } from './calls.ts'
import { devices } from './devices.ts'
import { factors } from './factors.ts'
import { operate } from './operate.ts'
import { operateSync } from './operate-sync.ts'
import { operateTokens } from './operate-tokens.ts'
import { passkeys } from './passkeys.ts'
import { pins } from './pins.ts'
import { questions } from './questions.ts'
import { recovery } from './recovery.ts'
import type { refusals } from './refusals.ts'
import { service } from './service.ts'
import { signIn } from './sign-in.ts'
import { tokens } from './tokens.ts'

/**
 * Everything that the MFA Server offers. From here come the gate, the in-process call, the JSON routes, the client of a
 * portal on another machine and the reference page. A new operation is one row here and one handler in the core.
 */
export const contract = {
  ...service,
  ...signIn,
  ...factors,
  ...tokens,
  ...passkeys,
  ...calls,
  ...questions,
  ...recovery,
  ...devices,
  ...pins,
  ...account,
  ...operate,
  ...operateTokens,
  ...operateSync,
} as const

export type Contract = typeof contract
export type Name = keyof Contract
export type Input<N extends Name> = z.output<Contract[N]['input']>
export type Output<N extends Name> = z.output<Contract[N]['output']>

/** What the gate may refuse for any operation. */
export type GateRefusal = 'caller.refused' | 'input.malformed' | 'proof.stale'
export type Refusal<N extends Name> = Extract<Contract[N]['refusals'][number], keyof typeof refusals> | GateRefusal
export type Answer<N extends Name> = { ok: true; value: Output<N> } | { ok: false; refusal: Refusal<N> }

/** What a portal, a door or another program holds. It cannot tell an engine in this process from one on another machine. */
export type Api = { [N in Name]: (call: Call, input: z.input<Contract[N]['input']>) => Promise<Answer<N>> }

export const names = Object.keys(contract) as Name[]

/** One value for each row of the contract. */
export function perOperation<T>(make: (name: Name) => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>
}
