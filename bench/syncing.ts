// Imports and synchronises in a process of its own, for what that holds of memory.
import type { Output } from '../src/contract/contract.ts'
import { Secret } from '../src/core/secrets/secret.ts'
import { ldapDirectory } from '../src/outbound/directory/ldap.ts'
import { type LdapConfig, usualAttributes } from '../src/outbound/directory/ldap-config.ts'
import { peopleSource } from '../src/outbound/directory/people-source.ts'
import { systemClock as clock, systemRandom as random } from '../src/system.ts'
import { openEngineAt } from './at.ts'
import { serveParent } from './children.ts'
import { type Place, silent } from './people.ts'

export type Subject = { place: Place; url: string; ca: string; bindDn: string; bindPassword: string; base: string }
export type Ask = { whole: boolean }
export type Ran = { seconds: number; counts: Output<'listSyncRuns'>['runs'][number]['counts']; peak: number }

const { place, base, bindPassword, ...server } = JSON.parse(process.argv[2] ?? '') as Subject
const operator = { console: true } as const
const needs = { log: silent, clock, random }
const ldap: LdapConfig = {
  ...{ ...server, startTls: false, bindPassword: new Secret(bindPassword), baseDn: base },
  ...{ attributes: usualAttributes, timeoutMs: 10_000 },
}
const people = peopleSource(
  {
    from: { kind: 'ldap', ldap },
    attributes: { firstName: 'givenName', lastName: 'sn', phones: { mobile: 'mobile' } },
    ...{ filters: {}, pageSize: 500, most: 100_000, pageMs: 60_000 },
  },
  needs,
)
const engine = await openEngineAt(place, {
  ...{ directoryKind: 'ldap', directory: () => ldapDirectory(ldap, needs), people: { people, kind: 'ldap' } },
  settings: { 'sync.automatic': false },
})
const rules = { modes: {}, phones: ['mobile'], follow: ['mail'], vanished: 'disable', mailNew: false } as const
const added = await engine.api.addSyncItem(operator, {
  name: 'all',
  scope: { base },
  rules: { ...rules, phones: [...rules.phones], follow: [...rules.follow] },
})
if (!added.ok) throw new Error(added.refusal)

async function run({ whole }: Ask): Promise<Ran> {
  const began = performance.now()
  const answer = await engine.api.synchronise(operator, { whole, dryRun: false })
  const seconds = (performance.now() - began) / 1_000
  if (!answer.ok || answer.value.outcome !== 'done') throw new Error(JSON.stringify(answer).slice(0, 400))
  // Kilobytes, of this process since it began.
  return { seconds, counts: answer.value.counts, peak: process.resourceUsage().maxRSS / 1_024 }
}

serveParent({ ready: true, answer: run, close: () => engine.close() })
