import { request } from 'undici'
import { type Figure, figuresOf } from './figures.ts'
import { type Bench, inTurns, loaded } from './rounds.ts'

const GZIP = { 'accept-encoding': 'gzip' }

/** The page that everyone meets first; `url` is the portal's, with a slash at the end. */
export async function signInPage(bench: Bench, { pid, url }: { pid: number; url: string }): Promise<Figure[]> {
  const { origin, pathname } = new URL('sign-in', url)
  const requests = [{ method: 'GET', path: pathname, headers: GZIP } as const]
  const { ours, bare } = await inTurns(bench, async () => {
    const { round, answers } = await loaded(bench, pid, { origin, requests, times: bench.each })
    if (answers['200'] !== bench.each) throw new Error(`the page was answered by ${JSON.stringify(answers)}`)
    return round
  })
  const visit = { name: 'sign-in page, first visit with css, js and icon', unit: 'KiB', better: 'less' } as const
  return [
    ...figuresOf('sign-in page', 'pages', ours, bare),
    { ...visit, ours: (await bytesOfVisit(origin, pathname)) / 1024, bare: undefined },
  ]
}

/** Bodies as they cross the wire, without headers: the page, and all files of ours that it names. */
async function bytesOfVisit(origin: string, path: string): Promise<number> {
  const plain = await request(origin + path)
  const html = await plain.body.text()
  const files = new Set([...html.matchAll(/(?:href|src)="([^"]*\/assets\/[^"]+)"/g)].map(([, file]) => file ?? ''))
  let bytes = 0
  for (const each of [path, ...files]) {
    const { statusCode, body } = await request(origin + each, { headers: GZIP })
    if (statusCode !== 200) throw new Error(`${each} was answered by ${statusCode}`)
    bytes += (await body.arrayBuffer()).byteLength
  }
  return bytes
}
