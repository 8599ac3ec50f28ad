import { type Client, type Entry, PresenceFilter } from 'ldapts'
import { z } from 'zod'
import type { Clock } from '../../core/ports.ts'
import type { Cursor } from '../../core/sync/source.ts'
import { generalizedTime, readGeneralizedTime } from './generalized-time.ts'
import { text } from './ldap-entry.ts'

/**
 * How far the changes of a directory had come. `usn`: the number of one domain controller, told apart by its
 * invocation id (MS-DRSR section 5.123): the numbers of another say nothing. `csn`: the newest change sequence number
 * of each replica (OpenLDAP's contextCSN). `time`: modifyTimestamp, where there is neither.
 */
const Mark = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('usn'), invocation: z.string(), usn: z.number() }),
  z.object({ kind: z.literal('csn'), newest: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('time'), at: z.string() }),
])
export type Mark = z.output<typeof Mark>

const CLOCKS_DIFFER_MS = 60_000

export function readCursor(cursor: Cursor | undefined): Mark | undefined {
  if (cursor === undefined) return undefined
  try {
    return Mark.parse(JSON.parse(cursor))
  } catch {
    // Of another version of ours: everything is read, and a new one made.
    return undefined
  }
}

export function writeCursor(mark: Mark | undefined): Cursor | undefined {
  return mark && JSON.stringify(mark)
}

/** Taken before the reading begins: what changes meanwhile is read twice, and never missed. Undefined: nothing to go by. */
export async function markOfWindows(client: Client): Promise<Mark | undefined> {
  const [root] = (await readOne(client, '', ['highestCommittedUSN', 'dsServiceName'])) ?? []
  const service = root && text(root, 'dsServiceName')
  const usn = Number(root && text(root, 'highestCommittedUSN'))
  if (!service || !Number.isSafeInteger(usn)) return undefined
  const [settings] = await readOne(client, service, ['invocationId'])
  const value = settings?.invocationId
  if (!(value instanceof Uint8Array) && typeof value !== 'string') return undefined
  return { kind: 'usn', invocation: Buffer.from(value).toString('hex'), usn }
}

export async function markOfLdap(client: Client, base: string, now: Date): Promise<Mark> {
  const [root] = await readOne(client, '', ['namingContexts'])
  const contexts = [root?.namingContexts ?? []].flat().map(String)
  const context = contexts.find((each) => isBelow(base, each))
  const [top] = context === undefined ? [] : await readOne(client, context, ['contextCSN']).catch(() => [])
  const newest = [top?.contextCSN ?? []].flat().map(String)
  if (newest.length === 0) return { kind: 'time', at: generalizedTime(new Date(now.getTime() - CLOCKS_DIFFER_MS)) }
  return { kind: 'csn', newest: Object.fromEntries(newest.map((csn) => [replicaOf(csn), csn])) }
}

/** The attributes that tell of a change, for the list of who is there. */
export const changeAttributes = { usn: ['uSNChanged'], csn: ['entryCSN'], time: ['modifyTimestamp'] }

/** Whether the entry changed since; one that does not tell counts as changed. */
export function hasChanged(entry: Entry, since: Mark): boolean {
  const value = text(entry, changeAttributes[since.kind][0] ?? '')
  if (value === undefined) return true
  switch (since.kind) {
    case 'usn':
      return !(Number(value) <= since.usn)
    case 'csn':
      return value > (since.newest[replicaOf(value)] ?? '')
    case 'time':
      return isSince(value, since.at)
  }
}

/** Of the same second it may be either. What cannot be read as a time counts as changed. */
function isSince(value: string, at: string): boolean {
  const [changed, since] = [readGeneralizedTime(value), readGeneralizedTime(at)]
  return !changed || !since || changed.getTime() >= since.getTime()
}

/**
 * Whether `since` is of the same line of changes as what is counted now. A server that has come less far than it once had
 * is back from a backup, or lags behind another: what it took back has no change to tell of it.
 */
export function goesOn(since: Mark | undefined, now: Mark | undefined): since is Mark {
  if (since?.kind === 'usn' && now?.kind === 'usn') return since.invocation === now.invocation && now.usn >= since.usn
  if (since?.kind === 'csn' && now?.kind === 'csn')
    return Object.entries(since.newest).every(([replica, csn]) => (now.newest[replica] ?? '') >= csn)
  return since?.kind === 'time' && now?.kind === 'time'
}

/**
 * Where a reading began, by the directory's clock: `mark` has our own, which may be ahead. What was stamped while it was
 * read is later than the newest stamp of all less the time that it took.
 */
export function watchStamps(mark: Mark | undefined, clock: Clock) {
  const began = clock.now().getTime()
  let newest = 0
  return {
    wanted: mark?.kind === 'time' ? changeAttributes.time : [],
    see(entries: readonly Entry[]): void {
      if (mark?.kind !== 'time') return
      for (const entry of entries)
        newest = Math.max(newest, readGeneralizedTime(text(entry, 'modifyTimestamp'))?.getTime() ?? 0)
    },
    end(): Mark | undefined {
      if (mark?.kind !== 'time' || newest === 0) return mark
      const at = generalizedTime(new Date(newest - (clock.now().getTime() - began)))
      return at < mark.at ? { kind: 'time', at } : mark
    },
  }
}

async function readOne(client: Client, base: string, attributes: string[]): Promise<Entry[]> {
  const filter = new PresenceFilter({ attribute: 'objectClass' })
  const { searchEntries } = await client.search(base, {
    scope: 'base',
    filter,
    attributes,
    explicitBufferAttributes: ['invocationId'],
  })
  return searchEntries
}

/** `time#count#replica#modifier` (draft-chu-ldap-csn). */
function replicaOf(csn: string): string {
  return csn.split('#')[2] ?? ''
}

/** Whether a DN is that of the context, or of something in it. */
export function isBelow(base: string, context: string): boolean {
  const plain = (dn: string) => dn.toLowerCase().replace(/\s*([,=])\s*/g, '$1')
  return plain(base) === plain(context) || plain(base).endsWith(`,${plain(context)}`)
}
