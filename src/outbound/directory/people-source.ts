import { AndFilter, type Entry, EqualityFilter, type Filter, FilterParser, OrFilter, SubstringFilter } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Clock, Log, Random } from '../../core/ports.ts'
import type { Cursor, PeopleSource, Reading, Scope, SourcePerson } from '../../core/sync/source.ts'
import { unreachable } from './ldap-connection.ts'
import { type Cut, PRIMARY_GROUP, text } from './ldap-entry.ts'
import { inPages } from './ldap-pages.ts'
import { openSession, type Session } from './ldap-session.ts'
import type { PeopleConfig } from './people-config.ts'
import {
  changeAttributes,
  goesOn,
  hasChanged,
  type Mark,
  markOfLdap,
  markOfWindows,
  readCursor,
  watchStamps,
  writeCursor,
} from './people-cursor.ts'
import { idOf, idValue, readPerson, wantedOf } from './people-map.ts'
import type { Members } from './people-members.ts'
import { type Place, placeFor, placesOf } from './people-place.ts'
import { referralTeller } from './people-referrals.ts'
import { entryAt, isThere, within } from './people-scope.ts'

type Needs = { log: Log; clock: Clock; random: Random }
type Take = (page: readonly SourcePerson[]) => Promise<void>
type Stamps = ReturnType<typeof watchStamps>
/** `complete`: everybody who was to be handed over was. */
type Read = { present: Set<string>; complete: boolean }

/** Ids in one filter, when people are asked for by theirs. */
const IDS_AT_ONCE = 100

/** Real directories as a source of people: Active Directory, and any LDAP server. Each call has a connection of its own. */
export function peopleSource(config: PeopleConfig, needs: Needs): PeopleSource {
  const places = placesOf(config, needs)
  const { log } = needs
  let closed = false

  async function over<T>(place: Place, use: (reader: Reader) => Promise<T>): Promise<T> {
    if (closed) throw new AppError('directory.unreachable', { detail: 'we are closing' })
    const session = await openSession({ ...place, requestMs: config.pageMs }, log)
    try {
      return await use(peopleReader(session, place, config, needs))
    } catch (error) {
      if (error instanceof AppError) throw error
      throw unreachable(session.server, 'people could not be read', error)
    } finally {
      await session.client.unbind().catch(() => {})
    }
  }

  function notSearched({ root }: Place, { message }: Error): [] {
    log.warn('a trusted domain could not be searched', { domain: root, reason: message })
    return []
  }

  return {
    read: (scope, since, take) => over(placeFor(scope.base, places), (reader) => reader.read(scope, since, take)),
    has: (scope) => over(placeFor(scope.base, places), (reader) => reader.has(scope)),
    fetch: (uids, base) => over(placeFor(base, places), (reader) => reader.fetch(uids, base)),
    async find(kind, name, most) {
      const [own, ...trusted] = places
      const found = await over(own, (reader) => reader.find(kind, name, most))
      for (const place of trusted) {
        const more = over(place, (reader) => reader.find(kind, name, most))
        // One that is down keeps nobody from choosing in the others.
        found.push(...(await more.catch((error: Error) => notSearched(place, error))))
      }
      return found.slice(0, most)
    },
    async close() {
      closed = true
    },
  }
}

type Reader = ReturnType<typeof peopleReader>

function peopleReader(
  session: Session,
  place: Place,
  { filters, pageSize, most }: PeopleConfig,
  { log, clock }: Needs,
) {
  const { map, dialect, root, groupRoot } = place
  const personFilter = filters.person === undefined ? dialect.person : FilterParser.parseString(filters.person)
  const { client } = session
  const tell = (cut: Cut) => log.warn('a value of a directory entry is too long and was left out', cut)
  const long: string[] = []
  const tooLong = (dn: string) => void long.push(dn)
  const referred = referralTeller(log, session.server.url)
  const pages = (base: string, filter: Filter, wanted: ReturnType<typeof wantedOf>) =>
    inPages(session, { base, filter, wanted, pageSize, most, mayRefer: dialect.mayRefer, referred, tooLong, tell })

  function isIn(entry: Entry, members: Members | undefined): boolean {
    return members === undefined || members.has(entry, text(entry, map.basic.username))
  }

  /** Who cannot be told apart is left out, and told. */
  function people(entries: readonly Entry[], present: Set<string>): SourcePerson[] {
    const found: SourcePerson[] = []
    for (const entry of entries) {
      const person = readPerson(entry, map, clock.now())
      if ('missing' in person) {
        log.warn('an entry of the directory is left out', { dn: entry.dn, lacks: map.basic[person.missing] })
      } else if (present.has(person.uid)) {
        log.error('two entries of the directory have one id; the second is left out', { dn: entry.dn })
      } else {
        present.add(person.uid)
        found.push(person)
      }
    }
    return found
  }

  /** The ids of entries that are too long to be read: those whose they are must not count as gone. */
  async function idsOfLong(members?: Members): Promise<string[]> {
    const ids: string[] = []
    for (const dn of long.splice(0)) {
      log.warn('an entry of the directory is too long and was left out', { dn: dn.slice(0, 256) })
      const entry = await entryAt(session, dn, personFilter, place.idsAnd([PRIMARY_GROUP]))
      const uid = entry && isIn(entry, members) ? idOf(entry, map) : undefined
      if (uid !== undefined) ids.push(uid)
    }
    return ids
  }

  const inScope = (scope: Scope) => within(session, place, personFilter, { ...scope, pageSize, most })

  async function readAll(scope: Scope, stamps: Stamps, take: Take): Promise<Read> {
    const { filter, members } = await inScope(scope)
    const present = new Set<string>()
    const wanted = wantedOf(map)
    const all = { ...wanted, attributes: [...wanted.attributes, ...stamps.wanted, PRIMARY_GROUP] }
    for await (const entries of pages(scope.base, filter, all)) {
      stamps.see(entries)
      const page = people(
        entries.filter((entry) => isIn(entry, members)),
        present,
      )
      for (const uid of await idsOfLong(members)) present.add(uid)
      if (page.length > 0) await take(page)
    }
    return { present, complete: true }
  }

  async function readChanged(scope: Scope, since: Mark, stamps: Stamps, take: Take): Promise<Read> {
    const { filter, members } = await inScope(scope)
    const present = new Set<string>()
    const changed: string[] = []
    const listed = place.idsAnd([...changeAttributes[since.kind], PRIMARY_GROUP])
    for await (const entries of pages(scope.base, filter, listed)) {
      // A long list with no change in it: whoever takes nothing can still end this, or say that it goes on.
      await take([])
      stamps.see(entries)
      for (const entry of entries.filter((each) => isIn(each, members))) {
        const uid = idOf(entry, map)
        if (uid === undefined) continue
        present.add(uid)
        if (hasChanged(entry, since)) changed.push(uid)
      }
    }
    const seen = await byIds(changed, scope.base, take)
    // Who was moved or removed in between is not found again, and this change is told only once.
    return { present, complete: changed.every((uid) => seen.has(uid)) }
  }

  async function byIds(uids: readonly string[], base: string, take: Take): Promise<Set<string>> {
    const seen = new Set<string>()
    for (let at = 0; at < uids.length; at += IDS_AT_ONCE) {
      const some = uids
        .slice(at, at + IDS_AT_ONCE)
        .map((uid) => idValue(uid, map))
        .filter((value) => value !== undefined)
        .map((value) => new EqualityFilter({ attribute: map.basic.uid, value }))
      if (some.length === 0) continue
      const filter = new AndFilter({ filters: [personFilter, new OrFilter({ filters: some })] })
      for await (const entries of pages(base, filter, wantedOf(map))) {
        const page = people(entries, seen)
        for (const uid of await idsOfLong()) seen.add(uid)
        if (page.length > 0) await take(page)
      }
    }
    return seen
  }

  return {
    async read(scope: Scope, cursor: Cursor | undefined, take: Take): Promise<Reading> {
      const since = readCursor(cursor)
      const mark =
        place.kind === 'windows' ? await markOfWindows(client) : await markOfLdap(client, scope.base, clock.now())
      const stamps = watchStamps(mark, clock)
      const goes = goesOn(since, mark)
      const { present, complete } = goes
        ? await readChanged(scope, since, stamps, take)
        : await readAll(scope, stamps, take)
      return { present, whole: !goes, cursor: complete ? writeCursor(stamps.end()) : undefined }
    },

    async has(scope: Scope): Promise<boolean> {
      try {
        await inScope(scope)
        return await isThere(session, scope.base)
      } catch (error) {
        if (error instanceof AppError && error.code === 'directory.missing') return false
        throw error
      }
    },

    async fetch(uids: readonly string[], base: string = root): Promise<SourcePerson[]> {
      const found: SourcePerson[] = []
      await byIds(uids, base, async (page) => void found.push(...page))
      return found
    },

    async find(kind: 'container' | 'group', name: string, most: number): Promise<{ dn: string; name: string }[]> {
      const isOne = FilterParser.parseString(filters[kind] ?? dialect[kind])
      const named = ['name', 'cn', 'ou'].map((attribute) => new SubstringFilter({ attribute, any: [name] }))
      const filter = new AndFilter({ filters: name === '' ? [isOne] : [isOne, new OrFilter({ filters: named })] })
      const found: { dn: string; name: string }[] = []
      const wanted = { attributes: ['name', 'cn', 'ou'], explicitBufferAttributes: [] }
      for await (const entries of pages(kind === 'group' ? groupRoot : root, filter, wanted)) {
        for (const entry of entries) {
          const shown = text(entry, 'name') ?? text(entry, 'cn') ?? text(entry, 'ou') ?? entry.dn
          if (found.push({ dn: entry.dn, name: shown }) >= most) return found
        }
      }
      return found
    },
  }
}
