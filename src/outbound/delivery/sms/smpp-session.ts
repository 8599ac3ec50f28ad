import type { Duplex } from 'node:stream'
import type { Log } from '../../../core/ports.ts'
import { ANSWER, command, encodePdu, type Pdu, pduReader, status, statusName } from '../../../protocols/smpp-pdu.ts'
import { answerTo, type DeliverStatus } from './smpp-answer.ts'
import { SmppFailure, SmppRefusal } from './smpp-failure.ts'
import { inTurn } from './smpp-in-turn.ts'
import { outstanding } from './smpp-outstanding.ts'

/** One connection to a centre, from its opening to its end. */
export type SmppSession = {
  /**
   * Resolves with the answer, whatever its status. Throws SmppFailure when none came in time or the session ended; the
   * centre may have done it all the same.
   */
  ask(command: number, body: Uint8Array): Promise<Pdu>
  /** Says good-bye, if the centre listens, and closes. */
  unbind(): Promise<void>
  end(why: string): void
  /** Resolves with the reason when the connection is gone. */
  readonly ended: Promise<string>
}

type Needs = {
  /** Open. */
  socket: Duplex
  /** Milliseconds: for an answer, and of silence until the centre is asked whether it is there. */
  times: { answer: number; enquire: number }
  deliver: DeliverStatus
  log: Log
}

/** How many requests of the centre may be under way; the rest waits in its own memory, not in ours. */
const MOST_AT_ONCE = 16
const TO_SAY_GOOD_BYE_MS = 1_000

/**
 * What a centre does wrong ends the session and nothing else: a PDU that cannot be one, silence, a connection that
 * breaks. Whoever waits for something is told.
 */
export function smppSession({ socket, times, deliver, log }: Needs): SmppSession {
  const asked = outstanding({ answerMs: times.answer })
  const reader = pduReader()
  const ended = Promise.withResolvers<string>()
  const requests = inTurn<Pdu>({ atOnce: MOST_AT_ONCE, run: answer, onChange: holdBack })
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
      if (pdu.command < ANSWER) {
        if (!leaving) requests.add(pdu)
      } else if (!asked.settle(pdu)) {
        log.warn('An SMPP centre answered what nobody asked', { command: pdu.command, sequence: pdu.sequence })
      }
    }
    if (fault !== undefined) end(`the centre sent ${fault}`)
  }

  async function answer(request: Pdu): Promise<void> {
    const reply = await answerTo(request, deliver)
    if (reply) write(reply)
    if (request.command === command.unbind) end('the centre ended the session')
  }

  function write(pdu: Pdu): void {
    if (over !== undefined) return
    socket.write(encodePdu(pdu))
    holdBack()
  }

  /** A centre that sends faster than its texts are taken, or does not read what it is told, has to wait. */
  function holdBack(): void {
    if (requests.waiting() > 0 || socket.writableNeedDrain) socket.pause()
    else socket.resume()
  }

  async function ask(what: number, body: Uint8Array): Promise<Pdu> {
    if (over !== undefined) throw new SmppFailure(over)
    // Slow with this one, or gone? A centre that is there answers an enquire_link at once.
    const { sequence, answer } = asked.begin(what, () => what === command.enquireLink || enquire())
    write({ command: what, status: status.ok, sequence, body })
    return answer
  }

  function enquire(): void {
    if (over !== undefined) return
    ask(command.enquireLink, nothing).catch(() => end('the centre is silent'))
  }

  function checkPulse(): void {
    // Held back by us it cannot be heard.
    if (!heard && requests.waiting() === 0) enquire()
    heard = false
  }

  function end(why: string): void {
    if (over !== undefined) return
    over = why
    clearInterval(pulse)
    socket.destroy()
    requests.clear()
    asked.fail(why)
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

/** Throws SmppRefusal unless the centre said yes. */
export function demandOk(pdu: Pdu, what: string): Pdu {
  if (pdu.status !== status.ok) throw new SmppRefusal(`${what} was refused: ${statusName(pdu.status)}`)
  if (pdu.command === command.genericNack) throw new SmppRefusal(`${what} was not understood`)
  return pdu
}
