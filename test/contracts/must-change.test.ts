import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from '../../src/storage/sql/query.ts'
import { changingDirectory, chosenPassword } from '../changing-directory.ts'
import { engineWorld, password } from '../engine.ts'
import { dialects } from './dialects.ts'

const wrong = { ok: false, refusal: 'credentials.wrong' }
const refused = (refusal: string) => ({ ok: false, refusal })

for (const [dialect, open] of dialects) {
  describe(`a password that must be changed, on ${dialect}`, () => {
    test('opens nothing, says why, and is told only to whoever has it', async () => {
      const { begin, guess } = await world()
      for (const [username, why] of [
        ['dora', 'expired'],
        ['fred', 'reset'],
      ] as const) {
        assert.deepEqual(await begin(username), { ok: true, value: { outcome: 'must-change', why, changeable: true } })
        assert.deepEqual(await guess(username), wrong)
      }
    })

    test('is changed by the old one, and the sign-in goes on with the new one, to the second step', async () => {
      const { api, from, begin, change, whats } = await world()
      const changed = await change('dora')
      assert.ok(changed.ok && changed.value.outcome === 'begun' && changed.value.next === 'second-step')
      const second = await api.readSecondStep({ ...from, session: changed.value.session }, {})
      assert.ok(second.ok && second.value.method === 'text')
      assert.deepEqual(await begin('dora'), wrong)
      const again = await begin('dora', chosenPassword)
      assert.ok(again.ok && again.value.outcome === 'begun')
      assert.ok((await whats()).includes('password.changed'))
    })

    test('its owner hears of the change, and whoever was signed in is not any more', async () => {
      const { api, from, clock, phones, signIn, directory, change } = await world()
      directory().whys.delete('dora')
      const session = await signIn('dora', doraPhone)
      directory().whys.set('dora', 'expired')
      clock.advance(5)
      assert.ok((await change('dora')).ok)
      const account = await api.readAccount({ ...from, session }, {})
      assert.deepEqual(account, { ok: false, refusal: 'caller.refused' })
      const told = () => phones.messages(doraPhone).some(({ text }) => text.includes('your password was changed'))
      while (!told()) await new Promise((next) => setTimeout(next, 20))
    })

    test('the rules of the directory are told, and cost no try; what cannot be a password is not put to it', async () => {
      const { directory, change, begin } = await world({ 'password.free_tries': 2 })
      for (let i = 0; i < 6; i++) assert.deepEqual(await change('dora', 'short'), refused('password.rules'))
      assert.equal(directory().changes, 6)
      for (const unfit of [' ', '\u200b\u2060 ', 'tab\there-1234', '\ud800-lone-surrogate']) {
        assert.deepEqual(await change('dora', unfit), refused('password.unfit'))
      }
      assert.deepEqual(await change('dora', password), refused('password.same'))
      assert.equal(directory().changes, 6)
      assert.ok((await begin('dora')).ok)
    })

    test('of a password that need not be changed nothing is changed: a stolen one does not lock its owner out', async () => {
      const { directory, change, begin } = await world()
      const answer = await change('alice')
      assert.ok(answer.ok && answer.value.outcome === 'begun', 'it is a sign-in')
      assert.equal(directory().changes, 0)
      assert.ok((await begin('alice')).ok)
    })

    test('a wrong old password is a wrong password: the same answer, the same budget, and no change', async () => {
      const { api, from, directory, begin } = await world({ 'password.free_tries': 3 })
      for (const username of ['dora', 'DORA', 'd\u00adora']) {
        const input = { username, password: 'Guess-no-1', chosen: chosenPassword }
        assert.deepEqual(await api.changeExpiredPassword(from, input), wrong)
      }
      const next = await begin('dora')
      assert.ok(next.ok && next.value.outcome === 'wait')
      assert.equal(directory().changes, 0)
      const unknown = { username: 'nobody', password, chosen: chosenPassword }
      assert.deepEqual(await api.changeExpiredPassword({ address: '198.51.100.9' }, unknown), wrong)
    })

    test('of two changes at once one counts', async () => {
      const { change } = await world()
      const answers = await Promise.all([change('dora', 'First-chosen-1'), change('dora', 'Second-chosen-2')])
      const begun = answers.filter((answer) => answer.ok && answer.value.outcome === 'begun')
      assert.equal(begun.length, 1, JSON.stringify(answers))
    })

    test('somebody who is disabled here, and whose password is expired there, is told nothing', async () => {
      const { database, begin, change, directory } = await world()
      await database.write((tx) => tx.rows(sql`UPDATE users SET disabled_at = 1 WHERE username = 'dora'`))
      assert.deepEqual(await begin('dora'), wrong)
      assert.deepEqual(await change('dora'), wrong)
      assert.equal(directory().changes, 0)
    })

    test('hours of somebody who is disabled here are told to nobody', async () => {
      const { database, begin } = await world()
      await database.write((tx) => tx.rows(sql`UPDATE users SET disabled_at = 1 WHERE username = 'hugo'`))
      const bound = await begin('hugo')
      assert.deepEqual(bound, wrong)
    })

    test('hours are told to whoever has the password, and count as no sign-in', async () => {
      const { begin, guess, whats } = await world()
      assert.deepEqual(await begin('hugo'), refused('sign-in.hours'))
      assert.deepEqual(await guess('hugo'), wrong)
      assert.ok((await whats()).every((what) => what !== 'password.right'))
    })

    test('hours that a server tells to any guess are told to nobody', async () => {
      const directory = {
        checkPassword: async () => ({ outcome: 'wrong', why: 'hours' }) as const,
        close: async () => {},
      }
      const { api, from } = await engineWorld(await open(), { directory, directoryKind: 'radius', seeded: false })
      assert.deepEqual(await api.beginSignIn(from, { username: 'alice', password: 'Guess-no-1' }), wrong)
    })

    test('who was added by name, and disabled before they first came, is told nothing', async () => {
      const must = { outcome: 'must-change', why: 'expired', person: { uid: 'uid-bob', username: 'bob' } } as const
      const directory = { checkPassword: async () => must, close: async () => {} }
      const { api, from, database } = await engineWorld(await open(), { directory })
      await database.write((tx) => tx.rows(sql`UPDATE users SET disabled_at = 1 WHERE username = 'bob'`))
      assert.deepEqual(await api.beginSignIn(from, { username: 'bob', password }), wrong)
    })

    test('where the directory changes none, it says so', async () => {
      const { begin, change } = await world({}, { changing: false })
      const told = { outcome: 'must-change', why: 'expired', changeable: false }
      assert.deepEqual(await begin('dora'), { ok: true, value: told })
      assert.deepEqual(await change('dora'), refused('password.not-here'))
    })
  })

  const doraPhone = '+12065550177'

  async function world(settings: Record<string, unknown> = {}, { changing = true } = {}) {
    let made: ReturnType<typeof changingDirectory> | undefined
    const world = await engineWorld(await open(), {
      settings,
      around: (inner) => {
        made = changingDirectory(inner)
        if (!changing) delete made.changePassword
        return made
      },
    })
    await world.add('dora', { phone: doraPhone, method: 'text' })
    await world.add('fred')
    await world.add('hugo')
    const { api, from, database } = world
    return {
      ...world,

      directory: () => made as ReturnType<typeof changingDirectory>,
      begin: (username: string, given = password) => api.beginSignIn(from, { username, password: given }),
      guess: (username: string) => api.beginSignIn({ address: '198.51.100.7' }, { username, password: 'Guess-no-1' }),
      change: (username: string, chosen = chosenPassword) =>
        api.changeExpiredPassword(from, { username, password, chosen }),
      whats: async () =>
        (await database.rows(sql`SELECT what FROM audit ORDER BY seq`)).map(({ what }) => String(what)),
    }
  }
}
