import { toBase32 } from './base32.ts'
import type { OtpAlgorithm, OtpDigits } from './hotp.ts'

type Key = {
  /** Whose account it is, as the authenticator app will show it: "Example Ltd". Not empty. */
  issuer: string
  /** Which account: a user name or a mail address. */
  account: string
  secret: Uint8Array
  algorithm: OtpAlgorithm
  digits: OtpDigits
  /** Seconds. */
  period: number
}

/**
 * What a QR picture holds for an authenticator app: the Key URI format for TOTP
 * (https://github.com/google/google-authenticator/wiki/Key-Uri-Format). The URI is as secret as the secret.
 */
export function otpauthUri({ issuer, account, secret, algorithm, digits, period }: Key): string {
  const parameters = {
    secret: toBase32(secret),
    issuer: part(issuer),
    algorithm,
    digits,
    period,
  }
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  return `otpauth://totp/${part(issuer)}:${part(account)}?${query.join('&')}`
}

/** Spaces become %20: apps show a + as it is. A colon parts issuer and account, so neither may have one inside. */
function part(text: string): string {
  return encodeURIComponent(text.toWellFormed().replaceAll(':', ' '))
}
