import type { Secret } from '../../../core/secrets/secret.ts'

export type SmppConfig = {
  /** How the provider is called in the log, in deliveries and in replies. Default `smpp`. */
  name?: string | undefined
  host: string
  port: number
  /** Given, the connection is TLS, and the certificate is for `host`. `ca` (PEM) is then trusted alone. */
  tls?: { ca?: string | undefined } | undefined
  systemId: string
  password: Secret
  systemType?: string | undefined
  /** `transceiver` (default); `separate`: one connection to send and one to receive, for old centres; `transmitter`: nothing comes back. */
  bind?: 'transceiver' | 'separate' | 'transmitter' | undefined
  /** E.164 with its +, a short code, or up to 11 letters. */
  from: string
  /** Where the centre wants others than those that `from` suggests: 1/1 for E.164, 3/0 for a short code, 5/0 for letters. */
  sourceTon?: number | undefined
  sourceNpi?: number | undefined
  /** Default 1/1: international, E.164. */
  destinationTon?: number | undefined
  destinationNpi?: number | undefined
  /** Default none. */
  serviceType?: string | undefined
  /** What the centre takes data_coding 0 for. Default `gsm`. */
  defaultAlphabet?: 'gsm' | 'latin1' | undefined
  /** How texts go that one message cannot hold: in parts with headers (default), or as one message_payload. */
  longTexts?: 'parts' | 'payload' | undefined
  /** Whether to ask for receipts. Default true. */
  receipts?: boolean | undefined
  /** How ids stand in receipts: as they were given (default), or in the other of hexadecimal and decimal. */
  receiptIds?: 'same' | 'decimal' | 'hexadecimal' | undefined
  /** How many messages may be without their answer at a time. Default 10. */
  window?: number | undefined
  times?: Partial<SmppTimes> | undefined
}

/** All in milliseconds. */
export type SmppTimes = {
  /** Connecting, TLS and bind together. */
  bind: number
  /** For each answer of the centre. */
  answer: number
  /** Of silence, until the centre is asked whether it is there. */
  enquire: number
  /** For a sink to take what came in. */
  take: number
  /** The pause after the first failed connection; doubled with each further one, up to `longestPause`. Also for `throttled`. */
  firstPause: number
  longestPause: number
  /** How long the parts of a reply wait for each other. */
  parts: number
}

export const usualTimes: SmppTimes = {
  bind: 10_000,
  answer: 10_000,
  enquire: 30_000,
  take: 5_000,
  firstPause: 1_000,
  longestPause: 60_000,
  parts: 60 * 60_000,
}

/** `where` is the key of the configuration. */
export type SmppProblem = { where: string; problem: string }

/** Everything that is wrong, so that a configuration check can show all of it. Empty when it is sound. */
export function checkSmpp(config: SmppConfig): SmppProblem[] {
  const problems: SmppProblem[] = []
  const demand = (holds: boolean, where: string, problem: string) => void (holds || problems.push({ where, problem }))
  const { host, port, systemId, systemType = '', serviceType = '', password, from, window = 10 } = config

  demand(/^[^\s/@]+$/.test(host), 'host', 'is not a host name or address')
  demand(Number.isInteger(port) && port > 0 && port < 65_536, 'port', 'is not a port')
  // Sections 5.2.1 to 5.2.3 and 5.2.11: the lengths with their NUL. Many centres take passwords over 8 characters.
  demand(isAscii(systemId, 15) && systemId !== '', 'systemId', 'must be 1 to 15 printable ASCII characters')
  demand(isAscii(systemType, 12), 'systemType', 'can have up to 12 printable ASCII characters')
  demand(isAscii(serviceType, 5), 'serviceType', 'can have up to 5 printable ASCII characters')
  demand(isAscii(password.reveal(), 64), 'password', 'can have up to 64 printable ASCII characters')
  demand(sender.test(from), 'from', 'must be E.164 with its +, a short code of 3 to 15 digits, or up to 11 letters')
  demand(Number.isInteger(window) && window >= 1 && window <= 1_000, 'window', 'must be from 1 to 1000')
  for (const where of ['sourceTon', 'sourceNpi', 'destinationTon', 'destinationNpi'] as const) {
    const value = config[where] ?? 0
    demand(Number.isInteger(value) && value >= 0 && value <= 255, where, 'must be from 0 to 255')
  }
  return problems
}

const sender = /^(\+[1-9]\d{6,14}|\d{3,15}|(?=.*[A-Za-z])[\x20-\x7e]{1,11})$/

function isAscii(text: string, most: number): boolean {
  return text.length <= most && /^[\x20-\x7e]*$/.test(text)
}
