import type { SimulatedCall } from './calls.ts'
import type { SimulatedReply } from './replies.ts'

/** One message as a phone of the demo shows it. `to` is E.164, `code` the digits of the code in `text`, `at` ISO 8601. */
export type SimulatedMessage = {
  id: string
  kind: 'text'
  to: string
  text: string
  code?: string | undefined
  at: string
}

/** What this door needs: the phones of the demo. */
export interface SimulatedPhones {
  /** Newest first; those of one number, or of all. */
  messages(to?: string): SimulatedMessage[]
  /** Called after each message; what comes back ends it. */
  subscribe(listener: () => void): () => void
}

/** A phone of a sample account. `owner` is the username, `number` E.164; `pin` is what the owner keys in when called. */
export type SamplePhone = { owner: string; number: string; pin?: string | undefined }

/** A phone as the page shows it; without an owner it is a number that somebody enrolled. */
export type ShownPhone = {
  owner?: string | undefined
  number: string
  pin?: string | undefined
  messages: SimulatedMessage[]
  /** What it sent. */
  replies: SimulatedReply[]
  calls: SimulatedCall[]
}

const MOST_SHOWN = 10

type Got = {
  messages: readonly SimulatedMessage[]
  replies: readonly SimulatedReply[]
  calls: readonly SimulatedCall[]
}

/** The sample phones in their order, then whatever other numbers got something. */
export function shownPhones(samples: readonly SamplePhone[], { messages, replies, calls }: Got): ShownPhone[] {
  const messagesOf = Map.groupBy(messages, ({ to }) => to)
  const repliesOf = Map.groupBy(replies, ({ from }) => from)
  const callsOf = Map.groupBy(calls, ({ to }) => to)
  const known = new Set(samples.map(({ number }) => number))
  const got = new Set([...messagesOf.keys(), ...callsOf.keys()])
  const others = [...got].filter((number) => !known.has(number)).map((number) => ({ number }))
  return [...samples, ...others].map((phone) => ({
    ...phone,
    messages: (messagesOf.get(phone.number) ?? []).slice(0, MOST_SHOWN),
    replies: (repliesOf.get(phone.number) ?? []).slice(0, MOST_SHOWN),
    calls: (callsOf.get(phone.number) ?? []).slice(0, MOST_SHOWN),
  }))
}
