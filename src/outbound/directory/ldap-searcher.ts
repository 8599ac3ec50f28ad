import { AndFilter, type Client, type Entry, EqualityFilter, type Filter, NoSuchObjectError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { CheckedLdap, LdapServer } from './ldap-config.ts'
import { connect, unreachable } from './ldap-connection.ts'
import { wanted } from './ldap-entry.ts'
import { bindAsOurselves, firstAnswering } from './ldap-servers.ts'

/** `server` answered: it is the one to ask about the password of what was found, for another may not know it yet. */
export type Found = { server: LdapServer; entries: Entry[] }

export interface Searcher {
  /** The entries of that name, two at most. Throws `directory.unreachable` or `directory.untrusted`. */
  find(username: string): Promise<Found>
  close(): Promise<void>
}

type Session = { client: Client; server: LdapServer; served: boolean }

/** One connection, bound as our own account, that all searches share. */
export function searcher(config: CheckedLdap, log: Log): Searcher {
  let current: Promise<Session> | undefined
  let closed = false

  async function find(username: string, mayTryAgain: boolean): Promise<Found> {
    if (closed) throw new AppError('directory.unreachable', { detail: 'we are closing' })
    const opening = current ?? open()
    const session = await opening
    const { client, server, served } = session
    try {
      const entries = await search(client, config, username)
      session.served = true
      return { server, entries }
    } catch (error) {
      if (current === opening) current = undefined
      await client.unbind().catch(() => {})
      // A server may end an idle connection whenever it likes; only a new one that fails is news.
      if (served && mayTryAgain) return find(username, false)
      throw unreachable(server, searchFailure(error, config), error)
    }
  }

  function open(): Promise<Session> {
    const opening = firstAnswering(config.servers, log, async (server): Promise<Session> => {
      const client = await connect(server, config)
      await bindAsOurselves(client, server, config)
      return { client, server, served: false }
    })
    current = opening
    opening.catch(() => {
      if (current === opening) current = undefined
    })
    return opening
  }

  return {
    find: (username) => find(username, true),
    async close() {
      closed = true
      const session = await current?.catch(() => undefined)
      await session?.client.unbind().catch(() => {})
    },
  }
}

async function search(client: Client, config: CheckedLdap, username: string): Promise<Entry[]> {
  const { searchEntries } = await client.search(config.baseDn, {
    scope: 'sub',
    filter: byName(config, username),
    sizeLimit: 2,
    timeLimit: Math.ceil(config.timeoutMs / 1000),
    ...wanted(config.attributes),
  })
  return searchEntries
}

/** Made of objects: what a person typed travels as a value and is never part of a filter's text (RFC 4515). */
function byName({ attributes, userFilter }: CheckedLdap, username: string): Filter {
  const named = new EqualityFilter({ attribute: attributes.username, value: username })
  return userFilter ? new AndFilter({ filters: [userFilter, named] }) : named
}

function searchFailure(error: unknown, { baseDn }: CheckedLdap): string {
  return error instanceof NoSuchObjectError ? `there is no ${baseDn}, or we may not see it` : 'the search failed'
}
