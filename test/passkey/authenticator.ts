import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type { Output } from '../../src/contract/contract.ts'

type CreationOptions = Output<'offerPasskey'>['options']
type RequestOptions = Extract<Output<'askPasskey'>, { outcome: 'asked' }>['options']

/** What a browser and its authenticator say, and could say otherwise. */
export type Lies = {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  /** Added to the client data: `crossOrigin`, `topOrigin`. */
  clientData?: Record<string, unknown>
  present?: boolean
  verified?: boolean
  backup?: 'none' | 'possible' | 'done'
  counter?: number
  userHandle?: string | undefined
  /** The credential that is named; the one that signs stays. */
  id?: string
  /** What the new key says of itself. */
  alg?: number
  attestation?: { fmt: string; attStmt: Map<string, unknown> }
  signature?: Uint8Array
}

export type Key = {
  id: string
  privateKey: KeyObject
  algorithm: Algorithm
  cose: Map<number, number | Uint8Array>
  userHandle: string
  counter: number
}
type Algorithm = 'ES256' | 'EdDSA' | 'RS256'

type Nature = {
  origin: string
  algorithm?: Algorithm
  /** Whether it counts its answers; keys in the cloud of their maker do not. */
  counts?: boolean
  /** Whether it asks for fingerprint or PIN. */
  verifies?: boolean
  backup?: 'none' | 'possible' | 'done'
}

/** A browser with an authenticator, in a few lines, so that tests can make it lie. Answers are JSON, as our pages send them. */
export function authenticator({
  origin,
  algorithm = 'ES256',
  counts = true,
  verifies = true,
  backup = 'none',
}: Nature) {
  const keys: Key[] = []

  function create(options: CreationOptions, lies: Lies = {}): string {
    if (options.excludeCredentials.some(({ id }) => keys.some((key) => key.id === id)))
      throw new DOMException('It is here already.', 'InvalidStateError')
    const key = newKey(algorithm, options.user.id)
    keys.push(key)
    const credentialId = Buffer.from(lies.id ?? key.id, 'base64url')
    const cose = new Map(key.cose)
    if (lies.alg !== undefined) cose.set(3, lies.alg)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(credentialId.length)
    const authData = Buffer.concat([
      head(options.rp.id, lies, { counter: lies.counter ?? 0, attested: true }),
      Buffer.alloc(16),
      length,
      credentialId,
      isoCBOR.encode(cose),
    ])
    const { fmt, attStmt } = lies.attestation ?? { fmt: 'none', attStmt: new Map() }
    const attestation = new Map<string, unknown>([
      ['fmt', fmt],
      ['attStmt', attStmt],
      ['authData', new Uint8Array(authData)],
    ])
    return answer(lies.id ?? key.id, {
      clientDataJSON: clientData('webauthn.create', options.challenge, lies),
      attestationObject: Buffer.from(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0])).toString(
        'base64url',
      ),
      transports: ['internal', 'hybrid', 'carrier-pigeon'],
    })
  }

  function get(options: RequestOptions, lies: Lies = {}): string {
    const allowed = options.allowCredentials.map(({ id }) => id)
    const key = keys.findLast(({ id }) => allowed.length === 0 || allowed.includes(id))
    if (!key) throw new DOMException('There is none.', 'NotAllowedError')
    return answerOf(key, options, lies)
  }

  /** As `get`, with a certain key, whether it is allowed or not. */
  function answerOf(key: Key, options: RequestOptions, lies: Lies = {}): string {
    if (counts && lies.counter === undefined) key.counter++
    const authData = head(options.rpId, lies, { counter: lies.counter ?? key.counter, attested: false })
    const clientDataJSON = clientData('webauthn.get', options.challenge, lies)
    const data = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))])
    const signature = lies.signature ?? sign(key.algorithm === 'EdDSA' ? null : 'sha256', data, key.privateKey)
    const userHandle = 'userHandle' in lies ? lies.userHandle : key.userHandle
    return answer(lies.id ?? key.id, {
      clientDataJSON,
      authenticatorData: authData.toString('base64url'),
      signature: Buffer.from(signature).toString('base64url'),
      ...(userHandle !== undefined && { userHandle }),
    })
  }

  function head(rpId: string, lies: Lies, { counter, attested }: { counter: number; attested: boolean }): Buffer {
    const state = lies.backup ?? backup
    const flags =
      (lies.present === false ? 0 : 0x01) |
      ((lies.verified ?? verifies) ? 0x04 : 0) |
      (state === 'none' ? 0 : 0x08) |
      (state === 'done' ? 0x10 : 0) |
      (attested ? 0x40 : 0)
    const tail = Buffer.alloc(5)
    tail.writeUInt8(flags, 0)
    tail.writeUInt32BE(counter, 1)
    return Buffer.concat([sha256(Buffer.from(lies.rpId ?? rpId)), tail])
  }

  function clientData(type: string, challenge: string, lies: Lies): string {
    const said = { type: lies.type ?? type, challenge: lies.challenge ?? challenge, origin: lies.origin ?? origin }
    return Buffer.from(JSON.stringify({ ...said, crossOrigin: false, ...lies.clientData })).toString('base64url')
  }

  return { keys, create, get, answerOf }
}

function answer(id: string, response: Record<string, unknown>): string {
  return JSON.stringify({ id, rawId: id, type: 'public-key', response, clientExtensionResults: {} })
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** RFC 9053 section 7 and RFC 8230 section 4: the key as COSE writes it. */
function newKey(algorithm: Algorithm, userHandle: string): Key {
  const { privateKey, publicKey } = pair(algorithm)
  const jwk = publicKey.export({ format: 'jwk' })
  const part = (text: unknown) => new Uint8Array(Buffer.from(String(text), 'base64url'))
  const labels: Record<Algorithm, [number, number | Uint8Array][]> = {
    ES256: [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, part(jwk.x)],
      [-3, part(jwk.y)],
    ],
    EdDSA: [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, part(jwk.x)],
    ],
    RS256: [
      [1, 3],
      [3, -257],
      [-1, part(jwk.n)],
      [-2, part(jwk.e)],
    ],
  }
  const id = randomBytes(32).toString('base64url')
  return { id, privateKey, algorithm, cose: new Map(labels[algorithm]), userHandle, counter: 0 }
}

function pair(algorithm: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'EdDSA':
      return generateKeyPairSync('ed25519')
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
  }
}
