import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { checkServerIdentity, connect, createServer } from 'node:tls'
import { AppError } from '../src/core/errors.ts'
import { certificate, ownCertificate } from '../src/storage/certificate.ts'
import { selfSigned } from '../src/storage/self-signed.ts'

const noon = new Date('2026-01-01T12:00:00Z')
const days = (n: number) => new Date(noon.getTime() + n * 86_400_000)

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

describe('the certificate made at first start', () => {
  test('is accepted by a TLS client that trusts it, under every name it was made for', async () => {
    const { make } = world({ now: new Date() })
    const { cert, key } = await make(['mfa.example.org', '[2001:db8::7]'])

    for (const name of ['mfa.example.org', 'localhost', '127.0.0.1', '::1', '2001:db8::7']) {
      assert.equal(await handshake({ cert, key, ca: cert, name }), 'trusted', name)
    }
    assert.equal(await handshake({ cert, key, ca: cert, name: 'other.example.org' }), 'ERR_TLS_CERT_ALTNAME_INVALID')
    const { cert: stranger } = await world({ now: new Date() }).make([])
    assert.notEqual(await handshake({ cert, key, ca: stranger, name: 'localhost' }), 'trusted')
  })

  test('holds up in OpenSSL, strictly', async () => {
    const { make, folder } = world({ now: new Date() })
    await make(['mfa.example.org'])
    const file = join(folder, 'tls.pem')

    const said = execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', file, file], {
      encoding: 'utf8',
    })

    assert.match(said, /: OK/)
  })

  test('is no CA, so trusting it trusts this server only', async () => {
    const { cert } = await world({}).make([])

    assert.equal(new X509Certificate(cert).ca, false)
  })

  test('lives 825 days, and is the same at the next start', async () => {
    const { make } = world({})
    const first = await make([])
    const again = await make([])
    const named = await make(['mfa.example.org', '10.0.0.7'])

    assert.equal((await make(['mfa.example.org', '10.0.0.7'])).fingerprint, named.fingerprint)
    assert.equal(new X509Certificate(first.cert).validToDate.toISOString(), days(825).toISOString())
    assert.equal(first.madeNow, true)
    assert.deepEqual(again, { ...first, madeNow: false })
    assert.match(first.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  })

  test('is made again with the same key when it nears its end, lacks a name, or is damaged', async () => {
    const { make, folder } = world({})
    const first = await make([])

    const longer = await make([], days(825 - 29))
    const named = await make(['mfa.example.org'], days(825 - 29))
    writeFileSync(join(folder, 'tls.pem'), first.cert.slice(0, 300))
    const repaired = await make([])

    for (const next of [longer, named, repaired]) assert.deepEqual([next.madeNow, next.key], [true, first.key])
    assert.equal((await make([], days(825 - 31))).madeNow, false, 'a day too early')
  })

  test('keeps its key where only its own account can read it', async () => {
    const { make, folder } = world({})
    await make([])

    assert.equal(statSync(join(folder, 'tls.key')).mode & 0o777, 0o600)
  })

  test('has one key, however many start at once', async () => {
    const { make } = world({})

    const made = await Promise.all([make([]), make([]), make([])])

    assert.equal(new Set(made.map(({ key }) => key)).size, 1)
    assert.equal((await make([])).key, made[0].key)
  })

  test('says where it cannot be written', async () => {
    const { folder, make } = world({ below: 'file/data' })
    writeFileSync(join(folder, '..'), 'x')

    await assert.rejects(make([]), isError('tls.wrong', /cannot be read/))
    assert.ok(!existsSync(folder))
  })
})

describe("the operator's certificate", () => {
  test('is taken with its key', async () => {
    const { own, write } = world({})
    const key = newKey()

    const { fingerprint, cert } = await own(write('cert', certFor(key)), write('key', pem(key)))

    assert.equal(fingerprint, new X509Certificate(cert).fingerprint256)
  })

  for (const [what, { cert, key, problem, at = noon }] of Object.entries(wrongPairs())) {
    test(`is refused: ${what}`, async () => {
      const { own, write } = world({ now: at })

      await assert.rejects(own(write('cert', cert), write('key', key)), isError('tls.wrong', problem))
    })
  }

  test('is refused when a file is not there', async () => {
    const { own, write, folder } = world({})

    await assert.rejects(
      own(join(folder, 'none'), write('key', pem(newKey()))),
      isError('tls.wrong', /none is not there/),
    )
  })

  test('is never quoted with its key in an error', async () => {
    const { own, write } = world({})
    const key = pem(newKey())
    const error = await own(write('cert', certFor(newKey())), write('key', key)).catch((error: Error) => error)

    assert.ok(error instanceof AppError)
    assert.ok(!`${error.message}${error.cause}`.includes(key.slice(40, 80)))
  })
})

function wrongPairs(): Record<string, { cert: string; key: string; problem: RegExp; at?: Date }> {
  const key = newKey()
  const cert = certFor(key)
  const locked = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
  return {
    'with another key': { cert, key: pem(newKey()), problem: /is not the key of/ },
    expired: { cert, key: pem(key), at: days(11), problem: /expired on 2026-01-11/ },
    'of the future': { cert, key: pem(key), at: days(-1), problem: /not valid before 2026-01-01/ },
    'that is not PEM': { cert: 'hello', key: pem(key), problem: /no certificate in PEM form/ },
    'with a key that is not PEM': { cert, key: 'hello', problem: /no private key in PEM form/ },
    'with a locked key': { cert, key: locked, problem: /locked with a password/ },
    'with a broken chain': {
      cert: `${cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      key: pem(key),
      problem: /cannot be used for TLS/,
    },
  }
}

function newKey() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

function pem(key: ReturnType<typeof newKey>): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Good for ten days from noon. */
function certFor(key: ReturnType<typeof newKey>): string {
  return selfSigned({ key, names: ['localhost'], notBefore: noon, notAfter: days(10) })
}

function isError(code: string, message: RegExp) {
  return (error: unknown) => error instanceof AppError && error.code === code && message.test(error.message)
}

/** A real handshake on loopback: 'trusted', or the code of what the client found wrong. */
async function handshake({
  cert,
  key,
  ca,
  name,
}: {
  cert: string
  key: string
  ca: string
  name: string
}): Promise<string> {
  const server = createServer({ cert, key }, (socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  // For an address the client sends no server name and checks what it was told to.
  const client = connect({
    port,
    host: '127.0.0.1',
    ca,
    checkServerIdentity: (_, peer) => checkServerIdentity(name, peer),
  })
  const found = await new Promise<string>((resolve) => {
    client.once('secureConnect', () => resolve('trusted'))
    client.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  client.destroy()
  await new Promise((closed) => server.close(closed))
  return found
}

/** An empty data folder at noon. */
function world({ now = noon, below = '' }: { now?: Date; below?: string }) {
  const root = mkdtempSync(join(tmpdir(), 'sallyport-tls-'))
  folders.push(root)
  const folder = join(root, below)
  return {
    folder,
    make: (names: string[], at = now) => certificate({ folder, names, clock: { now: () => at } }),
    own: (certFile: string, keyFile: string) => ownCertificate({ certFile, keyFile, clock: { now: () => now } }),
    write(name: string, text: string) {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    },
  }
}
