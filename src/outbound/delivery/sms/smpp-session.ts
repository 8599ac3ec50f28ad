import type { Duplex } from 'node:stream'
import type { Log } from '../../../core/ports.ts'
import { ANSWER, command, encodePdu, type Pdu, pduReader, status, statusName } from '../../../protocols/smpp-pdu.ts'
import { SmppFailure } from './smpp-failure.ts'
import { inTurn } from './smpp-in-turn.ts'

/** One connection to a centre, from its opening to its end. */
export type SmppSession = {
  /**
   * Resolves with the answer, whatever its status. Throws SmppFailure when none came in time or the session
   * ended; the centre may have done it all the same.
   */
  ask(command: number, body: Uint8Array): Promise<Pdu>
  /** Says good-bye, if the centre listens, and closes. */
  unbind(): Promise<void>
  end(why: string): void
  /** Resolves with the reason when the connection is gone. */
  readonly ended: Promise<string>
}

type Times = { answer: number; enquire: number }
type Needs = {
  /** Open. */
  socket: Duplex
  times: Times
  /** Answers a deliver_sm with a status. Never throws. */
  deliver(pdu: Pdu): Promise<number>
  log: Log
}
type Waiting = { expects: number; resolve(pdu: Pdu): void; reject(error: unknown): void; timer: NodeJS.Timeout }

/** How many requests of the centre may be under way; the rest waits in its own memory, not in ours. */
const MOST_AT_ONCE = 16
const LAST_SEQUENCE = 0x7fffffff
const TO_SAY_GOOD_BYE_MS = 1_000

/**
 * What a centre does wrong ends the session and nothing else: a PDU that cannot be one, silence, an answer to nobody.
 * Whoever waits for something is told.
 */
export function smppSession({ socket, times, deliver, log }: Needs): SmppSession {
  const waiting = new Map<number, Waiting>()
  const reader = pduReader()
  const ended = Promise.withResolvers<string>()
  const requests = inTurn<Pdu>({ atOnce: MOST_AT_ONCE, run: answer, onChange: holdBack })
  let lastSequence = 0
  let over: string | undefined
  let leaving = false
  let heard = true
  const pulse = setInterval(checkPulse, times.enquire)

  if (socket.destroyed) end('the connection was closed')
  socket.on('data', receive)
  socket.on('drain', holdBack)
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'the connection broke'))
  socket.on('end', () => end('the centre closed the connection'))
  socket.on('close', () => end('the connection was closed'))

  function receive(chunk: Buffer): void {
    const { pdus, fault } = reader.push(chunk)
    // Single bytes now and then are no sign of life.
    if (pdus.length > 0) heard = true
    for (const pdu of pdus) {
      if (pdu.command >= ANSWER) settle(pdu)
      else if (!leaving) requests.add(pdu)
    }
    if (fault !== undefined) end(`the centre sent ${fault}`)
  }

  /** A centre that sends faster than its texts are taken, or does not read what it is told, has to wait. */
  function holdBack(): void {
    if (requests.waiting() > 0 || socket.writableNeedDrain) socket.pause()
    else socket.resume()
  }

  function settle(pdu: Pdu): void {
    const asked = waiting.get(pdu.sequence)
    if (!asked || (pdu.command !== asked.expects && pdu.command !== command.genericNack)) {
      log.warn('An SMPP centre answered what nobody asked', { command: pdu.command, sequence: pdu.sequence })
      return
    }
    waiting.delete(pdu.sequence)
    clearTimeout(asked.timer)
    asked.resolve(pdu)
  }

  async function answer(pdu: Pdu): Promise<void> {
    const { command: asked, sequence } = pdu
    const say = (code: number, as = (asked | ANSWER) >>> 0, body = nothing) =>
      write({ command: as, status: code, sequence, body })
    switch (asked) {
      case command.deliverSm:
        // Section 4.6.2: a message id that is not used, and so empty.
        return say(await deliver(pdu), undefined, Buffer.of(0))
      case command.enquireLink:
        return say(status.ok)
      case command.unbind:
        say(status.ok)
        return end('the centre ended the session')
      case command.alertNotification:
      case command.outbind:
        return
      default:
        return say(status.invalidCommand, command.genericNack)
    }
  }

  function write(pdu: Pdu): void {
    if (over !== undefined) return
    socket.write(encodePdu(pdu))
    holdBack()
  }

  function ask(asked: number, body: Uint8Array): Promise<Pdu> {
    const { promise, resolve, reject } = Promise.withResolvers<Pdu>()
    if (over !== undefined) {
      reject(new SmppFailure(over))
      return promise
    }
    lastSequence = (lastSequence % LAST_SEQUENCE) + 1
    const sequence = lastSequence
    const timer = setTimeout(() => {
      waiting.delete(sequence)
      reject(new SmppFailure(`no answer within ${times.answer} ms`))
      // Slow with this one, or gone? A centre that is there answers this at once.
      if (asked !== command.enquireLink) enquire()
    }, times.answer)
    waiting.set(sequence, { expects: (asked | ANSWER) >>> 0, resolve, reject, timer })
    write({ command: asked, status: 0, sequence, body })
    return promise
  }

  function checkPulse(): void {
    // Held back by us it cannot be heard.
    if (!heard && requests.waiting() === 0) enquire()
    heard = false
  }

  function enquire(): void {
    if (over !== undefined) return
    ask(command.enquireLink, nothing).catch(() => end('the centre is silent'))
  }

  function end(why: string): void {
    if (over !== undefined) return
    over = why
    clearInterval(pulse)
    socket.destroy()
    requests.clear()
    for (const { timer, reject } of waiting.values()) {
      clearTimeout(timer)
      reject(new SmppFailure(why))
    }
    waiting.clear()
    ended.resolve(why)
  }

  async function unbind(): Promise<void> {
    // What is not answered any more is sent again to whoever binds next.
    leaving = true
    const enough = setTimeout(() => end('unbound'), TO_SAY_GOOD_BYE_MS)
    await Promise.race([requests.idle(), ended.promise])
    await ask(command.unbind, nothing).catch(() => {})
    clearTimeout(enough)
    end('unbound')
  }

  return { ask, unbind, end, ended: ended.promise }
}

const nothing = Buffer.alloc(0)

/** Throws SmppFailure unless the centre said yes. */
export function demandOk(pdu: Pdu, what: string): Pdu {
  if (pdu.status !== status.ok) throw new SmppFailure(`${what} was refused: ${statusName(pdu.status)}`)
  if (pdu.command === command.genericNack) throw new SmppFailure(`${what} was not understood`)
  return pdu
}
