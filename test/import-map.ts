import { type Import, importsOf, type Source } from './source.ts'

type Row = {
  /** Rooms below `src/`, or parts of one; everything below them may be imported. A room may always import itself. */
  ours: readonly string[]
  /** Packages, and modules of Node where a room is kept from the machine. */
  packages: readonly string[]
}

const ANY_OF_NODE = 'node:'
const everything = ['contract', 'protocols', 'core', 'storage', 'outbound', 'inbound', 'i18n', 'config', 'system.ts']
const door = ['contract', 'protocols', 'i18n', 'inbound/web']

/** Who may import what. Data flows one way, and a line of code knows its room. */
export const importMap: Readonly<Record<string, Row>> = {
  contract: { ours: [], packages: ['zod'] },
  protocols: {
    ours: [],
    packages: ['@simplewebauthn/server', 'saxes', 'csv-parse', 'node:crypto', 'node:buffer', 'node:stream'],
  },
  core: { ours: ['contract', 'protocols'], packages: ['zod', 'libphonenumber-js', 'node:crypto', 'node:util'] },
  storage: { ours: ['core', 'contract', 'protocols'], packages: ['pg', ANY_OF_NODE] },
  outbound: {
    ours: ['core', 'contract', 'protocols'],
    packages: [
      'dns-packet',
      'ldapts',
      'nodemailer',
      'undici',
      'pino',
      'pino-pretty',
      'prom-client',
      'web-push',
      'zod',
      ANY_OF_NODE,
    ],
  },
  i18n: { ours: ['contract'], packages: [] },
  'inbound/web': { ours: ['contract', 'protocols', 'i18n'], packages: ['hono', '@hono/node-server', ANY_OF_NODE] },
  'inbound/*': { ours: door, packages: ['hono', 'zod', 'qrcode', 'libphonenumber-js', ANY_OF_NODE] },
  config: { ours: ['core/errors.ts', 'core/secrets', 'contract'], packages: ['yaml', ANY_OF_NODE] },
  system: { ours: ['core/ports.ts'], packages: ['uuid', 'node:crypto'] },
  app: { ours: everything, packages: ['hono', ANY_OF_NODE] },
  cli: { ours: ['app', ...everything], packages: ['commander', 'csv-parse', ANY_OF_NODE] },
  main: { ours: ['cli', 'app', ...everything], packages: ['commander', ANY_OF_NODE] },
}

/** The room of a file: `src/core/users/user.ts` -> `core`, `src/inbound/portal/x.ts` -> `inbound/portal`. */
export function roomOf(path: string): string {
  const [, first = '', second = ''] = path.split('/')
  return first === 'inbound' ? `inbound/${second}` : first.replace(/\.ts$/, '')
}

/** Each line that imports what its room may not. */
export function trespasses(files: readonly Source[]): string[] {
  return files.flatMap(importsOf).flatMap((line) => {
    const room = roomOf(line.from)
    const row = importMap[room] ?? importMap[room.replace(/\/.*/, '/*')]
    if (!row) return [`${line.from}: the room ${room} is not on the map (test/import-map.ts)`]
    if (isAllowed(row, room, line)) return []
    return [`${line.from}:${line.line} imports ${line.to}, which ${room} may not`]
  })
}

function isAllowed({ ours, packages }: Row, room: string, { to }: Import): boolean {
  if (to.startsWith('src/')) {
    const below = to.slice('src/'.length)
    return roomOf(to) === room || ours.some((part) => below === part || below.startsWith(`${part}/`))
  }
  // package.json holds the version; nothing else outside of src is part of the product.
  if (to === 'package.json') return room === 'app'
  return packages.some((name) => to === name || to.startsWith(name === ANY_OF_NODE ? name : `${name}/`))
}

/** Rooms that import each other, in a circle of any length: `core -> storage -> core`. */
export function roomCycles(files: readonly Source[]): string[] {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of files.flatMap(importsOf)) {
    if (!to.startsWith('src/') || roomOf(from) === roomOf(to)) continue
    const known = next.get(roomOf(from)) ?? new Set()
    next.set(roomOf(from), known.add(roomOf(to)))
  }
  return [...next.keys()].flatMap((start) => {
    const way = wayBack(start, next)
    return way ? [way.join(' -> ')] : []
  })
}

function wayBack(start: string, next: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const ways: string[][] = [[start]]
  const seen = new Set<string>()
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const room of next.get(way.at(-1) ?? '') ?? []) {
      if (room === start) return [...way, room]
      if (seen.has(room)) continue
      seen.add(room)
      ways.push([...way, room])
    }
  }
  return undefined
}
