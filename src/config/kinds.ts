import { Secret } from '../core/secrets/secret.ts'
import { type Kind, right, textKind, wrong } from './kind.ts'

export function plainText(says: string): Kind<string> {
  return textKind(says, right)
}

export const secretText: Kind<Secret> = textKind('the secret itself', (text) => right(new Secret(text)))

/** YAML 1.2 knows true and false only; the others are what people write, and what the field's own files hold. */
const FLAGS = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
])

export const flag: Kind<boolean> = textKind('true or false', (text) => {
  const value = FLAGS.get(text.toLowerCase())
  return value === undefined ? wrong('This is neither true nor false.') : right(value)
})

export function wholeNumber(least: number, most: number, unit: string): Kind<number> {
  return textKind(`a whole number of ${unit} from ${least} to ${most}`, (text) => {
    if (!/^[0-9]{1,9}$/.test(text)) return wrong('This is not a whole number.')
    const value = Number(text)
    return value < least || value > most ? wrong(`This is not from ${least} to ${most}.`) : right(value)
  })
}

export function oneOf<const T extends string>(...choices: readonly T[]): Kind<T> {
  const list = choices.length > 1 ? `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}` : String(choices[0])
  return textKind(list, (text) => {
    const chosen = choices.find((choice) => choice.toLowerCase() === text.toLowerCase())
    return chosen === undefined ? wrong('This is not one of the choices.') : right(chosen)
  })
}

export const pattern: Kind<RegExp> = textKind('a regular expression, for example ^OK', (text) => {
  try {
    return right(new RegExp(text))
  } catch {
    return wrong('This is not a regular expression.')
  }
})

/** "200", "2xx", "200-299" as ranges, both ends included. */
export type StatusRange = { from: number; to: number }

export const statusRanges: Kind<readonly StatusRange[]> = {
  says: 'HTTP statuses or ranges of them, for example 200-299 or 200, 202',
  shape: 'list',
  parse(items) {
    const ranges: StatusRange[] = []
    for (const item of items) {
      const [, from, to = from] = /^([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?$/.exec(item) ?? []
      if (from === undefined || Number(from) > Number(to))
        return wrong('This is not an HTTP status or a range of them.')
      ranges.push({ from: Number(from), to: Number(to) })
    }
    return ranges.length === 0 ? wrong('The list is empty.') : right(Object.freeze(ranges))
  },
}

const LDAP_ATTRIBUTE = /^(?:[a-z][a-z0-9-]*|[0-9]+(?:\.[0-9]+)+)$/i

/** RFC 4512 section 1.4: a name (keystring) or a numeric OID. */
export const ldapAttribute: Kind<string> = textKind('the name of an attribute, for example mail', (text) => {
  return LDAP_ATTRIBUTE.test(text) ? right(text) : wrong('This cannot be the name of an LDAP attribute.')
})

export const distinguishedName: Kind<string> = textKind(
  'a distinguished name, for example dc=example,dc=org',
  (text) => {
    return /^[^=]+=/.test(text) ? right(text) : wrong('This is not a distinguished name.')
  },
)

/** Checked for its outer shape only; the directory judges the rest. */
export const ldapFilter: Kind<string> = textKind(
  'an LDAP filter in parentheses, for example (objectClass=person)',
  (text) => {
    let depth = 0
    for (const character of text) {
      if (character === '(') depth++
      if (character === ')') depth--
      if (depth < 0) return wrong('A parenthesis is closed that was not opened.')
    }
    if (depth > 0) return wrong('A parenthesis is not closed.')
    return /^\(.+\)$/s.test(text) ? right(text) : wrong('The filter does not stand in parentheses.')
  },
)

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i
const NOT_OURS_TO_SET = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade'])

export const headerName: Kind<string> = textKind('the name of a header, for example X-Remote-User', (text) => {
  return HEADER_NAME.test(text) ? right(text) : wrong('This cannot be the name of an HTTP header.')
})

/** RFC 9110 sections 5.1 and 5.5. */
export const headers: Kind<Readonly<Record<string, string>>> = {
  says: 'header names and values, for example X-Account: example',
  shape: 'map',
  parse(entries) {
    for (const [name, value] of entries) {
      if (!HEADER_NAME.test(name)) return wrong('One of the names cannot be the name of an HTTP header.')
      if (NOT_OURS_TO_SET.has(name.toLowerCase())) return wrong(`The header ${name} is set by the HTTP client itself.`)
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
        return wrong(`The value of ${name} has a character that a header cannot hold.`)
    }
    return right(Object.freeze(Object.fromEntries(entries)))
  },
}
