import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Directory } from '../../src/core/directory.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { alicePhone, engineWorld, password } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`signing in, on ${dialect}`, () => {
    test('password, then the texted code, opens a session; the half-open token is dead afterwards', async () => {
      const { api, from, begin, codeAfter } = await world()

      const { value: half, code } = await codeAfter(alicePhone, () => begin('alice'))
      const passed = await api.answerSecondStep({ ...from, session: half }, { method: 'text', code })

      assert.ok(passed.ok && passed.value.outcome === 'passed')
      const account = await api.readAccount({ ...from, session: passed.value.session }, {})
      assert.ok(account.ok)
      assert.equal(account.value.username, 'alice')
      assert.deepEqual(await api.readSecondStep({ ...from, session: half }, {}), {
        ok: false,
        refusal: 'caller.refused',
      })
    })

    test('wrong password, unknown user and empty password get one and the same answer', async () => {
      const { api, from } = await world()

      const answers = await Promise.all(
        [
          { username: 'alice', password: 'wrong' },
          { username: 'nobody', password },
          { username: 'alice', password: '' },
          { username: '', password },
        ].map((input, i) => api.beginSignIn({ ...from, address: `192.0.2.${i + 20}` }, input)),
      )

      for (const answer of answers) assert.deepEqual(answer, { ok: false, refusal: 'credentials.wrong' })
    })
  })

  describe(`somebody who is gone before the directory has answered, on ${dialect}`, () => {
    for (const [what, away] of [
      ['removed', sql`DELETE FROM users WHERE username = 'dora'`],
      ['disabled', sql`UPDATE users SET disabled_at = 1 WHERE username = 'dora'`],
    ] as const) {
      test(`is ${what}, and a wrong password`, async () => {
        const directory = peopleDirectory('dora')
        directory.groups.staff = ['uid-dora']
        const opened = await open()
        const slow: Directory = {
          ...directory,
          async inGroup(uid, group) {
            await opened.write((tx) => tx.rows(away))
            return directory.inGroup(uid, group)
          },
        }
        const groups = { enrolment: 'staff' }
        const { api, from, database } = await engineWorld(opened, { directory: slow, groups, seeded: false })
        const answer = await api.beginSignIn(from, { username: 'dora', password })
        assert.deepEqual(answer, { ok: false, refusal: 'credentials.wrong' })
        const [event] = await database.rows(sql`SELECT what, facts FROM audit ORDER BY seq DESC LIMIT 1`)
        assert.deepEqual({ ...event }, { what: 'password.wrong', facts: '{"why":"disabled"}' })
      })
    }
  })

  async function world() {
    return engineWorld(await open())
  }
}
