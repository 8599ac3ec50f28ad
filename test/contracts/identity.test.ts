import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alicePhone, engineWorld, handClock, password } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const wrong = { ok: false, refusal: 'credentials.wrong' }

for (const [dialect, open] of dialects) {
  describe(`who somebody is in the directory, on ${dialect}`, () => {
    test('a name that the directory gave to somebody else opens nothing', async () => {
      const { api, from, directory, database, begin } = await world()
      await begin('alice')
      personOf(directory, 'alice').uid = 'uid-of-the-new-alice'

      assert.deepEqual(await api.beginSignIn(from, { username: 'alice', password }), wrong)

      const [event] = await database.rows({ parts: ['SELECT what FROM audit ORDER BY seq DESC LIMIT 1'], values: [] })
      assert.equal(event?.what, 'identity.conflict')
      const open = await database.rows({ parts: ['SELECT id FROM sign_in'], values: [] })
      assert.equal(open.length, 1)
    })

    test('whoever is renamed keeps the record with its second step, and the old name is free', async () => {
      const { api, from, directory, begin, codeAfter } = await world()
      await codeAfter(alicePhone, () => begin('alice'))
      personOf(directory, 'alice').username = 'alice.jones'

      const { value: half, code } = await codeAfter(alicePhone, () => begin('Alice.Jones'))
      const passed = await api.answerSecondStep({ ...from, session: half }, { method: 'text', code })
      assert.ok(passed.ok && passed.value.outcome === 'passed')
      const account = await api.readAccount({ ...from, session: passed.value.session }, {})
      assert.ok(account.ok)
      assert.equal(account.value.username, 'alice.jones')

      directory.people.push({ uid: 'uid-another', username: 'alice' })
      const another = await api.beginSignIn(from, { username: 'alice', password })
      assert.ok(another.ok && another.value.outcome === 'begun' && another.value.next === 'user-setup')
    })

    test("a rename to a name that is another user's here leaves both records as they are", async () => {
      const { api, from, directory, begin, database } = await world()
      await begin('alice')
      await begin('bob')
      directory.people.splice(0, directory.people.length, { uid: 'uid-alice', username: 'bob' })

      const answer = await api.beginSignIn(from, { username: 'bob', password })

      assert.ok(answer.ok && answer.value.outcome === 'begun' && answer.value.next === 'second-step', 'it is Alice')
      const rows = await database.rows({
        parts: ["SELECT username FROM users WHERE directory_uid IN ('uid-alice', 'uid-bob') ORDER BY 1"],
        values: [],
      })
      assert.deepEqual(
        rows.map(({ username }) => username),
        ['alice', 'bob'],
      )
    })
  })

  /** Alice (text message) and Bob were imported by name; their passwords a directory knows. */
  async function world() {
    const directory = peopleDirectory('alice', 'bob')
    return { ...(await engineWorld(await open(), { directory, clock: handClock() })), directory }
  }
}

function personOf({ people }: ReturnType<typeof peopleDirectory>, username: string) {
  const person = people.find((each) => each.username === username)
  assert.ok(person)
  return person
}
