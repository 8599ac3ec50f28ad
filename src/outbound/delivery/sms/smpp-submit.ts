import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../../core/ports.ts'
import { readMessageId } from '../../../protocols/smpp-message.ts'
import { command, type Pdu, status } from '../../../protocols/smpp-pdu.ts'
import { type Pauses, pauseAfter, type SmppLink } from './smpp-link.ts'
import { demandOk } from './smpp-session.ts'
import { smppWindow } from './smpp-window.ts'

/** Sends one submit_sm and resolves with its message id. Throws SmppFailure, or the signal's reason. */
export type Submit = (body: Uint8Array, signal: AbortSignal) => Promise<string>

type Needs = { link: SmppLink; window: number; pauses: Pauses; random: Random }

/** How often one message is tried while the centre says that it has too many. */
const MOST_TRIES = 6

/**
 * Holds the window, and rests with all messages when the centre is throttled or its queue is full (section 5.1.3): it
 * counts whatever we send into our rate, this one again included.
 */
export function submitter({ link, window, pauses, random }: Needs): Submit {
  const { enter } = smppWindow(window)
  let rest: Promise<unknown> | undefined
  let refusals = 0

  function tooMany(): void {
    rest ??= pause(pauseAfter(++refusals, pauses, random), undefined, { ref: false }).then(() => {
      rest = undefined
    })
  }

  async function once(body: Uint8Array, signal: AbortSignal): Promise<Pdu> {
    const leave = await enter(signal)
    let asking: Promise<Pdu> | undefined
    try {
      while (rest) await unlessAborted(rest, signal)
      const session = await unlessAborted(link.session(), signal)
      asking = session.ask(command.submitSm, body)
      return await unlessAborted(asking, signal)
    } finally {
      // The centre has it until it answers, even if nobody waits for that any more.
      if (asking) void asking.then(leave, leave)
      else leave()
    }
  }

  return async (body, signal) => {
    for (let tries = 1; ; tries++) {
      const answer = await once(body, signal)
      if (answer.status !== status.throttled && answer.status !== status.queueFull) {
        refusals = 0
        return readMessageId(demandOk(answer, 'submit_sm').body)
      }
      if (tries === MOST_TRIES) demandOk(answer, 'submit_sm')
      tooMany()
    }
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const giveUp = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  // It may still fail when nobody waits for it.
  work.catch(() => {})
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
