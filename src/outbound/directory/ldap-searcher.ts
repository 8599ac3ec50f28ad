import { type Client, type Entry, type Filter, NoSuchObjectError, ResultCodeError } from 'ldapts'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { LdapServer } from './ldap-config.ts'
import { unreachable } from './ldap-connection.ts'
import { withoutLong } from './ldap-entry.ts'
import { sessionPool } from './ldap-pool.ts'
import { becauseOfLimits, cannotAnswer } from './ldap-servers.ts'
import { openSession, type SessionConfig } from './ldap-session.ts'
import { listening } from './ldap-silence.ts'
import { turns } from './ldap-turns.ts'

/** `server` answered: it is the one to ask about the password of what was found, for another may not know it yet. */
export type Found = { server: LdapServer; entries: Entry[] }

/** What is asked for: `buffers` are attributes that must not be read as text. */
export type Wanted = { attributes: string[]; explicitBufferAttributes: string[] }

/** Where else than everywhere below `baseDn`, and how many. */
export type Narrowed = { base?: string; scope?: 'base' | 'sub'; most?: number }

export interface Searcher {
  /**
   * The entries that fit, two at most where nothing else is said. Throws `directory.unreachable`, `directory.untrusted`,
   * or `queue.full`.
   */
  find(filter: Filter, wanted: Wanted, narrowed?: Narrowed): Promise<Found>
  close(): Promise<void>
}

export type SearchConfig = SessionConfig & { baseDn: string }

type Question = { filter: Filter; wanted: Wanted } & Required<Narrowed>

/** Two are as good as many where one is wanted: nobody is told from a namesake. */
const ONE_AND_ANOTHER = 2
const MOST_SESSIONS = 8
/** Several share a session when all are in use; each is answered by itself (RFC 4511 section 3.1). */
const QUEUE = { atOnce: 8 * MOST_SESSIONS, waiting: 512 }
const MORE_TRIES = 2
/** What is read of a person is a line of text. */
const LONGEST_VALUE = 4096

/** Searches share a few connections that are bound as our own account. A search changes nothing, so it may be asked again. */
export function searcher(config: SearchConfig, log: Log): Searcher {
  const { row, baseDn } = config
  const pool = sessionPool(() => openSession(config, log), MOST_SESSIONS)
  const inTurn = turns(QUEUE)
  const whileItAnswers = listening(config)
  let closed = false

  async function find(question: Question, triesLeft: number): Promise<Found> {
    if (closed) throw new AppError('directory.unreachable', { detail: 'we are closing' })
    const slot = pool.take()
    try {
      const { client, server, isLost } = await slot.opening
      const { served } = slot
      try {
        const found = await whileItAnswers(server, search(client, config, question))
        if (found === 'silent') throw new Error('it has fallen silent')
        const { entries, cut } = withoutLong(found, LONGEST_VALUE)
        for (const { attribute } of cut)
          log.warn('a value of a directory entry is too long and was left out', { server: server.url, attribute })
        slot.served = true
        return { server, entries }
      } catch (error) {
        const failure = unreachable(server, searchFailure(error, question.base), error)
        if (error instanceof ResultCodeError && !cannotAnswer(error)) throw failure
        pool.discard(slot)
        const others = (await row.inOrder()).length > 1
        // A server may end an idle connection whenever it likes; a new one that fails is news, and silence is.
        if (!served || !isLost()) row.failed(server)
        if (triesLeft === 0 || !(served || others)) throw failure
      }
    } finally {
      pool.give(slot)
    }
    return find(question, triesLeft - 1)
  }

  return {
    find: (filter, wanted, { base = baseDn, scope = 'sub', most = ONE_AND_ANOTHER } = {}) =>
      inTurn(() => find({ filter, wanted, base, scope, most }, MORE_TRIES)),
    close() {
      closed = true
      return pool.close()
    },
  }
}

async function search(client: Client, { timeoutMs }: SearchConfig, question: Question): Promise<Entry[]> {
  const { filter, wanted, base, scope, most } = question
  const { searchEntries } = await client.search(base, {
    scope,
    filter,
    sizeLimit: most,
    timeLimit: Math.ceil(timeoutMs / 1000),
    ...wanted,
  })
  return searchEntries
}

function searchFailure(error: unknown, base: string): string {
  if (error instanceof NoSuchObjectError) return `there is no ${base}, or our account may not see it`
  return `the search failed${becauseOfLimits(error)}`
}
