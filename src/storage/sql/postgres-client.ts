import type pg from 'pg'
import type { Scripts } from './database.ts'
import { type Query, textOf } from './query.ts'

type Prepared = { name: string; givesRows: boolean }

// A text is prepared once a connection, under a name of its own. Texts stand in the code, so there is an end to them.
const prepared = new Map<string, Prepared>()

function preparedAs(text: string): Prepared {
  const known = prepared.get(text)
  if (known) return known
  const silent = /^\s*(?:INSERT|UPDATE|DELETE)\b/i.test(text) && !/\bRETURNING\b/i.test(text)
  const first = { name: `q${prepared.size}`, givesRows: !silent }
  prepared.set(text, first)
  return first
}

/** Whether there is anything in its answer to wait for. */
export function givesRows(query: Query): boolean {
  return preparedAs(textOf(query, 'postgres')).givesRows
}

/** Queries on one connection. Rejects with the driver's error. */
export function onClient(client: pg.Client): Scripts {
  return {
    async rows(query) {
      const text = textOf(query, 'postgres')
      return (await client.query({ name: preparedAs(text).name, text, values: [...query.values] })).rows
    },
    async script(text) {
      // Without values it goes by the simple protocol, which takes a text of many statements.
      await client.query(text)
    },
  }
}

/**
 * Puts what this connection is asked in one turn of the event loop into one write. Of all that a short statement costs,
 * here and at the server, most is the writing and being woken by it.
 */
export function writingAtOnce({ connection }: pg.Client): () => void {
  let gathering = false
  return () => {
    if (gathering) return
    gathering = true
    const { stream } = connection
    stream.cork()
    setImmediate(() => {
      gathering = false
      stream.uncork()
    })
  }
}
