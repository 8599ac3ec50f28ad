/** The frame of SMPP 3.4 (Short Message Peer to Peer, issue 1.2): PDUs, their header, commands and statuses. */

/** Section 5.1.2.1. An answer is its request with the highest bit set. */
export const command = {
  genericNack: 0x80000000,
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  submitSm: 0x04,
  deliverSm: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  outbind: 0x0b,
  enquireLink: 0x15,
  alertNotification: 0x102,
} as const

export const ANSWER = 0x80000000

/** Section 5.1.3, those we send or look for. */
export const status = {
  ok: 0x00,
  invalidLength: 0x02,
  invalidCommand: 0x03,
  queueFull: 0x14,
  throttled: 0x58,
  temporaryError: 0x64,
  permanentError: 0x65,
  rejected: 0x66,
} as const

const statusNames: Readonly<Record<number, string>> = {
  1: 'invalid message length',
  2: 'invalid command length',
  3: 'invalid command',
  4: 'wrong bind state',
  5: 'already bound',
  8: 'system error',
  10: 'invalid source address',
  11: 'invalid destination address',
  13: 'bind failed',
  14: 'invalid password',
  15: 'invalid system id',
  17: 'cancel failed',
  20: 'message queue full',
  21: 'invalid service type',
  69: 'submit failed',
  72: 'invalid source TON',
  73: 'invalid source NPI',
  80: 'invalid destination TON',
  81: 'invalid destination NPI',
  83: 'invalid system type',
  88: 'throttled',
  97: 'invalid schedule',
  98: 'invalid validity period',
  100: 'temporary error of the application',
  101: 'permanent error of the application',
  102: 'rejected by the application',
  255: 'unknown error',
}

/** "0x0e, invalid password": for the operator's log. */
export function statusName(code: number): string {
  const name = statusNames[code]
  return `0x${code.toString(16).padStart(2, '0')}${name ? `, ${name}` : ''}`
}

/** All four are 32 bits, unsigned. */
export type Pdu = { command: number; status: number; sequence: number; body: Uint8Array }

const HEADER = 16
/** A message_payload of 64 KiB, the longest there is, and all that can stand around it. */
export const LONGEST_PDU = 72 * 1024

/** Section 3.2. */
export function encodePdu({ command, status, sequence, body }: Pdu): Uint8Array {
  const header = Buffer.alloc(HEADER)
  for (const [index, word] of [HEADER + body.length, command, status, sequence].entries()) {
    header.writeUInt32BE(word, index * 4)
  }
  return Buffer.concat([header, body])
}

export type PduReader = {
  /**
   * The PDUs that are whole by now. `fault`: what follows cannot be one, and nothing that comes after it can be told
   * apart any more; the connection has to go.
   */
  push(chunk: Uint8Array): { pdus: Pdu[]; fault?: string | undefined }
}

/** Cuts what comes over a connection into PDUs. Keeps no more than one of the longest, and asks no length to be true. */
export function pduReader(longest = LONGEST_PDU): PduReader {
  let held: Uint8Array[] = []
  let size = 0
  let wanted = 4

  return {
    push(chunk) {
      held.push(chunk)
      size += chunk.length
      if (size < wanted) return { pdus: [] }

      const bytes = Buffer.concat(held)
      const { pdus, used, next, fault } = cut(bytes, longest)
      // A copy: a view would keep the whole of what was read.
      held = [Buffer.from(bytes.subarray(used))]
      size = bytes.length - used
      wanted = next
      return { pdus, fault }
    },
  }
}

type Cut = { pdus: Pdu[]; used: number; next: number; fault?: string | undefined }

function cut(bytes: Buffer, longest: number): Cut {
  const pdus: Pdu[] = []
  let used = 0
  while (bytes.length - used >= 4) {
    const length = bytes.readUInt32BE(used)
    if (length < HEADER || length > longest) return { pdus, used, next: 4, fault: `a PDU of ${length} bytes` }
    if (bytes.length - used < length) return { pdus, used, next: length }
    pdus.push({
      command: bytes.readUInt32BE(used + 4),
      status: bytes.readUInt32BE(used + 8),
      sequence: bytes.readUInt32BE(used + 12),
      body: bytes.subarray(used + HEADER, used + length),
    })
    used += length
  }
  return { pdus, used, next: 4 }
}
