import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { AppError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { selfSigned } from './self-signed.ts'

/** PEM texts, and the SHA-256 of the first certificate as `AA:BB:…`. */
export type TlsMaterial = { cert: string; key: string; fingerprint: string }

const CERT_FILE = 'tls.pem'
const KEY_FILE = 'tls.key'

const DAY = 24 * 60 * 60 * 1000
/** The longest that Apple's systems accept of any TLS server. Longer is better here: every change breaks a pinned fingerprint. */
const LIFE_DAYS = 825
/** Made anew at a start within this of the end, so that a server restarted once a month never shows an expired one. */
const RENEW_DAYS = 30

type Needs = { folder: string; names: readonly string[]; clock: Clock }

/**
 * Sallyport's own certificate, kept in the data folder: made at the first start, again when it nears its end or lacks one
 * of `names`. The key stays. `names` are what people call this server by; localhost and this machine's name come along.
 * Throws AppError `tls.wrong` or `database.unwritable`.
 */
export async function certificate({ folder, names, clock }: Needs): Promise<TlsMaterial & { madeNow: boolean }> {
  const wanted = names.map((name) => name.replace(/^\[(.*)\]$/, '$1'))
  const key = await ownKey(folder)
  const certFile = join(folder, CERT_FILE)
  const certText = await existing(certFile)
  if (certText !== undefined && isGood(certText, key, wanted, clock.now())) {
    return { ...material(certText, key), madeNow: false }
  }

  const now = clock.now().getTime()
  // An hour back, for clients whose clock is late.
  const life = { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + LIFE_DAYS * DAY) }
  const cert = selfSigned({ key, names: allNames(wanted), ...life })
  await keep(certFile, cert, 0o644, rename)
  return { ...material(cert, key), madeNow: true }
}

async function ownKey(folder: string): Promise<KeyObject> {
  const file = join(folder, KEY_FILE)
  if ((await existing(file)) === undefined) {
    const fresh = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    // A link never replaces a file that is there. Of two starting at once, both use the key of the one who was first.
    await keep(file, pkcs8(fresh), 0o600, link)
  }
  const key = privateKey(await given(file), file)
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw wrong(`${file} is not the P-256 key that was made here`)
  return key
}

function material(cert: string, key: KeyObject): TlsMaterial {
  return { cert, key: pkcs8(key), fingerprint: new X509Certificate(cert).fingerprint256 }
}

/** The operator's certificate, with its chain after it, and key. Throws AppError `tls.wrong` when they cannot be used. */
export async function ownCertificate({
  certFile,
  keyFile,
  clock,
}: {
  certFile: string
  keyFile: string
  clock: Clock
}): Promise<TlsMaterial> {
  const [cert, key] = [await given(certFile), await given(keyFile)]
  const leaf = parseCertificate(cert, certFile)
  const privately = privateKey(key, keyFile)
  const now = clock.now()
  if (!leaf.checkPrivateKey(privately)) throw wrong(`${keyFile} is not the key of ${certFile}`)
  if (leaf.validToDate < now) throw wrong(`${certFile} expired on ${leaf.validToDate.toISOString()}`)
  if (leaf.validFromDate > now) throw wrong(`${certFile} is not valid before ${leaf.validFromDate.toISOString()}`)
  try {
    // What a listener would do with them: finds a broken chain, and a key too short for OpenSSL.
    createSecureContext({ cert, key })
  } catch (cause) {
    throw wrong(`${certFile} cannot be used for TLS`, cause)
  }
  return { cert, key, fingerprint: leaf.fingerprint256 }
}

function allNames(names: readonly string[]): string[] {
  return [...new Set([...names, 'localhost', hostname(), '127.0.0.1', '::1'])].filter((name) => name !== '')
}

/**
 * This machine's own name is not asked for: in a container it changes with every start, and the fingerprint that another
 * machine was told would change with it.
 */
function isGood(text: string, key: KeyObject, names: readonly string[], now: Date): boolean {
  try {
    const cert = new X509Certificate(text)
    const stillLong = cert.validToDate.getTime() - now.getTime() > RENEW_DAYS * DAY
    return (
      stillLong && cert.validFromDate <= now && cert.checkPrivateKey(key) && names.every((name) => covers(cert, name))
    )
  } catch {
    // Half a file, or something else under our name: ours to replace.
    return false
  }
}

function covers(cert: X509Certificate, name: string): boolean {
  return (isIP(name) === 0 ? cert.checkHost(name, { subject: 'never' }) : cert.checkIP(name)) !== undefined
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function privateKey(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (cause) {
    const encrypted = /ENCRYPTED/.test(text)
    throw wrong(encrypted ? `${file} is locked with a password` : `${file} holds no private key in PEM form`, cause)
  }
}

function parseCertificate(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (cause) {
    throw wrong(`${file} holds no certificate in PEM form`, cause)
  }
}

async function existing(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw wrong(`${file} cannot be read`, cause)
  })
}

async function given(file: string): Promise<string> {
  const text = await existing(file)
  if (text === undefined) throw wrong(`${file} is not there`)
  return text
}

/** Whole or not at all, also when power fails in between. */
async function keep(file: string, text: string, mode: number, place: typeof link | typeof rename): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(draft, text, { flag: 'wx', mode, flush: true })
    try {
      await place(draft, file)
    } finally {
      await rm(draft, { force: true })
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return
    throw new AppError('database.unwritable', { detail: file, cause })
  }
}

function wrong(detail: string, cause?: unknown): AppError {
  return new AppError('tls.wrong', { detail, cause })
}
