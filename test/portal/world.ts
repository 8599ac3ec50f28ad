import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { mountPortal } from '../../src/app/portal.ts'
import type { Answered } from '../../src/inbound/web/routes.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sqlite } from '../../src/storage/sql/sqlite.ts'
import { alicePhone, engineWorld, password } from '../engine.ts'
import { putMigrated } from '../migrated-file.ts'

export const base = '/MultiFactorAuth'
export const origin = 'https://portal.test'
const sessionCookie = '__Host-sallyport'

type World = Awaited<ReturnType<typeof portalWorld>>
/** A page or redirect as a browser got it. `location` is without the base. */
export type Seen = {
  status: number
  headers: Headers
  text: string
  location: string | undefined
  cookies: string[]
}
export type Sent = { headers?: Record<string, string>; from?: string }

/** The portal over an engine of its own, at https://portal.test/MultiFactorAuth/, without a socket. */
export async function portalWorld(
  options: Parameters<typeof engineWorld>[1] &
    Partial<Pick<Parameters<typeof mountPortal>[1], 'trusts' | 'proves'>> = {},
) {
  const { trusts, proves, ...ofEngine } = options
  const world = await engineWorld(await emptyDatabase(), ofEngine)
  const failures: unknown[] = []
  const noted = (_message: string, _facts?: unknown, error?: unknown) => void failures.push(error ?? _message)
  const answered: Answered[] = []
  const app = new Hono()
  mountPortal(app, {
    api: world.api,
    base,
    tls: true,
    publicOrigin: origin,
    clock: world.clock,
    ids: { next: () => 'request-7' },
    log: { info() {}, warn: noted, error: noted },
    answered: (facts) => void answered.push(facts),
    ...(trusts && { trusts }),
    proves,
  })

  async function send(path: string, init: RequestInit = {}, from = '192.0.2.7'): Promise<Response> {
    const headers = new Headers(init.headers)
    if (!headers.has('host')) headers.set('host', 'portal.test')
    return app.request(`${origin}${path}`, { ...init, headers }, { incoming: { socket: { remoteAddress: from } } })
  }

  return { ...world, send, failures, answered, visitor: () => visitor(send) }
}

async function emptyDatabase(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-portal-'))
  const file = join(folder, 'sallyport.db')
  await putMigrated(file)
  const database = sqlite(file)
  after(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return database
}

/** A browser without script: it keeps cookies, and takes the form token from the page it has. Paths are below the base. */
export function visitor(send: (path: string, init: RequestInit, from?: string) => Promise<Response>) {
  const jar = new Map<string, string>()

  async function ask(path: string, init: RequestInit = {}, { headers = {}, from }: Sent = {}): Promise<Seen> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const given = new Headers(init.headers)
    for (const [name, value] of Object.entries({ ...(cookie && { cookie }), ...headers })) given.set(name, value)
    const response = await send(path.startsWith('/') ? base + path : path, { ...init, headers: given }, from)
    const cookies = response.headers.getSetCookie()
    for (const line of cookies) keep(line)
    return { status: response.status, headers: response.headers, ...(await read(response)), cookies }
  }

  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/; Max-Age=0$/.test(line)) jar.delete(name)
    else jar.set(name, value)
  }

  /** The form token that this browser's pages have now. */
  async function token(): Promise<string> {
    const { text } = await ask('/sign-in')
    return /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? assert.fail('a page without a form token')
  }

  return {
    jar,
    token,
    get: (path: string, sent?: Sent) => ask(path, {}, sent),
    ask,
    async post(path: string, fields: Record<string, string> = {}, sent: Sent = {}): Promise<Seen> {
      const body = new URLSearchParams({ csrf: fields.csrf ?? (await token()), ...fields }).toString()
      return ask(path, { method: 'POST', body, headers: formType }, sent)
    },
    get session() {
      return jar.get(sessionCookie)
    },
    holds: (session: string) => void jar.set(sessionCookie, session),
  }
}

export type Visitor = ReturnType<typeof visitor>
export const formType = { 'content-type': 'application/x-www-form-urlencoded' }

/** Event streams have no end of their own. */
async function read(response: Response): Promise<Pick<Seen, 'text' | 'location'>> {
  const location = response.headers.get('location') ?? undefined
  const streams = response.headers.get('content-type') === 'text/event-stream'
  if (streams) await response.body?.cancel()
  return {
    text: streams ? '' : await response.text(),
    location: location?.startsWith(`${base}/`) ? location.slice(base.length) : location,
  }
}

/** Everyone that there is to the portal, each in a browser of their own. */
export const levels = {
  nobody: async () => {},
  'with a forged token': async (_world, them) => them.holds(`se_${'A'.repeat(43)}`),
  'half signed in': async (world, them) => them.holds(await world.begin('alice')),
  'with a half-way token relabelled': async (world, them) =>
    them.holds((await world.begin('alice')).replace(/^si_/, 'se_')),
  'setting up': async (world, them) => them.holds(await world.begin('bob')),
  'choosing a PIN': async (world, them) => them.holds(await world.toNewPin()),
  'signed in': async (world, them) => them.holds(await world.signIn('alice', alicePhone)),
  'with an ended session': async (world, them) => {
    const session = await world.signIn('alice', alicePhone)
    await world.api.signOut({ session }, { all: false })
    them.holds(session)
  },
} as const satisfies Record<string, (world: World, them: Visitor) => Promise<void>>
export type LevelName = keyof typeof levels

export async function visitorWho(level: LevelName, world: World): Promise<Visitor> {
  const them = world.visitor()
  await levels[level](world, them)
  return them
}

/** Signs everyone in once; then a browser of its own for each asking. */
export async function castOf(world: World): Promise<(level: LevelName) => Visitor> {
  const sessions = new Map<LevelName, string | undefined>()
  for (const level of Object.keys(levels) as LevelName[]) {
    sessions.set(level, (await visitorWho(level, world)).session)
  }
  return (level) => {
    const them = world.visitor()
    const session = sessions.get(level)
    if (session !== undefined) them.holds(session)
    return them
  }
}

/** The page as it is once the queue has noted that the text was sent; it says so a moment after the phone has it. */
export async function whenSent(
  them: Visitor,
  path: string,
  says: string | RegExp = 'We sent a text message',
): Promise<Seen> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) {
    const seen = await them.get(path)
    if (seen.text.match(says)) return seen
  }
  return assert.fail('the text was never sent')
}

/** Every row, without what the engine adds by itself afterwards: seals, and how far a text is. */
export async function everything({ database }: Pick<World, 'database'>): Promise<string[]> {
  const whole = [
    'users',
    'sign_in',
    'session',
    'challenge',
    'oath_token',
    'token_offer',
    'passkey',
    'passkey_challenge',
    'directory_challenge',
    'recovery_code',
    'security_answer',
    'pin',
    'known_address',
    'throttle',
  ]
  const queries = [
    ...whole.map((table) => `SELECT '${table}' AS table_name, * FROM ${table}`),
    "SELECT 'delivery' AS table_name, id, recipient FROM delivery",
    "SELECT 'audit' AS table_name, id, what, user_id, address FROM audit",
  ]
  const rows = await Promise.all(queries.map((text) => database.rows({ parts: [text], values: [] })))
  return rows.flat().map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}` : value)))
}

export { alicePhone, password }
