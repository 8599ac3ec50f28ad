import { AppError } from '../errors.ts'
import type { Clock, Log } from '../ports.ts'
import type { Providers } from './providers.ts'
import type { Message } from './sender.ts'

export type SendResult =
  | { outcome: 'sent'; provider: string }
  /** Every provider was asked, and none took it. `forGood`: none ever will. */
  | { outcome: 'refused'; forGood: boolean }
  | { outcome: 'expired' }
  | { outcome: 'stopped' }

type Needs = { providers: Providers; clock: Clock; log: Log }
/** `sendMs` is for a provider that has no limit of its own; `stop` ends it all. */
type Attempt = { message: Message; deadline: Date; sendMs: number; stop: AbortSignal }

/**
 * Asks one provider after the other until one takes the message. None gets longer than the deadline, which is looked at
 * right before each send: an expired code never leaves the house.
 */
export async function sendByFirst(
  { providers, clock, log }: Needs,
  { message, deadline, sendMs, stop }: Attempt,
): Promise<SendResult> {
  let forGood = providers.count > 0
  for (const sender of providers.inOrder()) {
    if (stop.aborted) return { outcome: 'stopped' }
    const left = deadline.getTime() - clock.now().getTime()
    if (left <= 0) return { outcome: 'expired' }
    const own = sender.sendMs ?? sendMs
    try {
      await sendWithin(Math.min(left, own), stop, (signal) => sender.send(message, signal))
      providers.worked(sender)
      return { outcome: 'sent', provider: sender.name }
    } catch (error) {
      if (stop.aborted) return { outcome: 'stopped' }
      const refused = error instanceof AppError && error.code === 'delivery.refused'
      forGood &&= refused
      // A provider that refuses one recipient works. What the deadline cut short says nothing of a provider.
      if (refused) providers.worked(sender)
      else if (left > own) providers.failed(sender, error)
      log.error('A provider did not take a message', { delivery: message.id, provider: sender.name }, error)
    }
  }
  return clock.now() < deadline ? { outcome: 'refused', forGood } : { outcome: 'expired' }
}

/** Does not wait for a provider that does not listen to its signal: it would hold its place for ever. */
async function sendWithin(
  milliseconds: number,
  stop: AbortSignal,
  send: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController()
  const silence = new AppError('delivery.unreachable', { detail: `no answer within ${milliseconds} ms` })
  const timer = setTimeout(() => over.abort(silence), milliseconds)
  const signal = AbortSignal.any([over.signal, stop])
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    await Promise.race([send(signal), aborted.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
