import type { Fields } from '../../protocols/twilio-signature.ts'
import { readBounded } from '../web/bounded-body.ts'

const MOST_BYTES = 16 * 1024
const MOST_FIELDS = 100

export type Refusal = { status: 400 | 413 | 415 }

/** A form as providers post it. A name may come twice, as it was signed: whoever reads a field refuses that. */
export async function readFields(request: Request): Promise<Fields | Refusal> {
  const type = request.headers.get('content-type')?.toLowerCase() ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?\s*)?$/.test(type)) return { status: 415 }
  const bytes = await readBounded(request, MOST_BYTES)
  if (!bytes) return { status: 413 }
  return fieldsIn(bytes) ?? { status: 400 }
}

/** The value of a field that came once. */
export function one(fields: Fields, name: string): string | undefined {
  const [value, ...others] = fields.filter(([key]) => key === name).map(([, value]) => value)
  return others.length === 0 ? value : undefined
}

/** Undefined for bad escapes, what is no UTF-8, NUL, and a field without a name. */
function fieldsIn(bytes: Uint8Array): Fields | undefined {
  try {
    const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const pairs = body === '' ? [] : body.split('&')
    const fields = pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s).map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
      return [name, value] as const
    })
    const sound = fields.every(([name, value]) => name !== '' && !`${name}${value}`.includes('\0'))
    return sound && fields.length <= MOST_FIELDS ? fields : undefined
  } catch {
    return undefined
  }
}
