import { AppError } from '../../src/core/errors.ts'
import type { PeopleSource, SourcePerson } from '../../src/core/sync/source.ts'

type Fake = SourcePerson & { in: string[] }

type Call = { base: string; since: string | undefined; handed: number; fetched: number }
export type FakeSource = PeopleSource & {
  people: Map<string, Fake & { changed: number }>
  calls: Call[]
  /** Breaks off after so many pages of a reading. */
  failsAfter: number
  /** Answers with nobody, as if that were all. */
  mute: boolean
  /** Bases that are not there. */
  missing: Set<string>
  /** Runs after each page was taken. */
  afterPage(): Promise<void>
  put(username: string, more?: Partial<Fake>): void
  /** Changes who is in a group, which leaves the person's own entry as it was. */
  regroup(username: string, bases: string[]): void
}

/**
 * A directory of people under a test's hand. Who is `in` a base is in its scope. It reads incrementally as real ones do: those
 * whom it changed since the cursor, and the ids of all.
 */
export function fakeSource(pageSize = 100): FakeSource {
  const people = new Map<string, Fake & { changed: number }>()
  let clock = 0
  const calls: Call[] = []
  const source: FakeSource = {
    people,
    calls,
    failsAfter: Number.POSITIVE_INFINITY,
    mute: false,
    missing: new Set(),
    afterPage: async () => {},

    put(username, more = {}) {
      const uid = more.uid ?? `uid-${username}`
      const was = people.get(uid)
      const person = {
        phones: {},
        enabled: true,
        in: ['ou=people'],
        ...was,
        ...more,
        uid,
        username,
        dn: `cn=${uid}`,
        changed: ++clock,
      }
      people.set(uid, person)
    },
    regroup(username, bases) {
      const person = people.get(`uid-${username}`)
      if (person) person.in = bases
    },
    async read(scope, since, take) {
      if (source.missing.has(scope.base)) throw new AppError('directory.missing', { detail: `no ${scope.base}` })
      const all = source.mute ? [] : [...people.values()].filter((person) => person.in.includes(scope.base))
      const handed = since === undefined ? all : all.filter(({ changed }) => changed > Number(since))
      const call = { base: scope.base, since, handed: handed.length, fetched: 0 }
      calls.push(call)
      for (let at = 0, page = 0; at < handed.length; at += pageSize, page++) {
        if (page >= source.failsAfter) throw new AppError('directory.unreachable')
        // As real ones do: whatever goes wrong while a page is taken looks like a reading that failed.
        await take(handed.slice(at, at + pageSize)).catch((cause) => {
          throw cause instanceof AppError ? cause : new AppError('directory.unreachable', { cause })
        })
        await source.afterPage()
      }
      if (source.failsAfter === 0) throw new AppError('directory.unreachable')
      return { present: new Set(all.map(({ uid }) => uid)), whole: since === undefined, cursor: String(clock) }
    },
    has: async ({ base }) => !source.missing.has(base),
    async fetch(uids, base = 'ou=people') {
      const last = calls.at(-1)
      if (last) last.fetched += uids.length
      return uids.flatMap((uid) => people.get(uid) ?? []).filter((person) => person.in.includes(base))
    },
    async find(kind, text) {
      return [{ dn: `${kind === 'group' ? 'cn' : 'ou'}=${text},dc=example`, name: text }]
    },
    async close() {},
  }
  return source
}
