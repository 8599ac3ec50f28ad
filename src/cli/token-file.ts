import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { type PskcKeys, readPskc } from '../protocols/pskc.ts'
import { readTokenCsv } from '../protocols/token-csv.ts'
import type { TokenReading } from '../protocols/token-file.ts'
import { Told } from './user.ts'

export type KeyFiles = { keyFile?: string | undefined; passphraseFile?: string | undefined }

/** The tokens of a file, PSKC or CSV as its beginning tells, one at a time. */
export async function* readTokens(file: string, keys: PskcKeys): AsyncGenerator<TokenReading> {
  const isXml = startsLikeXml(await headOf(file))
  const bytes = createReadStream(file)
  try {
    yield* isXml ? readPskc(bytes, { keys }) : readTokenCsv(bytes)
  } finally {
    bytes.destroy()
  }
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file).catch(() => {
    throw new Told(`${file} cannot be read.`)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The first letter after byte order mark and white space, in UTF-8 and UTF-16 alike. */
function startsLikeXml(head: Uint8Array): boolean {
  const skipped = new Set([0x00, 0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf, 0xfe, 0xff])
  return head.find((byte) => !skipped.has(byte)) === 0x3c
}

/** Keys come by file: what stands in a command line is seen by every account of the machine, and kept by the shell. */
export async function keysFrom({ keyFile, passphraseFile }: KeyFiles): Promise<PskcKeys> {
  const preShared = keyFile === undefined ? undefined : keyOf(await bytesOf(keyFile))
  if (keyFile !== undefined && !preShared) {
    throw new Told(`${keyFile} holds no AES key: 16, 24 or 32 bytes, or those in hex or base 64.`)
  }
  const line = passphraseFile === undefined ? undefined : (await bytesOf(passphraseFile)).toString('utf8')
  return { preShared, passphrase: line?.replace(/\r?\n[\s\S]*$/, '') }
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch(() => {
    throw new Told(`${file} cannot be read.`)
  })
}

const KEY_LENGTHS = [16, 24, 32]

function keyOf(bytes: Buffer): Uint8Array | undefined {
  const text = bytes.toString('latin1').trim()
  const read = [
    /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined,
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined,
    bytes,
  ]
  return read.find((key) => key !== undefined && KEY_LENGTHS.includes(key.length))
}
