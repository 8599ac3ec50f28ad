import { AppError } from '../errors.ts'
import type { DirectoryKind } from '../users/user.ts'
import type { SyncItem } from './item.ts'
import type { SyncNeeds, SyncStores } from './needs.ts'
import type { Known } from './person.ts'
import type { Numbering } from './phones.ts'
import { type Plan, planFor } from './plan.ts'
import type { Loss } from './removals.ts'
import { type About, type Result, settleAll } from './settle.ts'
import type { Cursor, PeopleSource, Reading, Scope, SourcePerson } from './source.ts'
import type { Tally } from './tally.ts'
import type { MailChanges } from './tell-mail.ts'
import type { Pending } from './untangle.ts'

/** One run at work. */
export type Work = {
  needs: SyncNeeds
  source: PeopleSource
  kind: DirectoryKind
  numbering: Numbering
  /** By their ids in the directory; kept up to date. */
  known: Map<string, Known>
  tally: Tally
  /** As of now, for one unit of work: what is undone, or done twice over, has not been counted. */
  mails(): MailChanges
  dryRun: boolean
  /** Names of those who would be added, in a dry run. */
  foreseen: Set<string>
  /** A unit of work that is done only while this node holds the lease. */
  unit<T>(work: (stores: SyncStores, now: Date) => Promise<T>): Promise<T>
  /** Between units; throws when the run is to end. */
  goOn(): Promise<void>
}

/** Somebody whom the directory has disabled. */
export type DisabledThere = Loss & { uid: string; item: string }
export type ItemReading = {
  item: SyncItem
  cursor: Cursor | undefined
  whole: boolean
  /** In the scope, and in none before it. */
  own: Set<string>
  isEmpty: boolean
  setAside: Set<string>
}

/** Sign-ins wait for one unit at most. */
const MOST_IN_A_UNIT = 50
const FETCHED_AT_ONCE = 200

export function itemReader(work: Work) {
  const { source, known } = work
  const owned = new Set<string>()
  const pending: Pending[] = []
  const disabled = new Map<string, DisabledThere>()
  const unread = new Map<string, string>()

  /** Undefined where what the item names is not in the directory: its people stay as they are, and the others are read. */
  async function read(item: SyncItem, whole: boolean): Promise<ItemReading | undefined> {
    try {
      return await readScope(item, whole)
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'directory.missing')) throw error
      unread.set(item.id, `${item.name}: ${error.detail}`)
      return undefined
    }
  }

  async function readScope(item: SyncItem, whole: boolean): Promise<ItemReading> {
    const handled = new Set<string>()
    const setAside = new Set(whole ? [] : item.setAside)
    const take = async (page: readonly SourcePerson[]) => {
      if (page.length === 0) return work.goOn()
      const fresh = page.filter(({ uid }) => mayBeOurs(uid) && !handled.has(uid))
      for (const { uid } of fresh) handled.add(uid)
      for (let at = 0; at < fresh.length; at += MOST_IN_A_UNIT) {
        await work.goOn()
        await takeUnit(item, fresh.slice(at, at + MOST_IN_A_UNIT), setAside)
      }
    }
    const reading = await readTaking(source, { scope: item.scope, since: whole ? undefined : item.cursor }, take)
    // Who came while it was read is handed over, and not yet among those who were listed.
    const own = new Set([...reading.present, ...handled].filter(mayBeOurs))
    const others = [...own].filter((uid) => !handled.has(uid) && needsLook(uid, item, setAside))
    for (let at = 0; at < others.length; at += FETCHED_AT_ONCE)
      await take(await source.fetch(others.slice(at, at + FETCHED_AT_ONCE), item.scope.base))
    for (const uid of own) owned.add(uid)
    for (const uid of setAside) if (!own.has(uid)) setAside.delete(uid)
    return { item, cursor: reading.cursor, whole, own, isEmpty: own.size === 0, setAside }
  }

  /** In none of the items before it, as far as those could be read. */
  function mayBeOurs(uid: string): boolean {
    return !owned.has(uid) && !unread.has(known.get(uid)?.item ?? '')
  }

  /** Of those whom the directory has not changed: a group took them in, another item had them, or something was left over. */
  function needsLook(uid: string, { id, again }: SyncItem, setAside: ReadonlySet<string>): boolean {
    const user = known.get(uid)
    if (again.includes(uid)) return true
    if (!user) return !setAside.has(uid)
    return user.item !== id || user.disabledWhy === 'gone'
  }

  async function takeUnit(item: SyncItem, people: readonly SourcePerson[], setAside: Set<string>): Promise<void> {
    const about = { item, kind: work.kind, numbering: work.numbering, now: work.needs.clock.now() }
    work.tally.counts.read += people.length
    const planned = people.map((person) => resultOf(person, known.get(person.uid), about))
    const doing = planned.filter(hasWork)
    const done = await doAll(
      work,
      doing.map(({ person }) => person),
      about,
    )
    for (const result of [...planned.filter((each) => !hasWork(each)), ...done]) take(result, about, setAside)
  }

  function take(result: Result, about: About, setAside: Set<string>): void {
    const { person, plan, did } = result
    remember(work, result)
    setAside.delete(person.uid)
    if (plan.what === 'pass') setAside.add(person.uid)
    if (plan.what === 'change' && plan.disables && result.known?.enabled) {
      const { id: userId, username } = result.known
      const loss = { userId, username, fate: 'disable', why: 'disabled there' } as const
      disabled.set(person.uid, { ...loss, uid: person.uid, item: about.item.id })
    }
    if (did === 'conflict') pending.push({ person, about, result })
    else work.tally.person(result)
  }

  return { read, owned, pending, disabled, unread }
}

export function remember({ known }: Pick<Work, 'known'>, { person, known: user }: Result): void {
  if (user) known.set(person.uid, user)
}

function resultOf(person: SourcePerson, known: Known | undefined, about: About): Result {
  return { person, known, plan: planFor(person, known, about), did: 'planned' }
}

/** Only to be disabled is no work yet: that is done at the end, when everything could be read. */
function hasWork({ plan, known }: { plan: Plan; known: Known | undefined }): boolean {
  if (plan.what === 'add') return true
  if (plan.what !== 'change') return false
  const { fields, moved, enables, disables, enrols, preset } = plan
  const begins = enrols !== undefined || preset !== undefined
  return fields.length > 0 || moved || enables || begins || (disables && !known?.enabled)
}

type Take = (page: readonly SourcePerson[]) => Promise<void>

/** A source says of whatever goes wrong that the directory could not be read; what went wrong here is said as it is. */
export async function readTaking(
  source: PeopleSource,
  { scope, since }: { scope: Scope; since?: Cursor | undefined },
  take: Take,
): Promise<Reading> {
  let own: { error: unknown } | undefined
  const taking: Take = (page) =>
    take(page).catch((error) => {
      own = { error }
      throw error
    })
  try {
    return await source.read(scope, since, taking)
  } catch (error) {
    throw own ? own.error : error
  }
}

async function doAll(work: Work, people: readonly SourcePerson[], about: About): Promise<Result[]> {
  if (people.length === 0) return []
  if (work.dryRun) {
    const results: Result[] = []
    for (const person of people) results.push(await foresee(work, person, about))
    return results
  }
  const isNew = (uid: string) => !work.known.has(uid)
  return work.unit((stores, now) =>
    settleAll(work.needs, stores, people, { ...about, mails: work.mails(), now, isNew }),
  )
}

/** What would come of it, as far as that can be told without doing it. */
async function foresee(
  { needs: { read }, known, foreseen }: Work,
  person: SourcePerson,
  about: About,
): Promise<Result> {
  const result = resultOf(person, known.get(person.uid), about)
  const { plan } = result
  if (plan.what !== 'add' && plan.what !== 'change') return result
  const { key } = plan.profile
  const holder = await read.people.findByKey(key)
  const isTaken = holder && holder.id !== result.known?.id && (plan.what === 'change' || holder.uid !== undefined)
  if (isTaken || foreseen.has(key)) return { ...result, did: 'conflict', holder }
  if (plan.what === 'add') foreseen.add(key)
  return result
}
