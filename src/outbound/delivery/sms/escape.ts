import { AppError } from '../../../core/errors.ts'

export type Values<K extends string> = Record<K, string>
export type Place = 'url' | 'header' | BodyKind
export type BodyKind = 'form' | 'json' | 'xml' | 'plain'

/** How a value is written where it stands, so that what the provider reads is what we were given. */
export const escapes: Record<Place, (value: string) => string> = {
  url: percent,
  form: percent,
  json: (value) => JSON.stringify(value).slice(1, -1),
  xml,
  plain: (value) => value,
  header,
}

/** RFC 3986 section 2.3: everything but the unreserved characters. encodeURIComponent leaves five more. */
function percent(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

/**
 * For elements and for attributes. Line ends and tabs are written as references, since a parser normalises them
 * (XML 1.0 sections 2.11 and 3.3.3); characters that XML 1.0 section 2.2 does not have become U+FFFD.
 */
function xml(value: string): string {
  return value
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replace(/[&<>"'\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`)
}

/** RFC 9110 section 5.5: a line end in a field value would begin another field. */
function header(value: string): string {
  if (/[^\x20-\x7e]/.test(value)) {
    throw new AppError('delivery.failed', { detail: 'a value for a header has a character other than printable ASCII' })
  }
  return value
}

/** From a media type (RFC 9110 section 8.3.1) to how its holes are escaped. */
export function bodyKind(contentType: string): BodyKind | { problem: string } {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  if (/[^\x20-\x7e]/.test(contentType)) return { problem: 'has a character other than printable ASCII' }
  if (charset !== undefined && !/^charset="?utf-8"?$/.test(charset)) return { problem: 'bodies are sent in UTF-8 only' }
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type === 'application/json' || /^[\w.+/-]+\+json$/.test(type)) return 'json'
  if (type === 'text/xml' || type === 'application/xml' || /^[\w.+/-]+\+xml$/.test(type)) return 'xml'
  if (type === 'text/plain') return 'plain'
  return { problem: `no way to escape holes in ${type}; use a form, JSON, XML or text/plain` }
}

/** What is wrong with a body of this kind, its holes (found by `hole`) aside. */
export function bodyProblems(kind: BodyKind, body: string, hole: RegExp): string[] {
  const problems: string[] = []
  if (kind === 'json' && !isJsonWith(body.replace(hole, ''))) problems.push('is not JSON')
  // A quote, escaped for a JSON string, is no JSON anywhere else: so a hole outside of quotes shows.
  else if (kind === 'json' && !isJsonWith(body.replace(hole, () => escapes.json('a"b')))) {
    problems.push('has a hole outside of double quotes; write "{to}"')
  }
  if (kind === 'xml' && /<!\[CDATA\[|<!--|<!DOCTYPE/i.test(body))
    problems.push('has a CDATA section, a comment or a DOCTYPE, in which a hole cannot be escaped')
  if (kind === 'form' && /[^\x21-\x7e]/.test(body.replace(hole, '')))
    problems.push('has a character that must be percent-encoded')
  return problems
}

function isJsonWith(filled: string): boolean {
  try {
    JSON.parse(filled)
    return true
  } catch {
    return false
  }
}
