import { Buffer } from 'node:buffer'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { attribute, valuesOf } from './attributes.ts'
import { encodeRadius, HEADER, type RadiusAttribute, type RadiusPacket, radiusCode, readRadius } from './packet.ts'

/** `identifier` is a byte and `authenticator` 16 unguessable ones; both must be drawn anew for each request. */
export type AccessRequest = {
  identifier: number
  authenticator: Uint8Array
  attributes: readonly RadiusAttribute[]
}

/**
 * Whether an answer must carry Message-Authenticator. Without it whoever sits between can turn a "no" into a "yes"
 * (CVE-2024-3596), so the waiver has to say why, and whoever builds on it has to log that.
 */
export type AnswerProof = 'demanded' | { waivedBecause: string }

const messageAuthenticatorType = attribute('messageAuthenticator', '').type
const answerCodes: readonly number[] = [radiusCode.accessAccept, radiusCode.accessReject, radiusCode.accessChallenge]

/** The bytes of an Access-Request, with Message-Authenticator (RFC 3579 section 3.2) as its first attribute. */
export function encodeAccessRequest(request: AccessRequest, secret: string): Buffer {
  return encodeSigned({ code: radiusCode.accessRequest, ...request }, secret)
}

/** Asks whether the server is there, and nothing of anybody. It must be signed: RFC 5997 section 3. */
export function encodeStatusServer(request: Omit<AccessRequest, 'attributes'>, secret: string): Buffer {
  return encodeSigned({ code: radiusCode.statusServer, ...request, attributes: [] }, secret)
}

function encodeSigned({ attributes, ...packet }: RadiusPacket, secret: string): Buffer {
  const signature = attribute('messageAuthenticator', Buffer.alloc(16))
  const bytes = encodeRadius({ ...packet, attributes: [signature, ...attributes] })
  hmac(bytes, secret).copy(bytes, HEADER + 2)
  return bytes
}

/** Faults that tell an operator what to change. */
export const faults = {
  secret: 'a wrong response authenticator',
  unproven: 'no Message-Authenticator',
} as const

export type ReadAnswer = { answer: RadiusPacket } | { fault: string }

/**
 * The answer to that request, if it is one and made by who knows the secret. Everything else is a fault, to be dropped
 * while waiting goes on (RFC 2865 section 3): anyone can send a datagram.
 */
export function readAnswer(
  datagram: Uint8Array,
  request: Pick<AccessRequest, 'identifier' | 'authenticator'>,
  secret: string,
  proof: AnswerProof = 'demanded',
): ReadAnswer {
  const read = readRadius(datagram)
  if ('fault' in read) return read
  const { packet, bytes } = read
  if (packet.identifier !== request.identifier) return { fault: 'another identifier' }
  if (!answerCodes.includes(packet.code)) return { fault: `code ${packet.code}, which is no answer` }

  // Both are computed over the answer with the authenticator of the request in its place.
  const signed = Buffer.from(bytes)
  signed.set(request.authenticator, 4)
  const expected = createHash('md5').update(signed).update(secret).digest()
  if (!timingSafeEqual(expected, packet.authenticator)) return { fault: faults.secret }
  const fault = messageAuthenticatorFault(packet.attributes, signed, secret, proof)
  return fault ? { fault } : { answer: packet }
}

function messageAuthenticatorFault(
  attributes: readonly RadiusAttribute[],
  signed: Buffer,
  secret: string,
  proof: AnswerProof,
): string | undefined {
  const [given, ...more] = valuesOf(attributes, 'messageAuthenticator')
  if (!given) {
    if (proof === 'demanded') return faults.unproven
    // We send no Proxy-State, so none may come back; the known attack hides its collision in one.
    return valuesOf(attributes, 'proxyState').length > 0 ? 'a Proxy-State that nobody sent' : undefined
  }
  if (more.length > 0 || given.length !== 16) return 'a malformed Message-Authenticator'
  let at = HEADER
  for (const { type, value } of attributes) {
    if (type === messageAuthenticatorType) signed.fill(0, at + 2, at + 2 + value.length)
    at += 2 + value.length
  }
  return timingSafeEqual(hmac(signed, secret), given) ? undefined : 'a wrong Message-Authenticator'
}

function hmac(bytes: Uint8Array, secret: string): Buffer {
  return createHmac('md5', secret).update(bytes).digest()
}
