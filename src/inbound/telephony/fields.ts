import type { Fields } from '../../protocols/twilio-signature.ts'
import { readBounded } from '../web/bounded-body.ts'
import { calledWith, octetFields, utf8 } from '../web/octet-fields.ts'

export type Refusal = { status: 400 | 413 | 415 }

/** A form as providers post it, in UTF-8. A name may come twice, as it was signed: whoever reads a field refuses that. */
export async function readFields(request: Request): Promise<Fields | Refusal> {
  const type = request.headers.get('content-type')?.toLowerCase() ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?\s*)?$/.test(type)) return { status: 415 }
  const bytes = await readBounded(request, calledWith.mostBytes)
  if (!bytes) return { status: 413 }
  return fieldsIn(bytes) ?? { status: 400 }
}

/** The value of a field that came once. */
export function one(fields: Fields, name: string): string | undefined {
  const [value, ...others] = fields.filter(([key]) => key === name).map(([, value]) => value)
  return others.length === 0 ? value : undefined
}

function fieldsIn(bytes: Buffer): Fields | undefined {
  const fields = octetFields(bytes.toString('latin1'))?.map(
    ([name, octets]) => [name, utf8(octets) ?? NO_TEXT] as const,
  )
  return fields?.every(([name, value]) => !`${name}${value}`.includes('\0')) ? fields : undefined
}

/** No field of a call is that. */
const NO_TEXT = '\0'
