import type { Reply, ReplySink } from '../../../core/delivery/replies.ts'
import type { Clock, Log } from '../../../core/ports.ts'
import { fromSeptets, fromUcs2 } from '../../../protocols/gsm0338.ts'
import { type DeliverSm, esmClass, readDeliverSm, type SmppAddress } from '../../../protocols/smpp-message.ts'
import { type Pdu, status } from '../../../protocols/smpp-pdu.ts'
import { isReceipt, readReceipt } from '../../../protocols/smpp-receipt.ts'
import { type Joiner, joiner } from '../../../protocols/sms-joiner.ts'
import { type Place, readUserData } from '../../../protocols/sms-segments.ts'
import { phoneOfSender } from '../../../protocols/sms-sender.ts'
import type { SmppConfig } from './smpp-config.ts'
import type { SmppReceipts } from './smpp-receipts.ts'

/** Takes a deliver_sm and answers with the status for it. Never throws. `session` names the session among all. */
export type Deliver = (pdu: Pdu, session: string) => Promise<number>

type Needs = {
  provider: string
  sink(): ReplySink | undefined
  receipts: Pick<SmppReceipts, 'take'>
  clock: Clock
  log: Log
  options: { defaultAlphabet: SmppConfig['defaultAlphabet']; takeMs: number; partsMs: number }
}

/** Of replies in parts; each is up to 140 octets. */
const MOST_PARTS_WAITING = 2_000

/**
 * A deliver_sm is answered with "ok" after what it brought is durable. Parts of a text are answered at once, as a centre
 * may send the next one only then; the last of them when the whole text was taken.
 */
export function smppIncoming(needs: Needs): Deliver {
  const { provider, receipts, clock, log, options } = needs
  const parts = joiner({ clock, mostWaiting: MOST_PARTS_WAITING, keepMs: options.partsMs })

  async function takeDeliver(deliver: DeliverSm, id: string): Promise<number> {
    if (!isReceipt(deliver)) return takeReply(needs, parts, deliver, id)
    const receipt = readReceipt(deliver)
    if (receipt) await receipts.take(receipt)
    return status.ok
  }

  return async (pdu, session) => {
    const deliver = readDeliverSm(pdu.body)
    if (!deliver) {
      log.warn('An SMPP centre sent a deliver_sm that cannot be read', { provider })
      return status.invalidLength
    }
    try {
      return await within(options.takeMs, takeDeliver(deliver, `${session}-${pdu.sequence}`))
    } catch (error) {
      log.error('What came over SMPP was not taken; the centre is asked to keep it', { provider }, error)
      return status.temporaryError
    }
  }
}

async function takeReply(needs: Needs, parts: Joiner, deliver: DeliverSm, providerId: string): Promise<number> {
  const { provider, clock, log } = needs
  const sink = needs.sink()
  if (!sink) return status.temporaryError

  const from = phoneOf(deliver.source)
  const read = readText(deliver, needs.options.defaultAlphabet)
  if (from === undefined || read === undefined) {
    // It would be no better the next time.
    log.warn(from === undefined ? 'A reply is not from a phone number' : 'A reply is no text', { provider })
    return status.rejected
  }

  const to = (deliver.destination.ton === 1 ? '+' : '') + deliver.destination.address.replace(/^\+/, '')
  const reply = (text: string): Reply => ({ from, to, text, providerId, provider, at: clock.now() })
  if (!read.part) {
    await sink.take(reply(read.text.toWellFormed()))
    return status.ok
  }
  const part = { from, to, text: read.text, ...read.part }
  const text = parts.add(part)
  if (text === undefined) return status.ok
  await sink.take(reply(text))
  parts.forget(part)
  return status.ok
}

function phoneOf({ ton, address }: SmppAddress): string | undefined {
  return phoneOfSender(ton === 1 && !address.startsWith('+') ? `+${address}` : address)
}

type ReadText = { text: string; part?: Place | undefined }

function readText(deliver: DeliverSm, defaultAlphabet: Needs['options']['defaultAlphabet']): ReadText | undefined {
  const { message, dataCoding, part: sar } = deliver
  const decode = decoderOf(dataCoding, defaultAlphabet)
  const data = deliver.esmClass & esmClass.header ? readUserData(message) : { body: message }
  if (!decode || !data) return undefined
  const part = sar && { reference: `sar:${sar.reference}`, total: sar.total, place: sar.place }
  return { text: decode(data.body), part: data.part ?? part }
}

/** SMPP 3.4 section 5.2.19 and 3GPP TS 23.038 section 4, which 0xF0 and above follow. Undefined for what is no text. */
function decoderOf(coding: number, alphabet: SmppConfig['defaultAlphabet']): ((b: Uint8Array) => string) | undefined {
  if (coding === 0) return alphabet === 'latin1' ? latin1 : fromSeptets
  if (coding === 8) return fromUcs2
  if (coding === 1 || coding === 3) return latin1
  return coding >= 0xf0 && (coding & 0x04) === 0 ? fromSeptets : undefined
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`not within ${milliseconds} ms`)), milliseconds)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
