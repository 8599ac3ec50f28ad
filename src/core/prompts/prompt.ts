/** The methods that are answered elsewhere than on the page. */
export type PromptMethod = 'call' | 'text' | 'app'

/** What an answer is for. An answer to one never counts for another. */
export type PromptPurpose = 'second-step' | 'phone-proof' | 'app-proof'

/**
 * One question on its way to a phone or an app, and its one answer. The page that waits for it holds the transaction; the
 * answer comes in at another door, and binds nothing but this row.
 */
export type Prompt = {
  id: string
  userId: string
  /** The sign-in or session that asked; only it can use the approval. */
  transactionId: string
  purpose: PromptPurpose
  method: PromptMethod
  /** The method's own: `standard`, `pin`, `number` of a call. */
  mode: string
  /** E.164; empty where the method finds its own way. */
  phone: string
  /** Two digits, shown on the page that waits. */
  number: string
  createdAt: Date
  expiresAt: Date
}

/** Where it stands. `approved` waits to be used by its transaction, once. */
export type PromptState = 'open' | 'approved' | 'denied' | 'used' | 'replaced'

export type SeenPrompt = Prompt & {
  state: PromptState
  /** Why it was denied, or how it got on: a code of the method's, which the page has a sentence for. */
  outcome: string | undefined
}

export interface PromptStore {
  /** Opens it. Others of the same person that are open are replaced: one question at a time (MITRE T1621). */
  open(prompt: Prompt): Promise<void>
  find(id: string): Promise<SeenPrompt | undefined>
  /** The one that a person is asked now by a method, if any. */
  openOf(userId: string, method: PromptMethod, now: Date): Promise<SeenPrompt | undefined>
  /** The newest of a transaction, whatever became of it. */
  newest(transactionId: string, purpose: PromptPurpose): Promise<SeenPrompt | undefined>
  /** True for exactly one caller, and only while it is open and in time. */
  settle(id: string, end: { state: 'approved' | 'denied'; outcome: string }, now: Date): Promise<boolean>
  /** What a transaction asks is answered by another way: an open one is asked no more. */
  withdraw(transactionId: string, now: Date): Promise<void>
  /** How far an open one is. */
  note(id: string, outcome: string): Promise<void>
  /** The approval is used, by its own transaction: true for exactly one caller, and only in time. */
  use(transactionId: string, purpose: PromptPurpose, now: Date): Promise<SeenPrompt | undefined>
}
