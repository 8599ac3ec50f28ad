import type { CallEnd } from '../methods/call/dialogue.ts'
import type { CallStep } from '../methods/call/step.ts'

/** One call to one phone. `to` is E.164; `extension` digits, dialled after the answer. */
export type PhoneCall = {
  id: string
  to: string
  extension?: string | undefined
  language: string
  ringSeconds: number
}

/**
 * The port for a provider of calls. `place` resolves when the provider has taken the call, which may then already ring;
 * `providerId` is its name for it. `hangUp` ends one that rings or talks, and does nothing to one that is over.
 * Both throw AppError as `Sender` does; whoever calls decides whether to try again or elsewhere.
 */
export interface VoiceCaller {
  readonly name: string
  /** How long `place` may take, in milliseconds. */
  readonly placeMs?: number | undefined
  place(call: PhoneCall, signal: AbortSignal): Promise<{ providerId: string }>
  hangUp(providerId: string): Promise<void>
}

/** What a call tells while it lasts. Each answers what the phone does next; a call that is over gets told to hang up. */
export interface CallEvents {
  answered(callId: string): Promise<CallStep>
  /** What was pressed, ending in #; without it the waiting ran out. Empty: nothing was pressed. */
  keys(callId: string, keys: string): Promise<CallStep>
  /** Told once, or again: only the first time counts. */
  ended(callId: string, how: CallEnd): Promise<void>
}

/** A callback says which call of the provider's it is about. `step` counts from 0, the answer; `end` is how it ended. */
export type Callback = { callId: string; providerId: string; step: number | 'end' }

/**
 * Which callback each call waits for, where every node sees it: a callback may reach any of them.
 *
 * `yours`: it is the awaited one, and for exactly one caller; the next step is awaited from now on. `over`: it would have
 * been, but nobody waits for the call any more. `refused`: unknown, taken before, out of order, or of another call of the
 * provider's. The first callback may come before `place` has resolved: it binds the provider's id.
 */
export interface CallBook {
  take(callback: Callback): Promise<'yours' | 'over' | 'refused'>
}
