import { ANSWER, command, type Pdu } from '../../../protocols/smpp-pdu.ts'
import { SmppFailure } from './smpp-failure.ts'

/** What was asked on one session and is not answered yet. */
export type Outstanding = {
  /** The answer rejects with SmppFailure when it does not come in time; `late` is told too. */
  begin(asked: number, late: () => void): { sequence: number; answer: Promise<Pdu> }
  /** Whether this is an answer that was awaited. */
  settle(pdu: Pdu): boolean
  /** None of them will be answered any more. */
  fail(why: string): void
}

type Waiting = { expects: number; resolve(pdu: Pdu): void; reject(error: unknown): void; timer: NodeJS.Timeout }

const LAST_SEQUENCE = 0x7fffffff

export function outstanding({ answerMs }: { answerMs: number }): Outstanding {
  const waiting = new Map<number, Waiting>()
  let lastSequence = 0

  return {
    begin(asked, late) {
      const { promise, resolve, reject } = Promise.withResolvers<Pdu>()
      lastSequence = (lastSequence % LAST_SEQUENCE) + 1
      const sequence = lastSequence
      const timer = setTimeout(() => {
        waiting.delete(sequence)
        reject(new SmppFailure(`no answer within ${answerMs} ms`))
        late()
      }, answerMs)
      waiting.set(sequence, { expects: (asked | ANSWER) >>> 0, resolve, reject, timer })
      return { sequence, answer: promise }
    },
    settle(pdu) {
      const asked = waiting.get(pdu.sequence)
      // An answer to another command is a mistake of the centre, and this one may still come.
      if (!asked || (pdu.command !== asked.expects && pdu.command !== command.genericNack)) return false
      waiting.delete(pdu.sequence)
      clearTimeout(asked.timer)
      asked.resolve(pdu)
      return true
    },
    fail(why) {
      for (const { timer, reject } of waiting.values()) {
        clearTimeout(timer)
        reject(new SmppFailure(why))
      }
      waiting.clear()
    },
  }
}
