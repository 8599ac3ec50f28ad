import { createCipheriv, createDecipheriv, createECDH, createPublicKey, hkdfSync, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

/** What a browser holds of a subscription: a key pair of its own and a shared secret (RFC 8291 section 3.1 and 3.2). */
export type BrowserKeys = { privateKey: Buffer; publicKey: Buffer; auth: Buffer }

/** RFC 8291 section 3.4 and RFC 8188 section 2.1 and 2.2, of one record. Throws for what was not encrypted for these keys. */
export function decrypted(body: Buffer, { privateKey, publicKey, auth }: BrowserKeys): string {
  const salt = body.subarray(0, 16)
  const keyLength = body[20] ?? 0
  const sender = body.subarray(21, 21 + keyLength)
  const box = body.subarray(21 + keyLength)
  const { key, nonce } = keysOf({ salt, sender, receiver: publicKey, auth, shared: sharedBy(privateKey, sender) })
  const cipher = createDecipheriv('aes-128-gcm', key, nonce)
  cipher.setAuthTag(box.subarray(-16))
  const plain = Buffer.concat([cipher.update(box.subarray(0, -16)), cipher.final()])
  const end = plain.lastIndexOf(2)
  if (end < 0 || plain.subarray(end + 1).some((byte) => byte !== 0))
    throw new Error('the padding of a last record is 2')
  return plain.subarray(0, end).toString('utf8')
}

/** The other direction, of what a push service is sent; to hold `decrypted` against the vectors of the RFC. */
export function encrypted(
  plain: string,
  { publicKey: receiver, auth }: Pick<BrowserKeys, 'publicKey' | 'auth'>,
  { privateKey, salt }: { privateKey: Buffer; salt: Buffer },
): Buffer {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(privateKey)
  const sender = ecdh.getPublicKey()
  const { key, nonce } = keysOf({ salt, sender, receiver, auth, shared: ecdh.computeSecret(receiver) })
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const box = Buffer.concat([cipher.update(Buffer.concat([Buffer.from(plain), Buffer.of(2)])), cipher.final()])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(4096)
  return Buffer.concat([salt, size, Buffer.of(sender.length), sender, box, cipher.getAuthTag()])
}

type Sharing = { salt: Buffer; sender: Buffer; receiver: Buffer; auth: Buffer; shared: Buffer }

function keysOf({ salt, sender, receiver, auth, shared }: Sharing): { key: Buffer; nonce: Buffer } {
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiver, sender])
  const secret = Buffer.from(hkdfSync('sha256', shared, auth, info, 32))
  const part = (name: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(`Content-Encoding: ${name}\0`), length))
  return { key: part('aes128gcm', 16), nonce: part('nonce', 12) }
}

function sharedBy(privateKey: Buffer, sender: Buffer): Buffer {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(privateKey)
  return ecdh.computeSecret(sender)
}

export type Received = { path: string; headers: Record<string, string>; body: Buffer }

/** A push service on this machine. `status` is what it answers next, 201 unless set. */
export async function pushEndpoint() {
  const received: Received[] = []
  const waiting: (() => void)[] = []
  const answers: { status: number; headers?: Record<string, string> }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      received.push({ path: request.url ?? '', headers, body: Buffer.concat(parts) })
      const { status, headers: given = {} } = answers.shift() ?? { status: 201 }
      response.writeHead(status, given).end()
      for (const wake of waiting.splice(0)) wake()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function subscription(path = '/push/1') {
    const ecdh = createECDH('prime256v1')
    const publicKey = ecdh.generateKeys()
    const auth = Buffer.from('0123456789abcdef')
    const keys: BrowserKeys = { privateKey: ecdh.getPrivateKey(), publicKey, auth }
    const told = {
      endpoint: origin + path,
      keys: { p256dh: publicKey.toString('base64url'), auth: auth.toString('base64url') },
    }
    return { keys, subscription: told }
  }

  async function next(count = 1): Promise<Received> {
    while (received.length < count) await new Promise<void>((wake) => waiting.push(wake))
    const last = received[count - 1]
    if (!last) throw new Error('nothing came')
    return last
  }

  return {
    origin,
    received,
    next,
    subscription,
    answer: (status: number, headers = {}) => answers.push({ status, headers }),
  }
}

/** RFC 8292 section 2 and 3: the claims, if this key has signed them. */
export function vapidClaims(authorization: string): { claims: Record<string, unknown>; key: string } {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=([A-Za-z0-9_-]+)$/.exec(authorization) ?? []
  const [header = '', payload = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const signed = Buffer.from(`${header}.${payload}`)
  const right = verify(
    'sha256',
    signed,
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!right) throw new Error('not signed by its key')
  return { claims: JSON.parse(Buffer.from(payload, 'base64url').toString()), key }
}
