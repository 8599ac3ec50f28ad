import type { SeenPrompt } from '../../prompts/prompt.ts'

/** What a reply is compared with; the question itself is the prompt of that id. */
export type AskedText = {
  promptId: string
  /** Undefined where the reply is the number on the screen. */
  codeMac: string | undefined
  attemptsLeft: number
  deliveryId: string
}

/** A question that waits for a reply. */
export type OpenText = SeenPrompt & Omit<AskedText, 'promptId'>

export interface AskedTextStore {
  insert(text: AskedText): Promise<void>
  find(promptId: string): Promise<AskedText | undefined>
  /** What waits for a reply from that number, the newest first. Several, where people share a phone. */
  openAt(phone: string, now: Date): Promise<OpenText[]>
  /** Takes one attempt and returns what is left; undefined if none was. */
  spendAttempt(promptId: string): Promise<number | undefined>
}

/** How a provider names a reply. */
export type ReplyName = { provider: string; providerId: string }

export interface TakenReplyStore {
  /**
   * `new`: for exactly one caller, who looks at it. `settled`: it was looked at before. `under-way`: it is being looked
   * at; whoever began that and did not settle it before `lost` is taken for dead, and it is new again.
   */
  take(reply: ReplyName, now: Date, lost: Date): Promise<'new' | 'settled' | 'under-way'>
  settle(reply: ReplyName, now: Date): Promise<void>
}
