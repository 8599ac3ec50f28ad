/** One mail as a mailbox of the demo shows it. `at` is ISO 8601. */
export type SimulatedMail = {
  id: string
  kind: 'mail'
  to: string
  subject: string
  text: string
  html: string
  at: string
}

/** What this door needs: the mailboxes of the demo. */
export interface SimulatedMailbox {
  /** Newest first; those to one address, or all. */
  mails(to?: string): SimulatedMail[]
  /** Called after each mail; what comes back ends it. */
  subscribe(listener: () => void): () => void
}
