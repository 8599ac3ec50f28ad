import { z } from 'zod'
import type { AssertionJson, RegistrationJson } from '../../../protocols/webauthn.ts'

const binary = z.string().regex(/^[A-Za-z0-9_-]+$/)
/** A credential's id has 1023 bytes at most (WebAuthn level 3 section 7.1, step 25). */
const id = binary.max(1364)
const known = z.object({ id, rawId: id, type: z.literal('public-key') })

const transports = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal'] as const
const Registration = known.extend({
  response: z.object({
    clientDataJSON: binary,
    attestationObject: binary,
    transports: z.array(z.string()).max(20).default([]),
  }),
})
const Assertion = known.extend({
  response: z.object({
    clientDataJSON: binary,
    authenticatorData: binary,
    signature: binary,
    userHandle: z.union([binary, z.literal('')]).nullish(),
  }),
})

export type ReadRegistration = RegistrationJson & { transports: string[] }

/** Undefined for what no browser sends. */
export function readRegistration(text: string): ReadRegistration | undefined {
  const parsed = Registration.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  const told = parsed.data.response.transports
  return { ...parsed.data, transports: transports.filter((transport) => told.includes(transport)) }
}

/** Undefined for what no browser sends. */
export function readAssertion(text: string): AssertionJson | undefined {
  const parsed = Assertion.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  const { response, ...rest } = parsed.data
  return { ...rest, response: { ...response, userHandle: response.userHandle || undefined } }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
