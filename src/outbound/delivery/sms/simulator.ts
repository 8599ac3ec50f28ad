import type { TextSender } from '../../../core/delivery/text-sender.ts'
import type { Clock, Ids } from '../../../core/ports.ts'

/** `to` is E.164. `code` is the code in `text`, digits only. `at` is ISO 8601. */
export type SimulatedMessage = {
  id: string
  kind: 'text'
  to: string
  text: string
  code?: string | undefined
  at: string
}

export interface SimulatedPhones {
  /** Newest first; those of one number, or of all. */
  messages(to?: string): SimulatedMessage[]
  /** Called after each message; what comes back ends it. */
  subscribe(listener: () => void): () => void
}

type Needs = { clock: Clock; ids: Ids }

const MOST_KEPT = 500
/** The last line of a text for WebOTP: `@portal.example #482915`. */
const webOtp = /^@\S+ #(\d{6}|\d{8})\b/m
/** Six or eight digits, grouped or not, that are no part of a phone number. */
const code = /(?<![\d+][ \u00a0-]?)(\d{8}|\d{4}[ \u00a0-]?\d{4}|\d{3}[ \u00a0-]?\d{3})(?![ \u00a0-]?\d)/

/** Every phone of the demo: takes each text at once and shows it to whoever looks. */
export function phoneSimulator({ clock, ids }: Needs): TextSender & SimulatedPhones {
  const kept: SimulatedMessage[] = []
  const listeners = new Set<() => void>()

  return {
    name: 'simulator',
    async send({ to, body }) {
      kept.unshift({ id: ids.next(), kind: 'text', to, text: body, code: codeIn(body), at: clock.now().toISOString() })
      kept.length = Math.min(kept.length, MOST_KEPT)
      for (const listener of [...listeners]) listener()
    },
    messages: (to) => kept.filter((message) => to === undefined || message.to === to),
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

function codeIn(text: string): string | undefined {
  const found = webOtp.exec(text)?.[1] ?? code.exec(text)?.[1]
  return found?.replace(/\D/g, '')
}
