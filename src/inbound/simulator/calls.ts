import type { SpokenLine } from '../../i18n/spoken.ts'

/** A call as a phone of the demo shows it. `to` is E.164, `at` (when it began to ring) ISO 8601. */
export type SimulatedCall = {
  id: string
  to: string
  extension?: string | undefined
  language: string
  at: string
  state: 'ringing' | 'talking' | 'over'
  how?: 'hung-up' | 'no-answer' | 'busy' | 'unreachable' | 'declined' | undefined
  /** What was said, oldest first: the lines of each step. */
  said: readonly (readonly SpokenLine[])[]
  /** Whether it waits for keys, and how many were pressed since the last step. */
  waits: boolean
  pressed: number
}

/** What this door needs for calls. Each act is false when there was nothing to do it to. */
export interface SimulatedCalls {
  /** Newest first; those of one number, or of all. */
  calls(to?: string): SimulatedCall[]
  answer(id: string): Promise<boolean>
  press(id: string, keys: string): Promise<boolean>
  hangUp(id: string): Promise<boolean>
  decline(id: string): Promise<boolean>
  /** Called after each change; what comes back ends it. */
  subscribe(listener: () => void): () => void
}

/** The keypad, row by row. */
export const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const
