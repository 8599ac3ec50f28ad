import type { Client, Entry, Filter } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { LdapServer } from './ldap-config.ts'
import { unreachable } from './ldap-connection.ts'
import type { Wanted } from './ldap-searcher.ts'

export type PageQuestion = {
  base: string
  filter: Filter
  wanted: Wanted
  pageSize: number
  /** More entries than this are no answer: a server that never ends, or a base that was not meant. */
  most: number
  /** Whether what lies on other servers may be missing (RFC 4511 section 4.5.3). */
  mayRefer: boolean
}

/**
 * All entries, page by page (RFC 2696), or an error: `directory.unreachable` when any page fails, when the server stops
 * before the end, or sends us elsewhere for a part. A list that is shorter than the truth never comes of it.
 */
export async function* inPages(client: Client, server: LdapServer, question: PageQuestion): AsyncGenerator<Entry[]> {
  const { base, filter, wanted, pageSize, most, mayRefer } = question
  let count = 0
  try {
    const pages = client.searchPaginated(base, { scope: 'sub', filter, paged: { pageSize }, ...wanted })
    for await (const { searchEntries, searchReferences } of pages) {
      if (searchReferences.length > 0 && !mayRefer) throw elsewhere(server, base)
      count += searchEntries.length
      if (count > most) throw tooMany(server, base, most)
      yield searchEntries
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw unreachable(server, `reading below ${base} did not come to its end`, error)
  }
}

function elsewhere({ url }: LdapServer, base: string): AppError {
  const detail = `${url}: a part of ${base} is on another server, which is not asked; choose a base without it`
  return new AppError('directory.unreachable', { detail })
}

function tooMany({ url }: LdapServer, base: string, most: number): AppError {
  return new AppError('directory.unreachable', { detail: `${url}: more than ${most} entries below ${base}` })
}
