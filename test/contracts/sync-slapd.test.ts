import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Attribute, Change, Client } from 'ldapts'
import { rootDn, type SlapdHost, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { peopleSource } from '../../src/outbound/directory/people-source.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { engineWorld, silent } from '../engine.ts'
import { nonZero } from '../sync/world.ts'
import { dialects } from './dialects.ts'

const skip = slapdIsInstalled() ? false : 'slapd is not installed (Debian: slapd)'

describe('importing from a real directory', { skip }, () => {
  let slapd: SlapdHost
  before(async () => {
    slapd = await startSlapd({ administrator: 'root-password' })
  })
  after(() => slapd?.stop())

  test('whoever was imported signs in as that user, and not after being gone; two of one name are told in each run', async () => {
    const { counts, admin, api, operator, database, begin, from } = await world()
    const { baseDn, people } = slapd
    const scope = { base: baseDn }
    const found = await admin.search(baseDn, { scope: 'sub', filter: '(uid=ada)', attributes: ['dn'] })
    const dn = found.searchEntries[0]?.dn ?? assert.fail('no Ada')
    const replace = (type: string, values: string[]) =>
      admin.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values }) }))
    await replace('employeeType', ['de_AT'])
    await replace('title', ['Countess'])
    const rules = { languages: { text: 'en', oath: 'de' } } as const
    assert.ok((await api.addSyncItem(operator, { name: 'all', scope, rules })).ok)
    const first = await counts()
    assert.ok((first.added ?? 0) >= 2, JSON.stringify(first))
    const untaken = { conflicts: 1, unusable: 1 }
    assert.deepEqual([first.conflicts, first.unusable], [1, 1])
    const spoken = await database.rows(sql`
      SELECT call_language, text_language, app_language, oath_language FROM users WHERE username_key = 'ada'`)
    assert.deepEqual(
      spoken.map((row) => Object.values(row)),
      [['de', 'en', null, 'de']],
    )
    assert.deepEqual(await counts({ whole: true }), { read: first.read, ...untaken })

    const idOf = async (username: string) => {
      const [row] = await database.rows(sql`SELECT id FROM users WHERE username_key = ${username}`)
      return row?.id
    }
    const ada = await idOf('ada')
    await begin('ada', from, people.ada.password)
    const [{ signed } = {}] = await database.rows(
      sql`SELECT count(*) AS signed FROM sign_in WHERE user_id = ${String(ada)}`,
    )
    assert.equal(Number(signed), 1)

    await replace('mail', ['ada.new@example.org'])
    assert.deepEqual(await counts(), { read: 2, changed: 1, ...untaken })

    await admin.del(dn)
    assert.deepEqual(await counts(), { read: 1, disabled: 1, conflicts: 1 })
    const answer = await api.beginSignIn(from, { username: 'ada', password: people.ada.password })
    assert.deepEqual(answer, { ok: false, refusal: 'credentials.wrong' })
  })

  async function world() {
    const [, open] = dialects[0] ?? assert.fail('no database')
    const { baseDn, bindDn, bindPassword, ldapsUrl, ca } = slapd
    const ldap = {
      ...{ url: ldapsUrl, startTls: false, ca, bindDn, bindPassword: new Secret(bindPassword), baseDn },
      attributes: usualAttributes,
      timeoutMs: 60_000,
    }
    const needs = { log: silent, clock: systemClock, random: systemRandom }
    const languages = { call: 'employeeType', app: 'title' }
    const attributes = { firstName: 'givenName', lastName: 'sn', languages, phones: { mobile: 'mobile' } }
    const config = {
      from: { kind: 'ldap', ldap },
      attributes,
      filters: {},
      pageSize: 2,
      most: 1_000,
      pageMs: 60_000,
    } as const
    const all = await engineWorld(await open(), {
      directory: ldapDirectory(ldap, needs),
      people: peopleSource(config, needs),
      settings: { 'sync.automatic': false },
      seeded: false,
    })
    const admin = new Client({ url: ldapsUrl, tlsOptions: { ca } })
    await admin.bind(rootDn, 'root-password')
    after(() => admin.unbind())
    async function counts(how: { whole?: boolean } = {}): Promise<Record<string, number>> {
      const answer = await all.api.synchronise(all.operator, how)
      assert.ok(answer.ok && answer.value.outcome === 'done', JSON.stringify(answer))
      return nonZero(answer.value.counts)
    }
    return { ...all, counts, admin }
  }
})
