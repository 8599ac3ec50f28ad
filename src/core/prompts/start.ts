import type { Answer, Input } from '../../contract/contract.ts'
import type { From } from '../gate.ts'
import type { Clock } from '../ports.ts'
import { lockOf } from '../second-step/lock.ts'
import type { Transaction } from '../second-step/view.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { User, UserStore } from '../users/user.ts'

export type Started = { outcome: 'started' } | { outcome: 'wait'; until: Date }

export type Asking = { user: User; transactionId: string; purpose: Transaction['purpose']; from: From }

/**
 * Asks a person by one method, for a sign-in or session: opens the prompt and puts its message on its way. Undefined where
 * this person cannot be asked so.
 */
export type Starter = (asked: Asking) => Promise<Started | undefined>
export type Starters = Readonly<Record<Input<'startPrompt'>['method'], Starter>>
export type StartNeeds = { users: UserStore; settings: SettingsSource; clock: Clock; starters: Starters }

/** Asks elsewhere than on the page, by the method that is the person's own. */
export async function startPrompt(
  { users, settings, clock, starters }: StartNeeds,
  transaction: Transaction,
  { method }: Input<'startPrompt'>,
  from: From,
): Promise<Answer<'startPrompt'>> {
  const user = await users.find(transaction.userId)
  if (user?.method !== method) return unavailable

  const locked = lockOf(user, settings.current()['lock.budget'], clock.now())
  if (locked) return { ok: true, value: { outcome: 'locked', ...locked } }
  const started = await starters[method]({ user, transactionId: transaction.id, purpose: transaction.purpose, from })
  if (!started) return unavailable
  return { ok: true, value: started.outcome === 'wait' ? { ...started, until: started.until.toISOString() } : started }
}

const unavailable = { ok: false, refusal: 'method.unavailable' } as const
