import { ANSWER, command, type Pdu, status } from '../../../protocols/smpp-pdu.ts'

/** Takes a deliver_sm and says with what status it is answered. Never throws. */
export type DeliverStatus = (pdu: Pdu) => Promise<number>

/** What a request of the centre is answered with; undefined where there is no answer to it. */
export async function answerTo(asked: Pdu, deliver: DeliverStatus): Promise<Pdu | undefined> {
  const answer = { command: (asked.command | ANSWER) >>> 0, status: status.ok, sequence: asked.sequence, body: nothing }
  switch (asked.command) {
    case command.deliverSm:
      // Section 4.6.2: with a message id that is not used, and so empty.
      return { ...answer, status: await deliver(asked), body: Buffer.of(0) }
    case command.enquireLink:
    case command.unbind:
      return answer
    case command.alertNotification:
    case command.outbind:
      return undefined
    default:
      return { ...answer, command: command.genericNack, status: status.invalidCommand }
  }
}

const nothing = Buffer.alloc(0)
