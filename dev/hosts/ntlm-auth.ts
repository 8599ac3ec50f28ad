/**
 * What FreeRADIUS runs in place of Samba's ntlm_auth, for a folder in which each person has a password (`NAME`) and perhaps a
 * state (`NAME.state`: expired, locked). MD4, DES and RC4 are OpenSSL's, by --openssl-legacy-provider: none of ours.
 *
 * `… auth FOLDER NAME CHALLENGE RESPONSE` is `--request-nt-key`; `… change FOLDER` is `--helper-protocol=ntlm-change-password-1`,
 * where a password has ten characters or more.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [what, folder = '', ...rest] = process.argv.slice(2)
process.exitCode = what === 'auth' ? auth(rest) : change(readFileSync(0, 'utf8'))

function auth([name = '', challenge = '', response = '']: string[]): number {
  const hash = hashOf(name)
  const state = read(`${name}.state`)
  if (state === 'locked') return say('Account locked out (0xc0000234)', 1)
  if (!hash || responseTo(challenge, hash) !== response.toLowerCase()) return say('Logon failure (0xc000006d)', 1)
  if (state === 'expired') return say('Password expired (0xc0000071)', 1)
  return say(`NT_KEY: ${createHash('md4').update(hash).digest('hex').toUpperCase()}`, 0)
}

function change(said: string): number {
  const lines = new Map(said.split('\n').map((line) => line.split(': ', 2) as [string, string]))
  const bytes = (name: string) => Buffer.from(lines.get(name) ?? '', 'hex')
  const name = lines.get('username') ?? ''
  const hash = hashOf(name)
  if (!hash) return refuse('NT_STATUS_NO_SUCH_USER')
  const block = createDecipheriv('rc4', hash, null).update(bytes('new-nt-password-blob'))
  const length = block.readUInt32LE(512)
  if (length > 512) return refuse('NT_STATUS_WRONG_PASSWORD')
  const chosen = block.subarray(512 - length, 512).toString('utf16le')
  const key = ntHash(chosen)
  const halves = [0, 1].map((half) => des(hash.subarray(8 * half, 8 * half + 8), key.subarray(7 * half, 7 * half + 7)))
  if (!Buffer.concat(halves).equals(bytes('old-nt-hash-blob'))) return refuse('NT_STATUS_WRONG_PASSWORD')
  if (chosen.length < 10) return refuse('NT_STATUS_PASSWORD_RESTRICTION')
  writeFileSync(join(folder, name), chosen)
  rmSync(join(folder, `${name}.state`), { force: true })
  return say('Password-Change: Yes\n.', 0)
}

function refuse(why: string): number {
  return say(`Password-Change: No\nPassword-Change-Error: ${why}\n.`, 0)
}

function say(line: string, code: number): number {
  process.stdout.write(`${line}\n`)
  return code
}

function hashOf(name: string): Buffer | undefined {
  const password = /^[a-z]+$/.test(name) ? read(name) : undefined
  return password === undefined ? undefined : ntHash(password)
}

function read(name: string): string | undefined {
  const file = join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function ntHash(password: string): Buffer {
  return createHash('md4').update(password, 'utf16le').digest()
}

function responseTo(challenge: string, hash: Buffer): string {
  const key = Buffer.concat([hash, Buffer.alloc(5)])
  const parts = [0, 7, 14].map((at) => des(Buffer.from(challenge, 'hex'), key.subarray(at, at + 7)))
  return Buffer.concat(parts).toString('hex')
}

function des(block: Buffer, key: Buffer): Buffer {
  const bits = [...key].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const eight = Buffer.from((bits.match(/.{7}/g) ?? []).map((seven) => Number.parseInt(`${seven}0`, 2)))
  return createCipheriv('des-ecb', eight, null).setAutoPadding(false).update(block)
}
