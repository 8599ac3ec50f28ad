import { type DeliverSm, esmClass } from './smpp-message.ts'

/** What became of a message. `pending`: nothing final yet, or nothing that the centre knows. */
export type SmppReceipt = { messageId: string; outcome: 'delivered' | 'failed' | 'pending' }

/** Section 5.2.28. */
const outcomeOfState: Readonly<Record<number, SmppReceipt['outcome']>> = {
  2: 'delivered',
  3: 'failed',
  4: 'failed',
  5: 'failed',
  8: 'failed',
}

/** Appendix B: the same states as words of seven letters. */
const stateOfWord: Readonly<Record<string, number>> = {
  ENROUTE: 1,
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  ACCEPTD: 6,
  UNKNOWN: 7,
  REJECTD: 8,
}

/** That it speaks of a message of ours, by its class or its TLV. Its text alone says nothing: anybody can write that. */
export function isReceipt({ esmClass: given, receiptedMessageId }: DeliverSm): boolean {
  return (given & (esmClass.receipt | esmClass.intermediate)) !== 0 || receiptedMessageId !== undefined
}

/** By the TLVs, and by the text of appendix B for whatever they do not say. Undefined without an id. */
export function readReceipt(deliver: DeliverSm): SmppReceipt | undefined {
  const text = Buffer.from(deliver.message).toString('latin1')
  const messageId = deliver.receiptedMessageId || /(?:^|\s)id:\s*([\x21-\x7e]{1,64})/i.exec(text)?.[1]
  if (!messageId) return undefined

  const word = /\sstat:\s*([A-Z]{1,10})/i.exec(text)?.[1]?.toUpperCase() ?? ''
  const state = deliver.messageState ?? stateOfWord[word] ?? 0
  const final = (deliver.esmClass & esmClass.intermediate) === 0
  return { messageId, outcome: (final && outcomeOfState[state]) || 'pending' }
}
