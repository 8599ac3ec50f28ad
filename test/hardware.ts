import type { Api } from '../src/contract/contract.ts'
import { hotp } from '../src/protocols/hotp.ts'

type NewToken = Parameters<Api['importTokens']>[1]['tokens'][number]

/** A token with a button, of a secret that follows from its serial number. */
export function hardwareToken(serial: string, more: Partial<Extract<NewToken, { kind: 'hotp' }>> = {}): NewToken {
  const secret = secretOf(serial).toString('hex')
  return { serial, secret, algorithm: 'SHA1', digits: 6, kind: 'hotp', counter: 0, ...more }
}

/** What it shows at that press. */
export function codeOfHardware(serial: string, counter: number): string {
  return hotp({ secret: secretOf(serial), counter, algorithm: 'SHA1', digits: 6 })
}

function secretOf(serial: string): Buffer {
  return Buffer.from(serial.padEnd(20, '.'))
}
