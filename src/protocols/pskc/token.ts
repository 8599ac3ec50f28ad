import type { OtpAlgorithm, OtpDigits } from '../hotp.ts'
import { type ImportedToken, Unusable, usablePeriod, usableSecret, usableText } from '../token-file.ts'
import { child, type Element, textAt } from './elements.ts'
import { base64, type Opener } from './opener.ts'

/** The names of RFC 6030 section 10, of the drafts before it and of draft-hoyer-keyprov-pskc-algorithm-profiles. */
const ALGORITHM =
  /^(?:urn:ietf:params:xml:ns:keyprov:pskc[:#]|http:\/\/www\.openauthentication\.org\/oath\/2006\/10\/pskc[#/])(hotp|totp)$/i

/** Far above what a button is pressed in a life, and far enough from where numbers are no longer exact. */
const MOST_COUNTED = 2 ** 48
/** Steps. At 30 seconds three days: a clock that is further off is broken. */
const MOST_DRIFT = 10_000

/** A `KeyPackage`. Throws `Unusable` for one that no token of ours can be made of. */
export function tokenFrom(keyPackage: Element, open: Opener): ImportedToken {
  const device = child(keyPackage, 'DeviceInfo')
  const key = child(keyPackage, 'Key')
  if (!key) throw new Unusable('token.empty')
  const kind = ALGORITHM.exec(key.attributes.get('Algorithm')?.trim() ?? '')?.[1]?.toLowerCase()
  if (kind === undefined) throw new Unusable('algorithm.unsupported')
  mustBeUsable(child(key, 'Policy'))

  const data = child(key, 'Data')
  const parameters = child(key, 'AlgorithmParameters')
  const common = {
    line: keyPackage.line,
    serial: usableText(textAt(device, 'SerialNo')),
    keyId: usableText(key.attributes.get('Id')),
    manufacturer: usableText(textAt(device, 'Manufacturer')),
    model: usableText(textAt(device, 'Model')),
    owner: usableText(textAt(key, 'UserId')) ?? usableText(textAt(device, 'UserId')),
    algorithm: algorithmOf(textAt(parameters, 'Suite')),
    digits: digitsOf(child(parameters, 'ResponseFormat')),
    startsAt: dateIn('StartDate', child(key, 'Policy'), device),
    expiresAt: dateIn('ExpiryDate', child(key, 'Policy'), device),
    secret: secretOf(child(data, 'Secret'), open),
  }
  if (kind === 'hotp') {
    return { ...common, kind, counter: within(wholeOf(child(data, 'Counter'), open, 0), 0, MOST_COUNTED) }
  }
  // `Time` is how many steps the maker had counted when writing this: the present tells that as well.
  const period = usablePeriod(wholeOf(child(data, 'TimeInterval'), open, 30))
  const drift = within(wholeOf(child(data, 'TimeDrift'), open, 0), -MOST_DRIFT, MOST_DRIFT)
  return { ...common, kind: 'totp', period, drift }
}

/** RFC 6030 section 5: whoever does not understand all of a policy must take it that the key may not be used. */
function mustBeUsable(policy: Element | undefined): void {
  const usages = policy?.children.filter(({ name }) => name === 'KeyUsage').map(({ text }) => text.trim()) ?? []
  const pin = child(policy, 'PINPolicy')?.attributes.get('PINUsageMode')
  const known = ['StartDate', 'ExpiryDate', 'PINPolicy', 'KeyUsage']
  const understood =
    (policy?.children ?? []).every(({ name }) => known.includes(name)) &&
    (usages.length === 0 || usages.includes('OTP')) &&
    // A PIN that is typed into the token itself; with any other kind the code alone would not be what is sent.
    (pin === undefined || pin === 'Local')
  if (!understood) throw new Unusable('policy.unsupported')
}

/** The hash that the suite names, SHA-1 where there is none. `HOTP-SHA256-8`, `HMAC-SHA512` and `SHA-1` are all seen. */
function algorithmOf(suite: string | undefined): OtpAlgorithm {
  if (suite === undefined || suite === '') return 'SHA1'
  const bits = /^(?:HOTP-|TOTP-)?(?:HMAC-?)?SHA-?(1|256|512)(?:-\d+)?$/i.exec(suite)?.[1]
  if (bits === undefined) throw new Unusable('suite.unsupported')
  return `SHA${bits}` as OtpAlgorithm
}

function digitsOf(format: Element | undefined): OtpDigits {
  const { Length = '6', Encoding = 'DECIMAL', CheckDigits, CheckDigit } = Object.fromEntries(format?.attributes ?? [])
  const checked = /^(true|1)$/i.test(CheckDigits ?? CheckDigit ?? '')
  const digits = Number(Length)
  if (checked || Encoding.trim().toUpperCase() !== 'DECIMAL' || !(digits === 6 || digits === 8)) {
    throw new Unusable('response.unsupported')
  }
  return digits
}

function secretOf(item: Element | undefined, open: Opener): Uint8Array {
  const plain = textAt(item, 'PlainValue')
  if (plain === undefined && !child(item, 'EncryptedValue')) throw new Unusable('secret.missing')
  const secret = plain === undefined ? item && open(item) : base64(plain)
  if (!secret) throw new Unusable('secret.malformed')
  return usableSecret(secret)
}

/** RFC 6030 section 4.2: decimal in plain, big-endian bytes (4 or 8) when encrypted. */
function wholeOf(item: Element | undefined, open: Opener, otherwise: number): number {
  const plain = textAt(item, 'PlainValue')
  if (plain !== undefined) return /^[+-]?\d{1,19}$/.test(plain) ? Number(plain) : Number.NaN
  if (!item || !child(item, 'EncryptedValue')) return otherwise
  const bytes = open(item)
  if (bytes.length === 0 || bytes.length > 8) throw new Unusable('value.malformed')
  return Number(BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`)))
}

function within(value: number, least: number, most: number): number {
  // Not a number is within nothing.
  if (!(value >= least && value <= most)) throw new Unusable('value.malformed')
  return value
}

/** xs:dateTime; RFC 6030 demands UTC, so a time without zone is one. */
function dateIn(name: string, ...places: (Element | undefined)[]): Date | undefined {
  const text = places.map((place) => textAt(place, name)).find((each) => each !== undefined && each !== '')
  if (text === undefined) return undefined
  const [, time, zone = 'Z'] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const date = new Date(`${time}${zone}`)
  if (Number.isNaN(date.getTime())) throw new Unusable('value.malformed')
  return date
}
