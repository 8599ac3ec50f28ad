import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type SlapdHost, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import { AppError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { systemClock } from '../../src/system.ts'
import { engineWorld, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const phone = '+12065550188'
const skip = slapdIsInstalled() ? false : 'slapd is not installed (Debian: slapd)'

for (const [dialect, open] of dialects) {
  describe(`signing in with the password of an LDAP directory, on ${dialect}`, { skip }, () => {
    let slapd: SlapdHost
    before(async () => {
      slapd = await startSlapd()
    })
    after(() => slapd?.stop())

    test('a person arrives at the first right password, enrols, and signs in again however the name is written', async () => {
      const { api, from, begin, codeAfter, signInAs } = await world()
      const { ada } = slapd.people

      const half = await begin('ada', from, ada.password)
      const asked = await codeAfter(phone, () =>
        api.provePhone({ ...from, session: half }, { country: 'US', number: phone }),
      )
      const proven = await api.confirmPhone({ ...from, session: half }, { code: asked.code })
      assert.ok(proven.ok && proven.value.outcome === 'proven')
      const account = await api.readAccount({ ...from, session: proven.value.session }, {})
      assert.ok(account.ok)
      assert.deepEqual(
        [account.value.username, account.value.displayName, account.value.mail],
        ['ada', ada.name, ada.mail],
      )

      for (const name of ['ada', ' ADA ']) assert.equal((await signInAs(name, ada.password)).username, 'ada')
    })

    test('somebody whose name needs escaping is one user', async () => {
      const { api, begin, from, rowsOfUsers } = await world()
      const { star } = slapd.people

      await begin(star.uid, from, star.password)
      await begin(star.uid, from, star.password)
      const other = await api.beginSignIn(from, { username: 'st*', password: star.password })

      assert.deepEqual(other, { ok: false, refusal: 'credentials.wrong' })
      assert.deepEqual(await rowsOfUsers(), [star.uid])
    })

    test('while the directory is down nobody is told a wrong thing, and the try is given back', async () => {
      const { api, begin, from } = await world({ 'password.free_tries': 2 })
      const { ada } = slapd.people
      await slapd.halt()
      try {
        for (let i = 0; i < 4; i++) {
          const trying = api.beginSignIn(from, { username: 'ada', password: ada.password })
          await assert.rejects(trying, (error) => error instanceof AppError && error.code === 'directory.unreachable')
        }
      } finally {
        await slapd.start()
      }
      assert.match(await begin('ada', from, ada.password), /^si_/)
    })

    async function world(settings: Record<string, unknown> = {}) {
      const { ldapUrl, ca, baseDn, bindDn, bindPassword } = slapd
      const config = { url: ldapUrl, startTls: true, ca, baseDn, bindDn, bindPassword: new Secret(bindPassword) }
      const directory = ldapDirectory(
        { ...config, attributes: usualAttributes, timeoutMs: 30_000 },
        { log: silent, clock: systemClock },
      )
      const engine = await engineWorld(await open(), { directory, seeded: false, settings })
      const { api, from, begin, codeAfter, database } = engine
      return {
        ...engine,
        async signInAs(name: string, password: string) {
          const { value, code } = await codeAfter(phone, () => begin(name, from, password))
          const answer = await api.answerSecondStep({ ...from, session: value }, { method: 'text', code })
          assert.ok(answer.ok && answer.value.outcome === 'passed', JSON.stringify(answer))
          const account = await api.readAccount({ ...from, session: answer.value.session }, {})
          assert.ok(account.ok)
          return account.value
        },
        async rowsOfUsers() {
          const rows = await database.rows({ parts: ['SELECT username FROM users'], values: [] })
          return rows.map(({ username }) => username)
        },
      }
    }
  })
}
