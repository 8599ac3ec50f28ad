import { unpackLetter } from '../../../core/delivery/letter.ts'
import type { Sender } from '../../../core/delivery/sender.ts'
import type { Clock } from '../../../core/ports.ts'
import { htmlPart, textPart } from './parts.ts'

/** `at` is ISO 8601. */
export type SimulatedMail = {
  id: string
  kind: 'mail'
  to: string
  subject: string
  text: string
  html: string
  at: string
}

export interface SimulatedMailbox {
  /** Newest first; those to one address, or all. */
  mails(to?: string): SimulatedMail[]
  /** Called after each mail; what comes back ends it. */
  subscribe(listener: () => void): () => void
}

const MOST_KEPT = 500

/** Every mailbox of the demo: takes each mail at once and shows it to whoever looks. */
export function mailSimulator({ clock }: { clock: Clock }): Sender & SimulatedMailbox {
  const kept: SimulatedMail[] = []
  const listeners = new Set<() => void>()

  return {
    name: 'simulator',
    async send({ id, to, body }) {
      const letter = unpackLetter(body)
      const parts = { subject: letter.subject, text: textPart(letter), html: htmlPart(letter) }
      kept.unshift({ id, kind: 'mail', to, ...parts, at: clock.now().toISOString() })
      kept.length = Math.min(kept.length, MOST_KEPT)
      for (const listener of [...listeners]) listener()
    },
    mails: (to) => kept.filter((mail) => to === undefined || mail.to === to),
    subscribe(listener) {
      // Its own entry for each call, so that the same function may listen twice.
      const entry = () => listener()
      listeners.add(entry)
      return () => {
        listeners.delete(entry)
      }
    },
  }
}
