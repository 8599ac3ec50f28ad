// The load generator: keep-alive connections, each with one request under way, until the list is through.
import { Pool } from 'undici'
import { serveParent } from './children.ts'

export type Request = { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string }
export type Load = {
  origin: string
  /** PEM of the server's own certificate. */
  ca?: string | undefined
  connections: number
  requests: readonly Request[]
  /** The list is gone through so many times. */
  times?: number
}
/** `answers`: how many there were of each `outcome`, or of each status where the answer has none. */
export type Loaded = { seconds: number; times: number[]; answers: Record<string, number> }

async function fire({ origin, ca, connections, requests, times = 1 }: Load): Promise<Loaded> {
  const pool = new Pool(origin, { connections, pipelining: 1, ...(ca && { connect: { ca } }) })
  const took: number[] = []
  const answers: Record<string, number> = {}
  const total = requests.length * times
  let next = 0

  async function keepAsking(): Promise<void> {
    while (next < total) {
      const request = requests[next++ % requests.length]
      if (!request) return
      const began = performance.now()
      const { statusCode, body } = await pool.request(request as Parameters<Pool['request']>[0])
      const text = await body.text()
      took.push(performance.now() - began)
      const outcome = /"outcome":"([a-z-]+)"/.exec(text)?.[1] ?? String(statusCode)
      answers[outcome] = (answers[outcome] ?? 0) + 1
    }
  }

  try {
    const began = performance.now()
    await Promise.all(Array.from({ length: connections }, keepAsking))
    return { seconds: (performance.now() - began) / 1000, times: took, answers }
  } finally {
    await pool.close()
  }
}

if (process.send) serveParent({ ready: true, answer: fire, close: () => process.exit() })
