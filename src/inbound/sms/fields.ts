import { fromUcs2 } from '../../protocols/gsm0338.ts'
import { readBounded } from '../web/bounded-body.ts'

/** Names and values as they came: gateways write text in whatever charset they like, and say so in another field. */
export type Fields = ReadonlyMap<string, Uint8Array>

const MOST_BYTES = 16 * 1024
const MOST_FIELDS = 100

/**
 * The fields of a query, or of a body that is a form or a flat JSON object. A status for what is none, for a body over
 * 16 KiB, and for a name that comes twice: which of the two would be believed is anybody's guess.
 */
export async function readFields(request: Request): Promise<Fields | 400 | 413 | 415> {
  if (request.method === 'GET') return fieldsOf(new URL(request.url).search.slice(1)) ?? 400
  const type = request.headers.get('content-type')?.toLowerCase().split(';')[0]?.trim()
  const read = type === 'application/json' ? jsonFields : type === 'application/x-www-form-urlencoded' ? fieldsOf : null
  if (!read) return 415
  const bytes = await readBounded(request, MOST_BYTES)
  return bytes ? (read(bytes.toString('latin1')) ?? 400) : 413
}

/** Undefined when a byte is not of that charset, when we do not know it, and for control characters but line ends and tabs. */
export function textIn(bytes: Uint8Array, charset = 'utf-8'): string | undefined {
  const text = decoded(bytes, charset.toLowerCase())
  return text === undefined || /[^\P{Cc}\t\n\f\r]/u.test(text) ? undefined : text
}

function decoded(bytes: Uint8Array, charset: string): string | undefined {
  if (['utf-16be', 'ucs-2', 'ucs2'].includes(charset)) {
    return bytes.length % 2 === 0 ? fromUcs2(bytes).toWellFormed() : undefined
  }
  if (!/^(utf-?8|iso-8859-\d{1,2}|latin-?1|us-ascii|windows-125\d)$/.test(charset)) return undefined
  try {
    return new TextDecoder(charset.replace('latin-1', 'latin1'), { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** `text` has a character for each octet. Undefined for bad escapes, too many fields, and names that come twice. */
function fieldsOf(text: string): Fields | undefined {
  const fields = new Map<string, Uint8Array>()
  for (const pair of text === '' ? [] : text.split('&')) {
    const [name, value] = [pair.split('=', 1)[0] ?? '', pair.slice(pair.indexOf('=') + 1 || pair.length)].map(unescaped)
    if (!name || !value || fields.has(name.toString()) || fields.size === MOST_FIELDS) return undefined
    fields.set(name.toString(), value)
  }
  return fields
}

function unescaped(part: string): Buffer | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(part)) return undefined
  const octets = part
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(octets, 'latin1')
}

function jsonFields(octets: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(octets, 'latin1').toString('utf8'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const flat = Object.entries(value).filter(([, one]) => typeof one === 'string' || typeof one === 'number')
    return new Map(flat.slice(0, MOST_FIELDS).map(([name, one]) => [name, Buffer.from(String(one))]))
  } catch {
    return undefined
  }
}
