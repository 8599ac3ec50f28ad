/** The bodies of the SMPP 3.4 commands that carry something: bind, submit_sm, deliver_sm, and their answers. */

/** Type of number, numbering plan, digits or letters (sections 5.2.5 to 5.2.9). */
export type SmppAddress = { ton: number; npi: number; address: string }

/** Section 5.2.12. */
export const esmClass = { receipt: 0x04, intermediate: 0x20, header: 0x40 } as const

/** Section 5.3.2. */
const tag = {
  receiptedMessageId: 0x001e,
  reference: 0x020c,
  total: 0x020e,
  place: 0x020f,
  payload: 0x0424,
  messageState: 0x0427,
} as const

export type Bind = { systemId: string; password: string; systemType: string }

/** Section 4.1; the version is 3.4, and every address is served. */
export function encodeBind({ systemId, password, systemType }: Bind): Uint8Array {
  return Buffer.concat([cString(systemId), cString(password), cString(systemType), Buffer.of(0x34, 0, 0, 0)])
}

export type SubmitSm = {
  serviceType: string
  source: SmppAddress
  destination: SmppAddress
  esmClass: number
  registeredDelivery: number
  dataCoding: number
  /** Up to 254 octets. */
  message: Uint8Array
  /** In place of `message`, up to 64 KiB (section 5.3.2.32). */
  payload?: Uint8Array | undefined
}

/** Section 4.4.1. Throws RangeError for a message that its length cannot say. */
export function encodeSubmitSm(submit: SubmitSm): Uint8Array {
  const { serviceType, source, destination, payload } = submit
  const message = payload ? Buffer.alloc(0) : submit.message
  if (message.length > 254) throw new RangeError(`a message of ${message.length} octets`)
  return Buffer.concat([
    cString(serviceType),
    ...[source, destination].flatMap(({ ton, npi, address }) => [Buffer.of(ton, npi), cString(address)]),
    // Protocol id, priority; delivered at once, valid as long as the centre keeps it.
    Buffer.of(submit.esmClass, 0, 0, 0, 0),
    // Not in place of an earlier one; no message from the centre's own store.
    Buffer.of(submit.registeredDelivery, 0, submit.dataCoding, 0),
    Buffer.of(message.length),
    message,
    ...(payload ? [tlv(tag.payload, payload)] : []),
  ])
}

export type DeliverSm = {
  source: SmppAddress
  destination: SmppAddress
  esmClass: number
  dataCoding: number
  /** short_message, or message_payload where that is empty. */
  message: Uint8Array
  /** sar_msg_ref_num and its like (sections 5.3.2.22 to 24). */
  part?: { reference: number; total: number; place: number } | undefined
  receiptedMessageId?: string | undefined
  messageState?: number | undefined
}

/** Section 4.6.1. Undefined when the body ends before its fields do. */
export function readDeliverSm(body: Uint8Array): DeliverSm | undefined {
  return whole(() => {
    const read = fields(body)
    read.cString()
    const [source, destination] = [read.address(), read.address()]
    const esmClass = read.octet()
    read.skip(2)
    read.cString()
    read.cString()
    read.skip(2)
    const dataCoding = read.octet()
    read.skip(1)
    const short = read.octets(read.octet())
    const tlvs = read.tlvs()
    const id = tlvs.get(tag.receiptedMessageId)
    return {
      ...{ source, destination, esmClass, dataCoding },
      message: short.length === 0 ? (tlvs.get(tag.payload) ?? short) : short,
      part: partIn(tlvs),
      receiptedMessageId: id && trimmed(id),
      messageState: tlvs.get(tag.messageState)?.[0],
    }
  })
}

/** The message id of a submit_sm_resp (section 4.4.2); empty where the centre gives none. */
export function readMessageId(body: Uint8Array): string {
  return trimmed(body)
}

function partIn(tlvs: ReadonlyMap<number, Buffer>): DeliverSm['part'] {
  const [reference, total, place] = [tlvs.get(tag.reference), tlvs.get(tag.total)?.[0], tlvs.get(tag.place)?.[0]]
  if (reference?.length !== 2 || !total || !place || place > total) return undefined
  return { reference: reference.readUInt16BE(), total, place }
}

/** Up to its NUL: whether a centre counts that one into the length of a TLV is its own idea. */
function trimmed(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return Buffer.from(bytes.subarray(0, end === -1 ? bytes.length : end)).toString('latin1')
}

function cString(text: string): Buffer {
  // A NUL inside would begin the next field.
  if ([...text].some((character) => character === '\0' || character > '\xff'))
    throw new RangeError('a character that no field can hold')
  return Buffer.from(`${text}\0`, 'latin1')
}

function tlv(tag: number, value: Uint8Array): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt16BE(tag)
  header.writeUInt16BE(value.length, 2)
  return Buffer.concat([header, value])
}

/** Longer than the longest of the specification, since centres are; but no more. */
const LONGEST_STRING = 255

/** Reads on from field to field. Throws RangeError where there is nothing left to read. */
function fields(body: Uint8Array) {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  let at = 0

  const octets = (count: number): Buffer => {
    if (count > bytes.length - at) throw new RangeError('the body ends inside a field')
    at += count
    return bytes.subarray(at - count, at)
  }
  const octet = () => octets(1).readUInt8()
  const cString = () => {
    const end = bytes.indexOf(0, at)
    if (end === -1 || end - at > LONGEST_STRING) throw new RangeError('a string without an end')
    const text = octets(end - at).toString('latin1')
    octets(1)
    return text
  }
  return {
    octet,
    octets,
    cString,
    skip: (count: number) => void octets(count),
    address: (): SmppAddress => ({ ton: octet(), npi: octet(), address: cString() }),
    tlvs() {
      const found = new Map<number, Buffer>()
      while (at < bytes.length) {
        const tag = octets(2).readUInt16BE()
        found.set(tag, octets(octets(2).readUInt16BE()))
      }
      return found
    },
  }
}

function whole<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
