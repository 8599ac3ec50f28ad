/** What stands in place of a secret. */
const masked = '***'

/**
 * `text` without the secrets, in whatever way a provider may have written them: as they are, percent-encoded (UTF-8 or
 * Latin-1, space as +), with JSON or JavaScript escapes, or with XML and HTML references.
 */
export function mask(text: string, secrets: readonly string[]): string {
  // Longest first: a short secret inside a long one must not leave the rest of the long one standing.
  const byLength = [...new Set(secrets)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  return byLength.reduce(
    (rest, secret) => rest.replace(new RegExp([...secret].map(anyWayToWrite).join(''), 'gi'), masked),
    text,
  )
}

/** The digits of a code, also when a provider has grouped them by spaces or dashes. */
export function maskDigits(text: string, codes: readonly string[]): string {
  const between = `(?:${[' ', '\u00a0', '-'].map(anyWayToWrite).join('|')})?`
  return codes.reduce(
    (rest, code) => rest.replace(new RegExp([...code].map(anyWayToWrite).join(between), 'gi'), masked),
    text,
  )
}

const named: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\u00a0': '&nbsp;',
}
const jsonShort: Record<string, string> = {
  '\n': '\\\\n',
  '\r': '\\\\r',
  '\t': '\\\\t',
  '"': '\\\\"',
  '/': '\\\\/',
  '\\': '\\\\\\\\',
}

function anyWayToWrite(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const bytes = [...Buffer.from(character, 'utf8')].map((byte) => `%${hex(byte, 2)}`).join('')
  const units = character
    .split('')
    .map((unit) => `\\\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('')
  const ways = [RegExp.escape(character), bytes, units, `&#0*${code};`, `&#x0*${code.toString(16)};`]
  if (code >= 0x80 && code < 0x100) ways.push(`%${hex(code, 2)}`)
  if (character === ' ') ways.push('\\+')
  if (character === '\n') ways.push('\\r\\n', '<br ?/?>')
  ways.push(...[named[character], jsonShort[character]].filter((way) => way !== undefined))
  return `(?:${ways.join('|')})`
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0')
}
