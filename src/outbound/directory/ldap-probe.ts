import {
  AndFilter,
  type Client,
  type Entry,
  EqualityFilter,
  type Filter,
  NoSuchObjectError,
  PresenceFilter,
} from 'ldapts'
import { AppError } from '../../core/errors.ts'
import { accountAttributes, hindrancesOf } from './account-diagnosis.ts'
import { type Said, Trouble } from './finding.ts'
import { readGeneralizedTime } from './generalized-time.ts'
import type { CheckedLdap } from './ldap-config.ts'
import { reason } from './ldap-connection.ts'
import { type Hit, readHit, text, wanted } from './ldap-entry.ts'
import { inPages } from './ldap-pages.ts'
import { isLimit } from './ldap-servers.ts'
import type { Session } from './ldap-session.ts'

const sampleSize = 10
const LOOK = { pageSize: 500, most: 20_000 }
const parts = ['uid', 'username', 'displayName', 'mail', 'phone'] as const
const NOTHING = { attributes: ['1.1'], explicitBufferAttributes: [] }

export async function lookAtBase(client: Client, { baseDn }: CheckedLdap): Promise<string> {
  try {
    const { searchEntries } = await client.search(baseDn, { scope: 'base', attributes: ['1.1'] })
    if (searchEntries.length > 0) return baseDn
  } catch (cause) {
    if (!(cause instanceof NoSuchObjectError)) throw cause
  }
  throw new Trouble('base-missing', `there is no ${baseDn}, or our account may not see it`)
}

/** Counts entries that could sign in. One is found by its name even where a server does not look through all of them. */
export async function sample(client: Client, config: CheckedLdap): Promise<Said> {
  const entries = await search(client, config, anybody(config)).catch((error: unknown) => {
    if (!isLimit(error)) throw error
    return undefined
  })
  if (!entries)
    return { problem: 'limited', detail: 'they are not shown, for the server limits what our account may read' }
  if (entries.length === 0) {
    const fits = config.userFilter ? ' and fits the user filter' : ''
    throw new Trouble('nobody-found', `no entry has ${config.attributes.username}${fits}`)
  }
  for (const entry of entries) checkEntry(entry, config)
  return entries.length < sampleSize ? `${entries.length}` : `${entries.length} or more`
}

/** Who goes by a name that somebody types. */
export type Named = {
  filter: Filter
  /** Of several, those whom a sign-in would take. */
  preferred?: (entries: readonly Entry[]) => readonly Entry[]
  /** How such a user is called here, where that is not the attribute of user names; and what that takes. */
  called?: { attributes: readonly string[]; by(entry: Entry): string | undefined }
}

export function namedAs(username: string, { attributes }: Pick<CheckedLdap, 'attributes'>): Named {
  return { filter: new EqualityFilter({ attribute: attributes.username, value: username }) }
}

/** How somebody would be found who types that name, and what keeps that account from signing in. */
export async function lookFor(
  client: Client,
  config: CheckedLdap,
  { filter, preferred = (all) => all, called }: Named,
  now: Date,
): Promise<Said> {
  const { userFilter } = config
  const more = [...accountAttributes, ...(called?.attributes ?? [])]
  const [entry, ...others] = preferred(await search(client, config, restricted(filter, userFilter), more))
  if (others.length > 0 && entry) {
    throw new Trouble(
      'ambiguous',
      `${[entry, ...others].map(({ dn }) => dn).join(' and ')} have that name: nobody is let in`,
    )
  }
  if (entry) return whatIsRead(entry, config, called?.by(entry), now)
  const [kept] = userFilter ? await search(client, config, filter) : []
  if (kept) throw new Trouble('nobody-found', `${kept.dn} has that name, and the user filter keeps it out`)
  throw new Trouble('nobody-found', `no entry below ${config.baseDn} has that name`)
}

function whatIsRead(entry: Entry, config: CheckedLdap, name: string | undefined, now: Date): Said {
  const { dn, person } = checkEntry(entry, config)
  const shown = parts.map((part) => `${config.attributes[part]}=${person[part] ?? '(none)'}`)
  const detail = [dn, ...shown, ...(name === undefined ? [] : [`called ${name} here`])].join(', ')
  const hindrances = hindrancesOf(entry, now)
  if (hindrances.length === 0) return detail
  return { problem: 'account-state', detail: [detail, ...hindrances].join('; ') }
}

/**
 * Reads people as synchronisation does, though not all of very many: sign-ins need no pages, and a server may give them
 * and stop somewhere in the middle.
 */
export async function lookAtPages(session: Session, config: CheckedLdap): Promise<string> {
  const question = { base: config.baseDn, filter: anybody(config), wanted: NOTHING, ...LOOK, mayRefer: true }
  let count = 0
  try {
    for await (const page of inPages(session, question)) {
      count += page.length
      if (count + LOOK.pageSize > LOOK.most) return `${count} people or more can be read page by page`
    }
    return `${count} people can be read page by page`
  } catch (cause) {
    const root = cause instanceof AppError ? cause.cause : cause
    if (count === 0 && !isLimit(root))
      throw new Trouble('no-pages', 'pages are refused there, so synchronisation cannot read it', { cause })
    const why = isLimit(root) ? 'the server limits what our account may read' : reason(root)
    throw new Trouble('no-pages', `only ${count} people can be read, so synchronisation will fail: ${why}`, { cause })
  }
}

/** Active Directory says what time it has; most others do not. */
export async function timeOf(client: Client): Promise<Date | undefined> {
  const { searchEntries } = await client.search('', { scope: 'base', attributes: ['currentTime'] })
  return searchEntries[0] && readGeneralizedTime(text(searchEntries[0], 'currentTime'))
}

async function search(
  client: Client,
  config: CheckedLdap,
  filter: Filter,
  more: readonly string[] = [],
): Promise<Entry[]> {
  const { attributes, ...bytes } = wanted(config.attributes)
  const asked = { attributes: [...attributes, ...more], ...bytes }
  return (await client.search(config.baseDn, { scope: 'sub', filter, sizeLimit: sampleSize, ...asked })).searchEntries
}

function checkEntry(entry: Entry, { attributes }: CheckedLdap): Hit {
  const hit = readHit(entry, attributes)
  if ('person' in hit) return hit
  const lacking = hit.missing === 'dn' ? 'dn' : attributes[hit.missing]
  const several = [entry[lacking] ?? []].flat().length > 1
  const what = several ? `has more than one ${lacking}` : `has no usable ${lacking}`
  throw new Trouble(
    several ? 'ambiguous' : 'attribute-missing',
    `${entry.dn} ${what}; our account may not see it, or it is another attribute there`,
  )
}

function anybody({ attributes, userFilter }: CheckedLdap): Filter {
  return restricted(new PresenceFilter({ attribute: attributes.username }), userFilter)
}

function restricted(filter: Filter, userFilter: Filter | undefined): Filter {
  return userFilter ? new AndFilter({ filters: [userFilter, filter] }) : filter
}
