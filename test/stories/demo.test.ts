import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { freshDatabase } from '../../dev/hosts/postgres.ts'
import { type Demo, startDemo } from '../../src/app/demo/demo.ts'
import { silent } from '../engine.ts'
import { looksRight, window } from './browser.ts'
import { firstSignIn, type Place } from './first-sign-in.ts'

const server = process.env.SALLYPORT_TEST_POSTGRES
const databases = [
  { name: 'SQLite', url: async () => undefined },
  ...(server ? [{ name: 'PostgreSQL', url: async () => freshDatabase(server) }] : []),
]
if (!server) test('the demo on PostgreSQL', { skip: 'SALLYPORT_TEST_POSTGRES is not set; npm test sets it' }, () => {})

for (const { name, url } of databases) {
  for (const javaScript of [true, false]) {
    describe(`the first sign-in in a browser, ${javaScript ? 'with' : 'without'} JavaScript, on ${name}`, {
      timeout: 600_000,
    }, () => {
      const folder = mkdtempSync(join(tmpdir(), 'sallyport-story-'))
      let demo: Demo
      before(async () => {
        demo = await startDemo({ port: 0, folder, tls: false, databaseUrl: await url(), log: silent })
      })
      after(async () => {
        await demo?.close()
        rmSync(folder, { recursive: true, force: true })
      })

      test('Bob enrols and signs in again; Erin signs in with oathtool; no code is taken twice; axe finds nothing', async () => {
        const open = () => window({ javaScript })
        await firstSignIn(placeOf(demo), open, javaScript ? looksRight : async () => {})
      })
    })
  }
}

export function placeOf({ url, erinsSecret = '' }: Demo): Place {
  return {
    portal: `${url}/MultiFactorAuth/`,
    erinsSecret,
    async codes(phone) {
      const answer = await fetch(`${url}/simulator/api/messages?to=${encodeURIComponent(phone)}`)
      return ((await answer.json()) as { code?: string }[]).map(({ code }) => code ?? '')
    },
  }
}
