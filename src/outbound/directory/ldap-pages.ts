import { type BerWriter, Control, type Entry, type Filter, InvalidDNSyntaxError, NoSuchObjectError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import { element } from '../../protocols/ldap/elements.ts'
import type { LdapServer } from './ldap-config.ts'
import { missing, unreachable } from './ldap-connection.ts'
import { type Cut, withoutLong } from './ldap-entry.ts'
import { PAGES } from './ldap-guard.ts'
import type { Wanted } from './ldap-searcher.ts'
import { becauseOfLimits } from './ldap-servers.ts'
import type { Session } from './ldap-session.ts'

export type PageQuestion = {
  base: string
  filter: Filter
  wanted: Wanted
  pageSize: number
  /** More entries than this are no answer: a server that never ends, or a base that was not meant. */
  most: number
  /** Whether what lies on other servers may be missing (RFC 4511 section 4.5.3). */
  mayRefer: boolean
  /** Hears of each part that lies there, by its URL. */
  referred?: (url: string) => void
  /** Hears of each entry that is left out because it is too long. */
  tooLong?: (dn: string) => void
  /** Hears of each attribute that is left out because a value of it is too long. */
  tell?: (cut: Cut) => void
}

/** A jpegPhoto is longer; a group's list of members is many values and not a long one. */
const LONGEST_VALUE = 64 * 1024
/** Pages without entries, one after another: a server that filters after it has counted gives such. */
const MOST_EMPTY = 100

/**
 * All entries, page by page (RFC 2696), or an error: `directory.missing` where there is no such base, `directory.unreachable`
 * when any page fails, when the server stops before the end, or sends us elsewhere for a part. A list that is shorter than the truth never comes of it. Each page has
 * the time of one request. Entries that were too much for their page come after it, each alone, and the pages after it are smaller.
 */
export async function* inPages(session: Session, question: PageQuestion): AsyncGenerator<Entry[]> {
  const { server } = session
  const { base, most, mayRefer, referred, tooLong, tell } = question
  let count = 0
  const shortened = (read: Entry[]) => {
    const { entries, cut } = withoutLong(read, LONGEST_VALUE)
    for (const one of cut) tell?.(one)
    return entries
  }
  try {
    for await (const { searchEntries, searchReferences, crowdedOut } of pagesOf(session, question)) {
      if (searchReferences.length > 0 && !mayRefer) throw elsewhere(server, base)
      for (const url of searchReferences) referred?.(url)
      count += searchEntries.length
      if (count > most) throw tooMany(server, base, most)
      const long = new Set(session.tooLong())
      for (const dn of long) tooLong?.(dn)
      const named = new Set([...long, ...crowdedOut])
      yield shortened(searchEntries.filter(({ dn }) => !named.has(dn)))
      for (const dn of crowdedOut) yield shortened([await alone(session, dn, question)])
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof NoSuchObjectError || error instanceof InvalidDNSyntaxError) throw missing(server, base)
    throw unreachable(server, `reading below ${base} did not come to its end${becauseOfLimits(error)}`, error)
  }
}

async function* pagesOf(session: Session, { base, filter, wanted, pageSize }: PageQuestion) {
  const { client, cookie } = session
  let next: Buffer | undefined = Buffer.alloc(0)
  let empty = 0
  let size = pageSize
  do {
    const page = await client.search(base, { scope: 'sub', filter, ...wanted }, new NextPage(size, next))
    next = cookie()
    const crowdedOut = session.crowdedOut()
    if (crowdedOut.length > 0) size = Math.ceil(size / 2)
    if (!next) throw new Error('the server gives no pages')
    empty = page.searchEntries.length > 0 ? 0 : empty + 1
    if (empty > MOST_EMPTY) throw new Error('the pages have no end')
    yield { ...page, crowdedOut }
  } while (next.length > 0)
}

/** One that was on a page, and is not there any more as it was, may be elsewhere: then the list would be too short. */
async function alone({ client, tooLong }: Session, dn: string, { filter, wanted }: PageQuestion): Promise<Entry> {
  const changed = (cause?: unknown) => new Error(`${dn} changed while it was read`, { cause })
  const found = await client.search(dn, { scope: 'base', filter, ...wanted }).catch((error: unknown) => {
    throw error instanceof NoSuchObjectError ? changed(error) : error
  })
  const [entry] = found.searchEntries
  if (!entry || tooLong().length > 0) throw changed()
  return entry
}

/** Of our own: that of ldapts takes a page without entries for the last one, and what follows would be missing. */
class NextPage extends Control {
  private readonly size: number
  private readonly cookie: Buffer

  constructor(size: number, cookie: Buffer) {
    super(PAGES, { critical: true })
    this.size = size
    this.cookie = cookie
  }

  /** SEQUENCE { size INTEGER, cookie OCTET STRING } in an OCTET STRING (RFC 4511 section 4.1.11). */
  protected override writeControl(writer: BerWriter): void {
    const size = Buffer.alloc(4)
    size.writeInt32BE(this.size)
    writer.writeBuffer(element(0x30, element(0x02, size), element(0x04, this.cookie)), 0x04)
  }
}

function elsewhere({ url }: LdapServer, base: string): AppError {
  const detail = `${url}: a part of ${base} is on another server, which is not asked; choose a base without it`
  return new AppError('directory.unreachable', { detail })
}

function tooMany({ url }: LdapServer, base: string, most: number): AppError {
  return new AppError('directory.unreachable', { detail: `${url}: more than ${most} entries below ${base}` })
}
