import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { fromBase32 } from './base32.ts'
import {
  type Chunks,
  type ImportedToken,
  type TokenReading,
  Unusable,
  usablePeriod,
  usableSecret,
  usableText,
} from './token-file.ts'

/** The MFA Server's columns, in any order; the first two must be there. */
const COLUMNS = ['serial number', 'secret key', 'upn', 'time interval', 'manufacturer', 'model']
const NEEDED = COLUMNS.slice(0, 2)

export type CsvLimits = { bytes: number; tokens: number }
const LIMITS: CsvLimits = { bytes: 64 * 1024 * 1024, tokens: 100_000 }

/**
 * The tokens of the MFA Server's CSV: `upn,serial number,secret key,time interval,manufacturer,model`, or without `upn`
 * for tokens that are nobody's yet. By time, SHA-1, six digits; the secret in base 32. Comma or semicolon parts.
 *
 * A line that is wrong is a problem with its number and the reading goes on; after one of the file nothing more comes.
 * `chunks` are UTF-8 bytes, or text.
 */
export async function* readTokenCsv(chunks: Chunks, limits: Partial<CsvLimits> = {}): AsyncGenerator<TokenReading> {
  const bounds = { ...LIMITS, ...limits }
  let line = 1
  let names: string[] | undefined
  try {
    for await (const { record, lines } of recordsOf(chunks, bounds.bytes)) {
      line = lines
      if (!names) names = header(record)
      else if (--bounds.tokens < 0) throw new Unusable('file.too-many')
      else yield readOne(names, record, line)
    }
    if (!names) throw new Unusable('csv.header')
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    yield { ok: false, line: error.line ?? line, problem: error.problem }
  }
}

async function* recordsOf(chunks: Chunks, mostBytes: number): AsyncGenerator<{ record: string[]; lines: number }> {
  const options = { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, info: true } as const
  const parser = parse({ ...options, delimiter: [',', ';'], max_record_size: 4_096 })
  const source = Readable.from(bounded(chunks, mostBytes))
  source.on('error', (error) => parser.destroy(error))
  try {
    for await (const { record, info } of source.pipe(parser)) yield { record, lines: info.lines }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new Unusable('csv.malformed', typeof error.lines === 'number' ? error.lines : undefined)
  } finally {
    source.destroy()
  }
}

async function* bounded(chunks: Chunks, mostBytes: number): AsyncGenerator<Uint8Array | string> {
  let left = mostBytes
  for await (const chunk of chunks) {
    left -= chunk.length
    if (left < 0) throw new Unusable('file.too-big')
    yield chunk
  }
}

function header(record: string[]): string[] {
  const names = record.map((name) => name.toLowerCase().replace(/[\s_]+/g, ' '))
  const twice = new Set(names).size !== names.length
  if (twice || names.some((name) => !COLUMNS.includes(name)) || NEEDED.some((name) => !names.includes(name))) {
    throw new Unusable('csv.header')
  }
  return names
}

function readOne(names: readonly string[], record: readonly string[], line: number): TokenReading {
  try {
    return { ok: true, token: tokenFrom(names, record, line) }
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    return { ok: false, line, problem: error.problem }
  }
}

function tokenFrom(names: readonly string[], record: readonly string[], line: number): ImportedToken {
  if (record.length !== names.length) throw new Unusable('csv.columns')
  const row = new Map(names.map((name, i) => [name, record[i]]))
  const serial = usableText(row.get('serial number'))
  if (serial === undefined) throw new Unusable('serial.missing')
  const letters = row.get('secret key') ?? ''
  if (letters === '') throw new Unusable('secret.missing')
  const secret = fromBase32(letters)
  if (!secret) throw new Unusable('secret.malformed')
  const interval = row.get('time interval') || '30'

  return {
    kind: 'totp',
    line,
    serial,
    keyId: undefined,
    manufacturer: usableText(row.get('manufacturer')),
    model: usableText(row.get('model')),
    owner: usableText(row.get('upn')),
    secret: usableSecret(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: usablePeriod(/^\d{1,3}$/.test(interval) ? Number(interval) : Number.NaN),
    drift: 0,
    startsAt: undefined,
    expiresAt: undefined,
  }
}
