/** The body was not a form as our pages send it. Becomes a page that says so, never a crash. */
export class MalformedForm extends Error {
  readonly status: 400 | 413 | 415

  constructor(status: 400 | 413 | 415, message: string) {
    super(message)
    this.name = 'MalformedForm'
    this.status = status
  }
}

export const formLimits = { bytes: 64 * 1024, fields: 100 }

/** What a person sent. Each field came once; reading says how long an answer may be. */
export type Form = {
  /** Trimmed, in Unicode form NFC; '' if absent. Longer than `maxLength` characters is refused (400): our inputs do not send that. */
  text(name: string, maxLength: number): string
  /** Exactly as typed, for passwords; '' if absent. */
  secret(name: string, maxLength: number): string
  /** Without the spaces and dashes that people put into codes and PINs. */
  code(name: string, maxLength: number): string
  /** The one of `options` that was chosen; undefined if none. */
  choice<const Option extends string>(name: string, options: readonly Option[]): Option | undefined
  /** Whether a checkbox is ticked. */
  checked(name: string): boolean
  has(name: string): boolean
  names(): string[]
}

export function formOf(fields: Readonly<Record<string, string>>): Form {
  const values = new Map(Object.entries(fields))
  const raw = (name: string, maxLength: number) => {
    const value = values.get(name) ?? ''
    if (value.length > maxLength) throw new MalformedForm(400, `longer than ${maxLength}: ${name}`)
    return value
  }
  return {
    text: (name, maxLength) => raw(name, maxLength).trim().normalize('NFC'),
    secret: raw,
    code: (name, maxLength) =>
      raw(name, maxLength * 2)
        .replace(/[\s\p{Pd}]/gu, '')
        .slice(0, maxLength + 1),
    choice: (name, options) => options.find((option) => option === values.get(name)),
    checked: (name) => values.has(name),
    has: (name) => values.has(name),
    names: () => [...values.keys()],
  }
}

export const emptyForm: Form = formOf({})

/** Reads a POST body. Throws `MalformedForm`: 415 for another media type, 413 above the limit, 400 for anything else. */
export async function readForm(request: Request): Promise<Form> {
  // Demanded also of an empty body: a missing Content-Type is how cross-site requests slip past form checks.
  const type = request.headers.get('content-type')?.toLowerCase() ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?\s*)?$/.test(type)) {
    throw new MalformedForm(415, 'not a form')
  }
  return formOf(parseFields(await readText(request)))
}

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > formLimits.bytes) throw new MalformedForm(413, 'too long')
  if (!request.body) return ''

  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.length
    if (bytes > formLimits.bytes) throw new MalformedForm(413, 'too long')
    chunks.push(chunk)
  }
  return decoded(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
}

/** Strict where `URLSearchParams` guesses: bad escapes, doubled fields and NUL are refused. */
export function parseFields(body: string): Record<string, string> {
  const pairs = body === '' ? [] : body.split('&')
  if (pairs.length > formLimits.fields) throw new MalformedForm(400, 'too many fields')

  const fields = new Map<string, string>()
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(plainText)
    if (name === '' || fields.has(name)) throw new MalformedForm(400, 'a field without a name, or twice')
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}

function plainText(text: string): string {
  const plain = decoded(() => decodeURIComponent(text.replaceAll('+', ' ')))
  if (plain.includes('\0')) throw new MalformedForm(400, 'a NUL')
  return plain
}

function decoded(read: () => string): string {
  try {
    return read()
  } catch {
    throw new MalformedForm(400, 'bad encoding')
  }
}
