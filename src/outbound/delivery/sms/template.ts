import type { Text } from '../../../core/delivery/text-sender.ts'
import type { Secret } from '../../../core/secrets/secret.ts'
import { bodyKind, bodyProblems, escapes, type Values } from './escape.ts'

/** A request with holes, as an operator writes it down for a provider of texts. */
export type HttpTextTemplate = {
  /** Absolute, http or https. Holes may stand behind the host only. */
  url: string
  method: 'GET' | 'POST' | 'PUT'
  headers: Readonly<Record<string, string>>
  body?: string | undefined
  /** What `body` is, and so how its holes are escaped. Default `application/x-www-form-urlencoded`. */
  contentType?: string | undefined
  from?: string | undefined
  /** Name and password fill their holes; where no hole asks for either, they are sent as HTTP Basic credentials (RFC 7617). */
  username?: string | undefined
  password?: Secret | undefined
}

/** `where` is the key of the configuration: `url`, `body`, `contentType`, `headers.<name>`. */
export type TemplateProblem = { where: string; problem: string }

export type FilledRequest = {
  origin: string
  path: string
  method: HttpTextTemplate['method']
  headers: Record<string, string>
  body: string | undefined
}

/** `{to}` is E.164, `{to_digits}` the same without the +. */
const holes = ['to', 'to_digits', 'text', 'from', 'id', 'username', 'password'] as const
type Hole = (typeof holes)[number]

const hole = /\{([A-Za-z_][\w-]*)\}/g
/** RFC 9110 section 5.6.2. */
const token = /^[\w!#$%&'*+.^`|~-]+$/
/** Written by the HTTP client, from the url, the body and the connection. */
const notOurs = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
const formType = 'application/x-www-form-urlencoded'

/** Everything that is wrong with a template, so that a configuration check can show all of it. Empty when it is sound. */
export function checkTemplate(template: HttpTextTemplate): TemplateProblem[] {
  const { url, method, headers, body, contentType } = template
  const problems: TemplateProblem[] = []
  const note = (where: string, found: string[]) => problems.push(...found.map((problem) => ({ where, problem })))

  note('url', [...urlProblems(url), ...holeProblems(url, template)])
  for (const [name, value] of Object.entries(headers)) {
    note(`headers.${name}`, [...headerProblems(name, value, template), ...holeProblems(value, template)])
  }
  if (body !== undefined) {
    const kind = bodyKind(contentType ?? formType)
    if (method === 'GET') note('body', ['a GET request has no body; use POST'])
    if (typeof kind !== 'string') note('contentType', [kind.problem])
    else note('body', bodyProblems(kind, body, hole))
    note('body', holeProblems(body, template))
  }
  note('username', credentialProblems(template))
  return problems
}

/** The request for one text. The template was checked before. */
export function fillTemplate(template: HttpTextTemplate, text: Text): FilledRequest {
  const values = valuesFor(template, text)
  const { origin, rest } = splitUrl(template.url) ?? { origin: '', rest: '' }
  const path = fill(rest, values, escapes.url)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(template.headers))
    headers[name.toLowerCase()] = fill(value, values, escapes.header)

  let body: string | undefined
  if (template.body !== undefined) {
    const contentType = template.contentType ?? formType
    const kind = bodyKind(contentType)
    body = fill(template.body, values, escapes[typeof kind === 'string' ? kind : 'form'])
    headers['content-type'] = contentType
  }
  const basic = basicCredentials(template)
  if (basic !== undefined) headers.authorization = `Basic ${basic}`
  return { origin, path: path.startsWith('/') ? path : `/${path}`, method: template.method, headers, body }
}

export function valuesFor({ from, username, password }: HttpTextTemplate, { id, to, body }: Text): Values<Hole> {
  const values = {
    ...{ to, to_digits: to.replace(/\D/g, ''), text: body, id },
    ...{ from: from ?? '', username: username ?? '', password: password?.reveal() ?? '' },
  }
  // Half a surrogate pair has no UTF-8; it becomes U+FFFD here once rather than an exception in an escape.
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toWellFormed()])) as Values<Hole>
}

/** What follows `Basic ` in the header; undefined where the credentials go into holes, or there are none. */
function basicCredentials(template: HttpTextTemplate): string | undefined {
  const { username, password } = template
  if (username === undefined || password === undefined || asksForCredentials(template)) return undefined
  return Buffer.from(`${username}:${password.reveal()}`, 'utf8').toString('base64')
}

function asksForCredentials({ url, headers, body = '' }: HttpTextTemplate): boolean {
  return [url, body, ...Object.values(headers)].some(
    (text) => text.includes('{username}') || text.includes('{password}'),
  )
}

function credentialProblems(template: HttpTextTemplate): string[] {
  const { username, password, headers } = template
  if ((username === undefined && password === undefined) || asksForCredentials(template)) return []
  if (username === undefined || password === undefined)
    return ['username and password go together, unless a hole asks for one of them']
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization'))
    return ['is used nowhere: headers have an authorization of their own']
  return username.includes(':') ? ['cannot have a colon in HTTP Basic credentials (RFC 7617 section 2)'] : []
}

function fill(template: string, values: Values<Hole>, write: (value: string) => string): string {
  return template.replace(hole, (_, name: Hole) => write(values[name]))
}

function splitUrl(url: string): { origin: string; rest: string } | undefined {
  const [, origin, rest] = /^(https?:\/\/[^/?#{}@\s\\]+)((?:[/?].*)?)$/is.exec(url) ?? []
  if (origin === undefined || rest === undefined || !URL.canParse(origin)) return undefined
  return { origin: new URL(origin).origin, rest }
}

function urlProblems(url: string): string[] {
  const parts = splitUrl(url)
  if (!parts) return ['must begin with http:// or https:// and a host, without holes or a user name in it']
  const literal = parts.rest.replace(hole, '')
  const problems: string[] = []
  if (/[^\x21-\x7e]|[{}"<>\\^`|]/.test(literal)) problems.push('has a character that must be percent-encoded')
  if (/%(?![0-9A-Fa-f]{2})/.test(literal)) problems.push('has a % that begins no percent-encoding; write %25')
  if (literal.includes('#')) problems.push('has a # part, which is never sent; write %23')
  return problems
}

function headerProblems(name: string, value: string, template: HttpTextTemplate): string[] {
  const problems: string[] = []
  if (!token.test(name)) problems.push('is not a header name')
  if (notOurs.has(name.toLowerCase())) problems.push('is set by Sallyport itself')
  if (name.toLowerCase() === 'content-type') problems.push('is set by contentType')
  if (!isFieldText(value.replace(hole, ''))) problems.push('has a character other than printable ASCII')
  for (const [, used] of value.matchAll(hole)) {
    if (used === 'text') problems.push('{text} cannot stand in a header: texts have line breaks')
    if (used !== 'from' && used !== 'username' && used !== 'password') continue
    const filled = used === 'password' ? template.password?.reveal() : template[used]
    if (!isFieldText(filled ?? ''))
      problems.push(`${used} has a character other than printable ASCII, and stands in a header`)
  }
  return problems
}

/** RFC 9110 section 5.5: visible ASCII and spaces; anything else is read differently by different servers. */
function isFieldText(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value)
}

function holeProblems(text: string, { from, username, password }: HttpTextTemplate): string[] {
  const given: Partial<Record<Hole, boolean>> = {
    from: from !== undefined,
    username: username !== undefined,
    password: password !== undefined,
  }
  return [...new Set([...text.matchAll(hole)].map(([, name]) => name ?? ''))].flatMap((name) => {
    if (!holes.includes(name as Hole))
      return [`unknown hole {${name}}; known are ${holes.map((h) => `{${h}}`).join(' ')}`]
    if (given[name as Hole] === false) return [`{${name}} is used, but ${name} is not given`]
    return []
  })
}
