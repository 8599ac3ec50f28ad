import { nearest } from './nearest.ts'
import type { Values } from './options.ts'
import type { Rule } from './rules.ts'

const PLACEHOLDERS = ['to', 'text', 'from', 'id']
const ALIKE: Readonly<Record<string, string>> = {
  phone: 'to',
  number: 'to',
  recipient: 'to',
  message: 'text',
  body: 'text',
  code: 'text',
  sender: 'from',
}

/** A gateway takes a request without number or text gladly, and nobody gets a code. */
export const smsRules: readonly Rule[] = [
  {
    about: ['sms.http.url', 'sms.http.body', 'sms.http.headers'],
    broken(values) {
      if (values['sms.http.url'] === undefined) return undefined
      const missing = ['to', 'text'].filter((name) => !templates(values).some((text) => text.includes(`{${name}}`)))
      if (missing.length === 0) return undefined
      const holes = missing.map((name) => `{${name}}`).join(' nor ')
      return {
        problem: `Neither address, body nor headers hold ${holes}.`,
        remedy: 'Put it where the gateway expects it, mostly in sms.http.body.',
      }
    },
  },
  {
    about: ['sms.http.url', 'sms.http.body', 'sms.http.headers'],
    broken(values) {
      const unknown = templates(values)
        .flatMap(placeholders)
        .find((name) => !PLACEHOLDERS.includes(name))
      if (unknown === undefined) return undefined
      const meant = ALIKE[unknown] ?? nearest(unknown, PLACEHOLDERS)
      const known = PLACEHOLDERS.map((name) => `{${name}}`).join(', ')
      return {
        problem: `{${unknown}} is not filled in by anything.`,
        remedy: meant ? `Did you mean {${meant}}?` : `Known are ${known}.`,
      }
    },
  },
  {
    about: ['sms.from', 'sms.http.url', 'sms.http.body', 'sms.http.headers'],
    broken(values) {
      const asked = templates(values).flatMap(placeholders).includes('from')
      if (!asked || values['sms.from'] !== undefined) return undefined
      return {
        problem: 'The request holds {from}, and no sender is given.',
        remedy: 'Give sms.from, or remove {from}.',
      }
    },
  },
  {
    about: ['sms.http.body', 'sms.http.method'],
    broken: (values) =>
      values['sms.http.body'] !== undefined && values['sms.http.method'] === 'GET'
        ? {
            problem: 'A GET request has no body.',
            remedy: 'Set sms.http.method: POST, or put {to} and {text} into sms.http.url.',
          }
        : undefined,
  },
]

function templates(values: Values): string[] {
  const { 'sms.http.url': url = '', 'sms.http.body': body = '', 'sms.http.headers': headers = {} } = values
  return [url, body, ...Object.values(headers)]
}

function placeholders(template: string): string[] {
  return [...template.matchAll(/\{([a-z_]{1,20})\}/g)].map(([, name = '']) => name)
}
