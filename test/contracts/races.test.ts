import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alicePhone, engineWorld, handClock, password, shownBy } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { migratedPlaces } from './dialects.ts'

const rounds = Number(process.env.SALLYPORT_ROUNDS || 20)

for (const [dialect, place] of migratedPlaces) {
  /** On PostgreSQL two, each with connections of its own, as on two machines. */
  const engines = dialect === 'SQLite' ? 1 : 2
  describe(`racing, on ${dialect} through ${engines === 1 ? 'one engine' : 'two engines'}`, () => {
    test('the same right text code 50 times in one sign-in opens one session', async () => {
      const { begin, codeAfter, clock, race, api, from } = await world()
      for (let round = 0; round < rounds; round++) {
        clock.advance(20)
        const { value: half, code } = await codeAfter(alicePhone, () => begin('alice'))

        const answers = await race(50, (api) =>
          api.answerSecondStep({ ...from, session: half }, { method: 'text', code }),
        )

        const [session, ...more] = answers.flatMap((a) =>
          a.ok && a.value.outcome === 'passed' ? [a.value.session] : [],
        )
        assert.ok(session)
        assert.deepEqual(more, [])
        assert.ok((await api.readAccount({ ...from, session }, {})).ok)
      }
    })

    test('the same right app code in 50 sign-ins opens one session, and the wrong ones of the rest lock', async () => {
      const { api, begin, from, operator, enrolToken, clock, race, database } = await world()
      const { uri } = await enrolToken('bob')
      const halves: string[] = []
      for (let round = 0; round < rounds; round++) {
        clock.advance(1)
        if (round % 10 === 0) halves.length = 0
        while (halves.length < 50) halves.push(await begin('bob'))
        const code = shownBy(uri, clock.now())

        const answers = await race(50, (api, i) =>
          api.answerSecondStep({ ...from, session: halves[i] }, { method: 'oath', code }),
        )

        const passed = answers.flatMap((a, i) => (a.ok && a.value.outcome === 'passed' ? [i] : []))
        assert.equal(passed.length, 1)
        halves.splice(passed[0] ?? 0, 1)
        const [bob] = await database.rows({
          parts: ["SELECT failures FROM users WHERE username_key = 'bob'"],
          values: [],
        })
        assert.ok(Number(bob?.failures) <= 5)
        await api.unlockUser(operator, { username: 'bob' })
      }
    })

    test('one recovery code by 50 clients in sign-ins of their own lets one of them in', async () => {
      const { api, begin, from, operator, signIn, clock, race, database } = await world({
        'portal.recovery_codes': true,
      })
      const session = { ...from, session: await signIn('alice', alicePhone) }
      const made = await api.makeRecoveryCodes(session, {})
      assert.ok(made.ok && made.value.outcome === 'made')
      for (const code of made.value.codes) {
        clock.advance(20)
        const halves: string[] = []
        while (halves.length < 50) halves.push(await begin('alice'))

        const answers = await race(50, (api, i) =>
          api.answerSecondStep({ ...from, session: halves[i] }, { method: 'recovery', code }),
        )

        assert.equal(answers.filter((a) => a.ok && a.value.outcome === 'passed').length, 1)
        await api.unlockUser(operator, { username: 'alice' })
      }
      assert.equal(
        (await database.rows({ parts: ['SELECT id FROM recovery_code WHERE used_at IS NULL'], values: [] })).length,
        0,
      )
    })

    test('of 200 passwords at once no more than the free tries are looked at, and the right one among them fails', async () => {
      const { race, from, directory, clock } = await world()
      for (let round = 0; round < Math.min(rounds, 5); round++) {
        clock.advance(60)
        const before = directory.asked

        const answers = await race(200, (api, i) =>
          api.beginSignIn(from, { username: i % 2 ? 'bob' : ' BOB', password: i === 150 ? password : 'wrong' }),
        )

        assert.ok(directory.asked - before <= 5, `${directory.asked - before} were looked at`)
        assert.ok(answers[150]?.ok && answers[150].value.outcome === 'wait')
      }
    })

    test('a set-up that is confirmed 50 times gives one session and one token', async () => {
      const { begin, from, api, add, directory, clock, race, database } = await world()
      for (let round = 0; round < rounds; round++) {
        const name = `newcomer-${round}`
        directory.people.push({ uid: name, username: name })
        await add(name)
        const call = { ...from, session: await begin(name) }
        const offer = await api.offerToken(call, {})
        assert.ok(offer.ok)
        const code = shownBy(offer.value.uri, clock.now())

        const answers = await race(50, (api) => api.confirmToken(call, { code }))

        assert.equal(answers.filter((a) => a.ok && a.value.outcome === 'proven').length, 1)
        assert.equal((await rowsOf(database, 'oath_token', name)).length, 1)
        assert.equal((await rowsOf(database, 'session', name)).length, 1)
      }
    })

    test('two set-ups of one person, by text and by app, end in one session and the method that won', async () => {
      const { begin, from, api, add, directory, clock, race, codeAfter, database } = await world()
      for (let round = 0; round < Math.min(rounds, 10); round++) {
        clock.advance(130)
        const name = `undecided-${round}`
        directory.people.push({ uid: name, username: name })
        await add(name)
        const [byText, byApp] = [
          { ...from, session: await begin(name) },
          { ...from, session: await begin(name) },
        ]
        const phone = `+1206555${1000 + round}`
        const number = { country: 'US', number: phone }
        const { code: texted } = await codeAfter(phone, () => api.provePhone(byText, number))
        const offer = await api.offerToken(byApp, {})
        assert.ok(offer.ok)
        const shown = shownBy(offer.value.uri, clock.now())

        const answers = await race(2, (api, i) =>
          i === round % 2 ? api.confirmPhone(byText, { code: texted }) : api.confirmToken(byApp, { code: shown }),
        )

        assert.equal(answers.filter((a) => a.ok && a.value.outcome === 'proven').length, 1)
        assert.equal((await rowsOf(database, 'session', name)).length, 1)
        const [user] = await database.rows({
          parts: [
            'SELECT method, phone, oath_token.id AS token FROM users LEFT JOIN oath_token ON user_id = users.id WHERE username_key = ',
            '',
          ],
          values: [name],
        })
        assert.deepEqual(
          [user?.phone !== null, user?.token !== null],
          [user?.method === 'text', user?.method === 'oath'],
        )
      }
    })

    test('choosing the app while it is taken off the account leaves nobody without a way in', async () => {
      const { api, from, signIn, proveToken, race, begin } = await world({ 'proof.fresh_minutes': 60 })
      const session = await signIn('alice', alicePhone)
      for (let round = 0; round < rounds; round++) {
        await proveToken(session)
        const call = { ...from, session }
        await api.chooseMethod(call, { method: 'text' })

        await race(8, async (api, i) =>
          i % 2 ? api.removeToken(call, {}) : api.chooseMethod(call, { method: 'oath' }),
        )

        const view = await api.readSecondStep({ ...from, session: await begin('alice') }, {})
        assert.ok(view.ok, `round ${round}: nothing is left that Alice could be asked`)
      }
    })

    test('50 numbers to prove at once send three texts, and the newest code is the only one', async () => {
      const { begin, from, phones, race, clock, database } = await world()
      const call = { ...from, session: await begin('bob') }

      const answers = await race(50, (api, i) => api.provePhone(call, { country: 'US', number: `206 555 ${1000 + i}` }))

      const outcomes = answers.map((a) => a.ok && a.value.outcome)
      assert.equal(outcomes.filter((o) => o === 'texted').length, 3)
      assert.equal(outcomes.filter((o) => o === 'wait').length, 47)
      clock.advance(0.1)
      assert.ok(phones.messages().length <= 3)
      const open = await database.rows({ parts: ['SELECT id FROM challenge WHERE closed_at IS NULL'], values: [] })
      assert.equal(open.length, 1)
    })

    test('the first sign-in of a person whom the directory alone knows, twice at once, makes one user', async () => {
      const { directory, race, from, database } = await world()
      for (let round = 0; round < rounds; round++) {
        const name = `stranger-${round}`
        directory.people.push({ uid: name, username: name })

        const answers = await race(4, (api) => api.beginSignIn(from, { username: name, password }))

        for (const answer of answers) assert.ok(answer.ok && answer.value.outcome === 'begun', JSON.stringify(answer))
        const added = await database.rows({
          parts: [
            "SELECT audit.id FROM audit JOIN users ON users.id = audit.user_id WHERE what = 'user.added' AND username = ",
            '',
          ],
          values: [name],
        })
        assert.equal(added.length, 1)
      }
    })
  })

  /** One or two engines on one database. `race` spreads calls over them, all at once. */
  async function world(settings: Record<string, unknown> = {}) {
    const { connect } = await place()
    const clock = handClock()
    const directory = peopleDirectory('alice', 'bob')
    const database = connect()
    const first = await engineWorld(database, { clock, directory, settings })
    const { masterKey, phones } = first
    const second =
      engines === 2
        ? await engineWorld(connect(), { clock, directory, settings, masterKey, phones, seeded: false })
        : first
    const apis = [first.api, second.api] as const
    const race = <T>(count: number, call: (api: typeof first.api, i: number) => Promise<T>) =>
      Promise.all(Array.from({ length: count }, (_, i) => call(apis[i % 2 ? 1 : 0], i)))
    return { ...first, directory, race }
  }
}

type Readable = Pick<Awaited<ReturnType<typeof engineWorld>>['database'], 'rows'>

function rowsOf(database: Readable, table: 'session' | 'oath_token', username: string) {
  const parts = [`SELECT t.id FROM ${table} t JOIN users ON users.id = t.user_id WHERE username_key = `, '']
  return database.rows({ parts, values: [username] })
}
