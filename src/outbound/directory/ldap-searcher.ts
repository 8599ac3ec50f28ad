import { type Client, type Entry, type Filter, NoSuchObjectError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { Secret } from '../../core/secrets/secret.ts'
import type { LdapServer } from './ldap-config.ts'
import { connect, unreachable } from './ldap-connection.ts'
import { bindAsOurselves, firstAnswering, type ServerRow } from './ldap-servers.ts'

/** `server` answered: it is the one to ask about the password of what was found, for another may not know it yet. */
export type Found = { server: LdapServer; entries: Entry[] }

/** What is asked for: `buffers` are attributes that must not be read as text. */
export type Wanted = { attributes: string[]; explicitBufferAttributes: string[] }

export interface Searcher {
  /** The entries below `baseDn` that fit, `most` of them. Throws `directory.unreachable` or `directory.untrusted`. */
  find(filter: Filter, wanted: Wanted, most?: number): Promise<Found>
  close(): Promise<void>
}

export type SearchConfig = {
  row: ServerRow
  ca?: string | undefined
  bindDn: string
  bindPassword: Secret
  baseDn: string
  /** Milliseconds for reaching a server, and again for each request. */
  timeoutMs: number
}

type Question = { filter: Filter; wanted: Wanted; most: number }
type Session = { client: Client; server: LdapServer; served: boolean }

/** Two are as good as many where one is wanted: nobody is told from a namesake. */
const ONE_AND_ANOTHER = 2

/** One connection, bound as our own account, that all searches share. */
export function searcher(config: SearchConfig, log: Log): Searcher {
  const { row, timeoutMs } = config
  let current: Promise<Session> | undefined
  let closed = false

  async function find(question: Question, mayTryAgain: boolean): Promise<Found> {
    if (closed) throw new AppError('directory.unreachable', { detail: 'we are closing' })
    const opening = current ?? open()
    const session = await opening
    const { client, server, served } = session
    try {
      const entries = await search(client, config, question)
      session.served = true
      return { server, entries }
    } catch (error) {
      if (current === opening) current = undefined
      await client.unbind().catch(() => {})
      // A server may end an idle connection whenever it likes; only a new one that fails is news.
      if (served && mayTryAgain) return find(question, false)
      row.failed(server)
      throw unreachable(server, searchFailure(error, config), error)
    }
  }

  function open(): Promise<Session> {
    const opening = firstAnswering({ row, log, timeoutMs }, async (server, connectMs): Promise<Session> => {
      const { client } = await connect(server, { ...config, connectMs })
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
    find: (filter, wanted, most = ONE_AND_ANOTHER) => find({ filter, wanted, most }, true),
    async close() {
      closed = true
      const session = await current?.catch(() => undefined)
      await session?.client.unbind().catch(() => {})
    },
  }
}

async function search(client: Client, config: SearchConfig, { filter, wanted, most }: Question): Promise<Entry[]> {
  const { searchEntries } = await client.search(config.baseDn, {
    scope: 'sub',
    filter,
    sizeLimit: most,
    timeLimit: Math.ceil(config.timeoutMs / 1000),
    ...wanted,
  })
  return searchEntries
}

function searchFailure(error: unknown, { baseDn }: SearchConfig): string {
  return error instanceof NoSuchObjectError ? `there is no ${baseDn}, or we may not see it` : 'the search failed'
}
