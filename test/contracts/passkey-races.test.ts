import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from '../../src/storage/sql/query.ts'
import { engineWorld, handClock, site } from '../engine.ts'
import { authenticator } from '../passkey/authenticator.ts'
import { peopleDirectory } from '../people-directory.ts'
import { migratedPlaces } from './dialects.ts'

const rounds = Math.min(Number(process.env.SALLYPORT_ROUNDS || 5), 20)

for (const [dialect, place] of migratedPlaces) {
  /** On PostgreSQL two, each with connections of its own, as on two machines. */
  const engines = dialect === 'SQLite' ? 1 : 2
  describe(`passkeys, racing, on ${dialect} through ${engines === 1 ? 'one engine' : 'two engines'}`, () => {
    test('the same new passkey 50 times is added once, and opens one session', async () => {
      const { api, from, begin, newcomer, race, database } = await world()
      for (let round = 0; round < rounds; round++) {
        const name = await newcomer(`newcomer-${round}`)
        const call = { ...from, session: await begin(name) }
        const offer = await api.offerPasskey(call, {})
        assert.ok(offer.ok)
        const credential = authenticator(site).create(offer.value.options)

        const answers = await race(50, (api) => api.confirmPasskey(call, { credential, name: 'Laptop' }))

        assert.equal(answers.filter((a) => a.ok && a.value.outcome === 'proven').length, 1)
        const rows = await database.rows(sql`
          SELECT passkey.id FROM passkey JOIN users ON users.id = user_id WHERE username_key = ${name}`)
        assert.equal(rows.length, 1)
        const sessions = await database.rows(sql`
          SELECT session.id FROM session JOIN users ON users.id = user_id WHERE username_key = ${name}`)
        assert.equal(sessions.length, 1)
      }
    })

    test('the same answer 50 times in one sign-in opens one session, and costs no try', async () => {
      const { api, from, begin, enrolled, race, database } = await world()
      const { name, browser } = await enrolled('ada')
      for (let round = 0; round < rounds; round++) {
        const half = { ...from, session: await begin(name) }
        const asked = await api.askPasskey(half, {})
        assert.ok(asked.ok && asked.value.outcome === 'asked')
        const credential = browser.get(asked.value.options)

        const answers = await race(50, (api) => api.answerPasskey(half, { credential }))

        assert.equal(answers.filter((a) => a.ok && a.value.outcome === 'passed').length, 1)
        const [ada] = await database.rows(sql`SELECT failures FROM users WHERE username_key = ${name}`)
        assert.equal(Number(ada?.failures), 0)
      }
    })

    test('the same answer alone, 50 times, opens one session', async () => {
      const { api, from, enrolled, race } = await world()
      const { browser } = await enrolled('ada')
      for (let round = 0; round < rounds; round++) {
        const asked = await api.beginPasskeySignIn(from, {})
        assert.ok(asked.ok && asked.value.outcome === 'asked')
        const { id, options } = asked.value
        const credential = browser.get(options)

        const answers = await race(50, (api) => api.finishPasskeySignIn(from, { id, credential }))

        assert.equal(answers.filter((a) => a.ok && a.value.outcome === 'passed').length, 1)
      }
    })

    test('one count of an authenticator, in 20 sign-ins at once, is good for one of them', async () => {
      const { api, from, begin, enrolled, race, operator } = await world()
      const { name, browser } = await enrolled('ada')
      for (let round = 0; round < rounds; round++) {
        const halves: { call: typeof from; credential: string }[] = []
        for (let i = 0; i < 20; i++) {
          const call = { ...from, session: await begin(name) }
          const asked = await api.askPasskey(call, {})
          assert.ok(asked.ok && asked.value.outcome === 'asked')
          halves.push({ call, credential: browser.get(asked.value.options, { counter: round + 1 }) })
        }

        const answers = await race(20, (api, i) => {
          const { call, credential } = halves[i] ?? assert.fail('none')
          return api.answerPasskey(call, { credential })
        })

        assert.equal(answers.filter((a) => a.ok && a.value.outcome === 'passed').length, 1)
        await api.unlockUser(operator, { username: name })
      }
    })

    test('two passkeys that are removed at once leave one: nobody is without a way in', async () => {
      const { api, enrolled, add, race } = await world()
      for (let round = 0; round < rounds; round++) {
        const { call } = await enrolled(`ada-${round}`)
        await add(call)
        const own = await api.listPasskeys(call, {})
        assert.ok(own.ok)
        const ids = own.value.passkeys.map(({ id }) => id)

        const answers = await race(8, (api, i) => api.removePasskey(call, { id: ids[i % 2] ?? '' }))

        assert.equal(answers.filter((a) => a.ok).length, 1)
        const left = await api.listPasskeys(call, {})
        assert.ok(left.ok)
        assert.equal(left.value.passkeys.length, 1)
      }
    })
  })

  /** One or two engines on one database. `race` spreads calls over them, all at once. */
  async function world() {
    const { connect } = await place()
    const clock = handClock()
    const directory = peopleDirectory('alice', 'bob')
    const database = connect()
    const settings = { 'portal.methods': ['text', 'passkey'], 'portal.passkey_sign_in': true }
    const first = await engineWorld(database, { clock, directory, settings })
    const { masterKey, phones } = first
    const second =
      engines === 2
        ? await engineWorld(connect(), { clock, directory, settings, masterKey, phones, seeded: false })
        : first
    const apis = [first.api, second.api] as const
    const race = <T>(count: number, call: (api: typeof first.api, i: number) => Promise<T>) =>
      Promise.all(Array.from({ length: count }, (_, i) => call(apis[i % 2 ? 1 : 0], i)))

    async function newcomer(name: string): Promise<string> {
      directory.people.push({ uid: name, username: name })
      await first.add(name)
      return name
    }
    async function add(call: { session: string }) {
      const browser = authenticator(site)
      const offer = await first.api.offerPasskey(call, {})
      assert.ok(offer.ok)
      const credential = browser.create(offer.value.options)
      const answer = await first.api.confirmPasskey(call, { credential, name: 'Laptop' })
      assert.ok(answer.ok && answer.value.outcome === 'proven')
      return { browser, session: answer.value.session }
    }
    async function enrolled(username: string) {
      const name = await newcomer(username)
      const { browser, session } = await add({ ...first.from, session: await first.begin(name) })
      return { name, browser, call: { ...first.from, session: session ?? '' } }
    }
    return { ...first, race, newcomer, add, enrolled }
  }
}
