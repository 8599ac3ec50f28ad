import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { alicePhone, engineWorld, handClock, password } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const wrong = { ok: false, refusal: 'credentials.wrong' }
const malformed = { ok: false, refusal: 'input.malformed' }
const spellings = [
  'zoé smith',
  'ZOÉ SMITH',
  ' zoé smith',
  'zoe\u0301 smith\u00a0',
  'ｚｏé  smith',
  'zo\u00adé smith\u200b',
]

for (const [dialect, open] of dialects) {
  describe(`guessing at passwords, on ${dialect}`, () => {
    test('however a name is spelt, it is one counter', async () => {
      const { guess } = await world()
      const outcomes = []
      for (const username of spellings) outcomes.push(await guess(username))
      assert.deepEqual(outcomes, ['wrong', 'wrong', 'wrong', 'wrong', 'wait', 'wait'])
    })

    test('the wait is told, doubles with each further try up to the longest, and a right password does not end it', async () => {
      const { api, from, guess, clock } = await world()
      for (let i = 0; i < 4; i++) assert.equal(await guess('bob'), 'wrong')

      const waits: number[] = []
      for (let i = 0; i < 10; i++) {
        const at = clock.now().getTime()
        const answer = await api.beginSignIn(from, { username: 'bob', password })
        assert.ok(answer.ok && answer.value.outcome === 'wait')
        const ms = Date.parse(answer.value.until) - at
        waits.push(Math.ceil(ms / 1_000))
        clock.advance(ms / 60_000)
        assert.equal(await guess('bob'), 'wrong')
      }

      assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
    })

    test('a name that nobody has is slowed like one that somebody has', async () => {
      const { guess } = await world()
      const outcomesOf = async (username: string, address: string) => {
        const outcomes = []
        for (let i = 0; i < 7; i++) outcomes.push(await guess(username, address))
        return outcomes
      }
      const known = await outcomesOf('alice', '192.0.2.80')
      assert.deepEqual(await outcomesOf('nobody-here', '192.0.2.81'), known)
      assert.deepEqual(await outcomesOf('', '192.0.2.82'), known)
      assert.deepEqual(await outcomesOf('disabled', '192.0.2.83'), known)
    })

    test("a stranger's guesses from a thousand addresses are slowed, and the owner still gets in where known", async () => {
      const { guess, signIn, api, from } = await world()
      await signIn('alice', alicePhone)

      const outcomes = []
      for (let i = 0; i < 50; i++) outcomes.push(await guess('alice', `198.51.${i}.1`))

      assert.equal(outcomes.filter((o) => o === 'wrong').length, 30)
      const owner = await api.beginSignIn(from, { username: 'alice', password })
      assert.ok(owner.ok && owner.value.outcome === 'begun')
    })

    test('there are many ways to write an accent, and strangers have one count for all of them', async () => {
      const { guess } = await world()
      const outcomes = []
      for (let i = 0; i < 40; i++) {
        const name = ['alice', 'al\u00efce', 'a\u0640lice', 'al\u0130ce', 'alic\u00eb'][i % 5] ?? ''
        outcomes.push(await guess(name, `198.51.${i}.1`))
      }
      assert.equal(outcomes.indexOf('wait'), 30)
    })

    test('the owner, signing in where known, gives strangers none of their tries back', async () => {
      const { guess, signIn, api, from } = await world()
      await signIn('alice', alicePhone)
      for (let i = 0; i < 30; i++) await guess('alice', `198.51.${i}.1`)
      for (let i = 0; i < 3; i++) assert.ok((await api.beginSignIn(from, { username: 'alice', password })).ok)
      assert.equal(await guess('alice', '198.51.99.1'), 'wait')
    })

    for (const [what, address] of [
      ['one address', () => '198.51.100.7'],
      ['the addresses of one /64', (i: number) => `2001:db8:0:7::${i.toString(16)}`],
    ] as const) {
      test(`${what}, guessing many names, is slowed`, async () => {
        const { guess } = await world()
        const outcomes = []
        for (let i = 0; i < 70; i++) outcomes.push(await guess(`name-${i}`, address(i)))
        assert.equal(outcomes.indexOf('wait'), 60)
        assert.equal(await guess('name-1', '198.51.100.8'), 'wrong', 'others are not')
      })
    }

    test('success forgets the tries at that name, and gives nothing back of those at another', async () => {
      const { guess, api, from } = await world()
      const succeed = async (username: string) => {
        const answer = await api.beginSignIn(from, { username, password })
        assert.ok(answer.ok && answer.value.outcome === 'begun')
      }
      for (let round = 0; round < 3; round++) {
        for (let i = 0; i < 3; i++) assert.equal(await guess('alice'), 'wrong')
        await succeed('alice')
      }
      for (let i = 0; i < 4; i++) {
        assert.equal(await guess('alice'), 'wrong')
        await succeed('bob')
      }
      assert.equal(await guess('alice'), 'wait')
    })

    test('a directory that is down costs no try, not even the one that would have to be waited after', async () => {
      const { guess, api, from, directory } = await world()
      for (let i = 0; i < 3; i++) assert.equal(await guess('bob'), 'wrong')

      directory.down = true
      for (let i = 0; i < 10; i++) {
        const down = (error: unknown) => error instanceof AppError && error.code === 'directory.unreachable'
        await assert.rejects(api.beginSignIn(from, { username: 'bob', password }), down)
      }
      directory.down = false

      const answer = await api.beginSignIn(from, { username: 'bob', password })
      assert.ok(answer.ok && answer.value.outcome === 'begun')
    })

    test('a disabled user gets the answer of a wrong password, and the audit knows why', async () => {
      const { api, from, database } = await world()
      assert.deepEqual(await api.beginSignIn(from, { username: 'disabled', password }), wrong)
      const [event] = await database.rows({
        parts: ['SELECT what, facts FROM audit ORDER BY seq DESC LIMIT 1'],
        values: [],
      })
      assert.deepEqual({ ...event }, { what: 'password.wrong', facts: '{"why":"disabled"}' })
    })
  })

  describe(`local passwords, on ${dialect}`, () => {
    test('however a name is spelt, it is one record', async () => {
      const { api, from, operator, database } = await engineWorld(await open())
      await api.addUser(operator, { username: 'Zoé Smith', password })
      for (const username of spellings) {
        const answer = await api.beginSignIn(from, { username, password })
        assert.ok(answer.ok && answer.value.outcome === 'begun', JSON.stringify(username))
        assert.deepEqual(await api.addUser(operator, { username }), { ok: false, refusal: 'user.exists' })
      }
      const people = await database.rows({ parts: ['SELECT DISTINCT user_id FROM sign_in'], values: [] })
      assert.equal(people.length, 1)
    })

    test('empty, blank, cut, too long and shapeless ones open nothing', async () => {
      const { api } = await engineWorld(await open())
      const inputs: [input: unknown, answer: unknown][] = [
        [{ username: 'alice', password: '' }, wrong],
        [{ username: 'alice', password: ' \t ' }, wrong],
        [{ username: 'alice', password: '\0' }, wrong],
        [{ username: 'alice', password: `${password}\0` }, wrong],
        [{ username: 'alice', password: ` ${password}` }, wrong],
        [{ username: 'alice', password: password.slice(0, -1) }, wrong],
        [{ username: 'alice', password: '\ud800' }, wrong],
        [{ username: 'alice\0', password }, wrong],
        [{ username: '\ud800', password }, wrong],
        [{ username: 'ﷺ'.repeat(100), password }, wrong],
        [{ username: 'x'.repeat(257), password }, malformed],
        [{ username: 'alice', password: 'x'.repeat(1025) }, malformed],
        [{ username: 'alice', password: null }, malformed],
        [{ username: 'alice', password: [password] }, malformed],
        [{ username: { $ne: '' }, password }, malformed],
        [{ username: 'alice' }, malformed],
        ['alice', malformed],
        [undefined, malformed],
      ]
      for (const [i, [input, answer]] of inputs.entries()) {
        const call = { address: `192.0.2.${i}` }
        assert.deepEqual(await api.beginSignIn(call, input as never), answer, JSON.stringify(input))
      }
    })

    test('they count to their last character, however long name and password are', async () => {
      const { api, from, operator } = await engineWorld(await open())
      const [username, long] = ['n'.repeat(200), 'p'.repeat(1_023)]
      await api.addUser(operator, { username, password: `${long}a` })

      assert.deepEqual(await api.beginSignIn(from, { username, password: `${long}b` }), wrong)
      assert.deepEqual(await api.beginSignIn(from, { username, password: long }), wrong)
      const answer = await api.beginSignIn(from, { username, password: `${long}a` })
      assert.ok(answer.ok && answer.value.outcome === 'begun')
    })
  })

  /** Alice (text message), Bob and Zoé, and one who is disabled, whose passwords a directory knows. */
  async function world() {
    const directory = peopleDirectory('alice', 'bob', 'disabled', 'zoé smith')
    const database = await open()
    const world = await engineWorld(database, { directory, clock: handClock() })
    const { api, from, clock } = world
    await world.add('disabled')
    await database.write((tx) =>
      tx.rows({
        parts: ['UPDATE users SET disabled_at = ', " WHERE username = 'disabled'"],
        values: [clock.now().getTime()],
      }),
    )
    async function guess(username: string, address = from.address) {
      const answer = await api.beginSignIn({ ...from, address }, { username, password: 'a guess' })
      if (answer.ok) return answer.value.outcome
      return answer.refusal === 'credentials.wrong' ? 'wrong' : answer.refusal
    }
    return { ...world, directory, guess }
  }
}
