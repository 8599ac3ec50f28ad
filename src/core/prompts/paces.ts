import { type Pace, paces, type ThrottleStore } from '../throttle/throttle.ts'
import type { User } from '../users/user.ts'
import type { PromptPurpose } from './prompt.ts'

/** Toll fraud asks for many calls, and fatigue lives on many prompts: to one person, one number, numbers of one prefix. */
export function callBudgets(asked: { userId: string; phone: string; purpose: PromptPurpose }): [string, Pace][] {
  const { userId, phone, purpose } = asked
  const ofUser: [string, Pace][] = [
    [callsOfUserKey(userId), paces.callsOfUser],
    [`calls-of-day:${userId}`, paces.callsOfDay],
  ]
  if (purpose === 'second-step') return [...ofUser, [signInCallsKey(phone), paces.callsToNumber]]
  return [
    ...ofUser,
    // Whoever asks to prove a number that is another person's does not use up that person's calls at sign-in.
    [`call-proofs-to:${phone}`, paces.callsToNumber],
    [`call-proofs-of:${phone.slice(0, -4)}`, paces.callProofsOfPrefix],
  ]
}

/** Questions to the app: fatigue lives on many of them. */
export function promptBudgets(userId: string): [string, Pace][] {
  return [
    [promptsOfUserKey(userId), paces.promptsOfUser],
    [`prompts-of-day:${userId}`, paces.promptsOfDay],
  ]
}

/** The paces count calls since the last success. */
export async function forgetCalls(throttle: ThrottleStore, { id, phone }: Pick<User, 'id' | 'phone'>): Promise<void> {
  await throttle.forget(callsOfUserKey(id))
  if (phone) await throttle.forget(signInCallsKey(phone))
}

export function callsOfUserKey(userId: string): string {
  return `calls-of:${userId}`
}

function signInCallsKey(phone: string): string {
  return `calls-to:${phone}`
}

export async function forgetPrompts(throttle: ThrottleStore, { id }: Pick<User, 'id'>): Promise<void> {
  await throttle.forget(promptsOfUserKey(id))
}

export function promptsOfUserKey(userId: string): string {
  return `prompts-of:${userId}`
}
