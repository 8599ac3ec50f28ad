import type { SpokenLine } from '../../i18n/spoken.ts'

/** What the phone does next. `seconds` for each key; `mostKeys` without the #; `hashAlone`: # by itself is an answer. */
export type CallStep = {
  language: string
  say: readonly SpokenLine[]
  after: { kind: 'gather'; seconds: number; mostKeys: number; hashAlone: boolean } | { kind: 'hang-up' }
}

/** How a call ended, as the provider tells it. */
export type CallEnd = 'hung-up' | 'no-answer' | 'busy' | 'unreachable' | 'declined'

/** What this door needs of the calls under way. */
export interface Calls {
  /**
   * Takes the callback that a call waits for, for exactly one caller. `over`: nobody waits for that call any more.
   * `refused`: unknown, taken before, out of order, or of another call of the provider's.
   */
  take(callback: { callId: string; providerId: string; step: number | 'end' }): Promise<'yours' | 'over' | 'refused'>
  answered(callId: string): Promise<CallStep>
  /** What was pressed, ending in #; without it the waiting ran out. */
  keys(callId: string, keys: string): Promise<CallStep>
  ended(callId: string, how: CallEnd): Promise<void>
}
