import { fromUcs2 } from '../../protocols/gsm0338.ts'
import { readBounded } from '../web/bounded-body.ts'
import { calledWith, octetFields } from '../web/octet-fields.ts'

/** Names and values as they came: gateways write text in whatever charset they like, and say so in another field. */
export type Fields = ReadonlyMap<string, Uint8Array>

/**
 * The fields of a query, or of a body that is a form or a flat JSON object. A status for what is none, for a body over
 * 16 KiB, and for a name that comes twice: which of the two would be believed is anybody's guess.
 */
export async function readFields(request: Request): Promise<Fields | 400 | 413 | 415> {
  if (request.method === 'GET') return fieldsOf(new URL(request.url).search.slice(1)) ?? 400
  const type = request.headers.get('content-type')?.toLowerCase().split(';')[0]?.trim()
  const read = type === 'application/json' ? jsonFields : type === 'application/x-www-form-urlencoded' ? fieldsOf : null
  if (!read) return 415
  const bytes = await readBounded(request, calledWith.mostBytes)
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

/** Undefined for what is no form, and for a name that comes twice. */
function fieldsOf(text: string): Fields | undefined {
  const fields = octetFields(text)
  const byName = new Map(fields)
  return fields && byName.size === fields.length ? byName : undefined
}

function jsonFields(octets: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(octets, 'latin1').toString('utf8'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const flat = Object.entries(value).filter(([, one]) => typeof one === 'string' || typeof one === 'number')
    return new Map(flat.slice(0, calledWith.mostFields).map(([name, one]) => [name, Buffer.from(String(one))]))
  } catch {
    return undefined
  }
}
