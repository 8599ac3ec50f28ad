import { createHmac, timingSafeEqual } from 'node:crypto'

/** The fields of a form in the order in which they came; a name may come more than once. */
export type Fields = readonly (readonly [name: string, value: string])[]

/**
 * What Twilio sends in `X-Twilio-Signature`: base64 of HMAC-SHA1, with the account's auth token, over the whole address
 * (query included) followed by each field's name and value, sorted by name. Of a name that comes more than once each
 * value counts once, sorted. https://www.twilio.com/docs/usage/security#validating-requests
 */
export function twilioSignature(authToken: string, { url, fields }: { url: string; fields: Fields }): string {
  const unique = new Map(fields.map(([name, value]) => [JSON.stringify([name, value]), { name, value }]))
  const sorted = [...unique.values()].sort((a, b) => order(a.name, b.name) || order(a.value, b.value))
  const text = url + sorted.map(({ name, value }) => name + value).join('')
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64')
}

type Signed = { url: string; fields: Fields; signature: string }

/**
 * Whether one of the tokens signed the request. `url` is the address as we gave it to Twilio, never put together from
 * what the request says of itself. It counts with the port and without: back ends differ in which of them they sign.
 */
export function isSignedByTwilio(authTokens: readonly string[], { url, fields, signature }: Signed): boolean {
  const sent = Buffer.from(signature)
  return authTokens.some((token) =>
    [withoutPort(url), withPort(url)].some((address) => {
      const right = Buffer.from(twilioSignature(token, { url: address, fields }))
      return sent.length === right.length && timingSafeEqual(sent, right)
    }),
  )
}

/** By UTF-16 code units, as JavaScript and Java sort; never by language. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The characters of path and query stay as they are: they were signed like that. */
const parts = /^(https?:\/\/(?:\[[^\]/?#]*\]|[^:/?#]*))(:\d+)?(.*)$/is

function withoutPort(url: string): string {
  return url.replace(parts, (_, host: string, _port: string | undefined, rest: string) => host + rest)
}

function withPort(url: string): string {
  const usual = /^https:/i.test(url) ? ':443' : ':80'
  return url.replace(parts, (_, host: string, port: string | undefined, rest: string) => host + (port ?? usual) + rest)
}
