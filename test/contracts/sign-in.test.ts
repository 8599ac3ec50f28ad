import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alicePhone, engineWorld, password } from '../engine.ts'
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

  async function world() {
    return engineWorld(await open())
  }
}
