import { createPrivateKey, X509Certificate } from 'node:crypto'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Secret } from '../core/secrets/secret.ts'
import { type Kind, type Parsed, right, textKind, wrong } from './kind.ts'

export const folder: Kind<string> = textKind('the name of a folder', (text, base) => right(resolve(base, text)))

/** The absolute name of a file that is there and can be read. */
export const existingFile: Kind<string> = textKind('the name of a file', (text, base) => {
  const file = resolve(base, text)
  try {
    accessSync(file, constants.R_OK)
    return statSync(file).isFile() ? right(file) : wrong('This is not a file.')
  } catch (error) {
    return unreadable(error)
  }
})

/** The text of a PEM file with one or more certificates. */
export const certificates: Kind<string> = textKind('the name of a PEM file with certificates', (text, base) => {
  const read = smallFile(resolve(base, text))
  if (!read.ok) return read
  const blocks = read.value.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) return wrong('The file holds no certificate in PEM form.')
  try {
    for (const block of blocks) new X509Certificate(block)
  } catch {
    return wrong('A certificate in the file cannot be read.')
  }
  return right(`${blocks.join('\n')}\n`)
})

/** The PEM text of a private key that needs no passphrase. */
export const privateKey: Kind<Secret> = textKind('the name of a PEM file with a private key', (text, base) => {
  const read = smallFile(resolve(base, text))
  if (!read.ok) return read
  try {
    createPrivateKey(read.value)
    return right(new Secret(read.value))
  } catch {
    return wrong('The file holds no private key that can be used without a passphrase.')
  }
})

/** SHA-256 of a certificate, as `AA:BB:…`, however it was written. */
export const fingerprint: Kind<string> = textKind('the SHA-256 fingerprint, 64 hexadecimal digits', (text) => {
  const digits = text
    .replace(/^sha-?256(?: fingerprint)?[:=]/i, '')
    .replace(/[:\s]/g, '')
    .toUpperCase()
  if (/^[0-9A-F]{40}$/.test(digits)) return wrong('This is a SHA-1 fingerprint, which can be forged.')
  if (!/^[0-9A-F]{64}$/.test(digits)) return wrong('This is not a SHA-256 fingerprint.')
  return right(digits.replace(/..(?=.)/g, '$&:'))
})

const LARGEST_FILE = 1024 * 1024

/** A file that an operator points at. Without a limit, one line naming a device could fill the memory. */
export function smallFile(file: string, largest = LARGEST_FILE): Parsed<string> {
  try {
    const stat = statSync(file)
    if (!stat.isFile()) return wrong('This is not a file.')
    if (stat.size > largest) return wrong(`The file is larger than ${largest / 1024} KiB.`)
    return right(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)))
  } catch (error) {
    return unreadable(error)
  }
}

const WHY = new Map([
  ['ENOENT', 'The file is not there.'],
  ['ENOTDIR', 'The file is not there.'],
  ['EACCES', 'The file cannot be read by the account that runs Sallyport.'],
  ['EPERM', 'The file cannot be read by the account that runs Sallyport.'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'The file is not UTF-8 text.'],
])

function unreadable(error: unknown): { ok: false; problem: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return wrong(WHY.get(code) ?? `The file cannot be read (${code || 'unknown reason'}).`)
}
