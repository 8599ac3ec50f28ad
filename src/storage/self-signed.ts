import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'

type Request = {
  /** A P-256 private key. */
  key: KeyObject
  /** Host names and addresses; the first is the subject's common name. */
  names: readonly string[]
  notBefore: Date
  notAfter: Date
}

/**
 * A certificate for a TLS server that vouches for itself, as PEM (RFC 5280, ECDSA with SHA-256).
 *
 * It is no CA: whoever puts it among the trusted ones trusts this server and nothing else, even should its key be
 * stolen. Written by hand because it is one fixed shape of a few dozen lines; Node can read certificates, not make them.
 */
export function selfSigned({ key, names, notBefore, notAfter }: Request): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const name = sequence(set(sequence(oid(OIDS.commonName), utf8(names[0] ?? 'sallyport'))))
  const signature = sequence(oid(OIDS.ecdsaWithSha256))
  const keyId = createHash('sha1').update(publicKey).digest()

  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    signature,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    publicKey,
    der(
      0xa3,
      sequence(
        extension(OIDS.basicConstraints, true, sequence()),
        // digitalSignature alone: with ECDSA the key signs the handshake and does nothing else.
        extension(OIDS.keyUsage, true, der(0x03, Buffer.from([7, 0x80]))),
        extension(OIDS.extendedKeyUsage, false, sequence(oid(OIDS.serverAuth))),
        extension(OIDS.subjectAltName, false, sequence(...names.map(generalName))),
        extension(OIDS.subjectKeyIdentifier, false, octets(keyId)),
      ),
    ),
  )
  const proof = sign('sha256', body, key)
  return pem(sequence(body, signature, der(0x03, Buffer.from([0]), proof)))
}

const OIDS = {
  commonName: '550403',
  subjectKeyIdentifier: '551d0e',
  keyUsage: '551d0f',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  extendedKeyUsage: '551d25',
  serverAuth: '2b06010505070301',
  ecdsaWithSha256: '2a8648ce3d040302',
} as const

/** RFC 5280 section 4.1.2.2: positive, at most 20 octets. */
function serialNumber(): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), octets(value))
}

/** RFC 5280 section 4.2.1.6: dNSName [2], iPAddress [7]. */
function generalName(name: string): Buffer {
  return isIP(name) === 0 ? der(0x82, Buffer.from(name, 'ascii')) : der(0x87, addressBytes(name))
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  // The URL parser knows every way of writing an IPv6 address and gives back hexadecimal groups only.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const [before, after] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return Buffer.concat([...before, ...zeros, ...after].map((group) => Buffer.from(group.padStart(4, '0'), 'hex')))
}

/** RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  // X.690 section 8.1.3: one octet below 128, else the count of length octets, then these.
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const set = (...parts: Buffer[]) => der(0x31, ...parts)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const utf8 = (text: string) => der(0x0c, Buffer.from(text))
const octets = (value: Buffer) => der(0x04, value)
const integer = (value: Buffer) => der(0x02, value)

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
