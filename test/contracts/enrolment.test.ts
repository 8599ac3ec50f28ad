import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alicePhone, engineWorld, handClock, noon, shownBy } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const refused = { ok: false, refusal: 'caller.refused' }
const gone = { ok: true, value: { outcome: 'gone' } }
const unavailable = { ok: false, refusal: 'method.unavailable' }
const bobPhone = '+12065550155'
const bobsNumber = { country: 'US', number: '(206) 555-0155' }

for (const [dialect, open] of dialects) {
  describe(`User Setup, on ${dialect}`, () => {
    test('by text: the number is proven, and the person signed in and asked for it from then on', async () => {
      const { api, setup, codeAfter, account, begin } = await world()
      const read = await api.readSetup(setup, {})
      assert.ok(read.ok)
      assert.deepEqual(read.value.methods, ['text', 'oath', 'passkey'])

      const { code } = await codeAfter(bobPhone, () => api.provePhone(setup, bobsNumber))
      assert.deepEqual(await api.confirmPhone(setup, { code: 'no code' }), {
        ok: true,
        value: { outcome: 'wrong', attemptsLeft: 4 },
      })
      const proven = await api.confirmPhone(setup, { code })

      assert.ok(proven.ok && proven.value.outcome === 'proven' && proven.value.session)
      const { method, phone } = await account(proven.value.session)
      assert.deepEqual({ method, phone }, { method: 'text', phone: '+1 206 555 0155' })
      await codeAfter(bobPhone, () => begin('bob'))
    })

    test('by app: the token is proven and asked for from then on, and no text is sent to anyone', async () => {
      const { enrolToken, account, begin, api, from, phones } = await world()
      const { session } = await enrolToken('bob')

      const { method, token } = await account(session)
      assert.equal(method, 'oath')
      assert.ok(token)
      const view = await api.readSecondStep({ ...from, session: await begin('bob') }, {})
      assert.ok(view.ok)
      assert.deepEqual([view.value.method, view.value.otherWays], ['oath', []])
      assert.deepEqual(phones.messages(), [])
    })

    test('the language of the pages it was done in stays with the person', async () => {
      const { api, setup, codeAfter, account } = await world()
      const german = { ...setup, language: 'de' }

      const { code } = await codeAfter(bobPhone, () => api.provePhone(german, bobsNumber))
      const proven = await api.confirmPhone(german, { code })

      assert.ok(proven.ok && proven.value.outcome === 'proven' && proven.value.session)
      assert.equal((await account(proven.value.session)).language, 'de')
    })

    test('a finished set-up is dead: its confirm, its token, and every other thing that it opened', async () => {
      const { api, setup, begin, from } = await world()
      const second = { ...from, session: await begin('bob') }
      const offer = await api.offerToken(setup, {})
      assert.ok(offer.ok)
      const code = shownBy(offer.value.uri, noon)
      assert.ok((await api.confirmToken(setup, { code })).ok)

      for (const call of [setup, second]) {
        assert.deepEqual(await api.confirmToken(call, { code }), refused)
        assert.deepEqual(await api.readSetup(call, {}), refused)
        assert.deepEqual(await api.offerToken(call, {}), refused)
        assert.deepEqual(await api.provePhone(call, bobsNumber), refused)
        assert.deepEqual(await api.readPhoneProof(call, {}), refused)
      }
      const again = await api.beginSignIn(from, { username: 'bob', password: 'sallyport-demo' })
      assert.ok(again.ok && again.value.outcome === 'begun' && again.value.next === 'second-step')
    })

    test('two windows show two secrets, and the one shown first is dead', async () => {
      const { api, setup, begin, from } = await world()
      const second = { ...from, session: await begin('bob') }
      const [one, two] = [await api.offerToken(setup, {}), await api.offerToken(second, {})]
      assert.ok(one.ok && two.ok)
      assert.notEqual(one.value.secret, two.value.secret)

      assert.deepEqual(await api.confirmToken(setup, { code: shownBy(one.value.uri, noon) }), gone)
      assert.deepEqual(await api.readTokenOffer(setup, {}), gone)
      const crossed = await api.confirmToken(second, { code: shownBy(one.value.uri, noon) })
      assert.ok(crossed.ok && crossed.value.outcome === 'wrong')
    })

    test('ten wrong codes end an offer, and so does a quarter of an hour', async () => {
      const { api, setup, clock } = await world({ 'sign_in.minutes': 30 })
      const offer = await api.offerToken(setup, {})
      assert.ok(offer.ok)
      for (let i = 0; i < 10; i++) await api.confirmToken(setup, { code: '000000' })
      assert.deepEqual(await api.confirmToken(setup, { code: shownBy(offer.value.uri, noon) }), gone)

      assert.ok((await api.offerToken(setup, {})).ok)
      clock.advance(16)
      assert.deepEqual(await api.readTokenOffer(setup, {}), gone)
    })

    test('who owes the second step gets no further: not to User Setup, not to any factor, not to the account', async () => {
      const { api, from, begin, phones } = await world()
      const half = { ...from, session: await begin('alice') }
      const texts = phones.messages(bobPhone).length

      for (const answer of [
        await api.readSetup(half, {}),
        await api.provePhone(half, bobsNumber),
        await api.readPhoneProof(half, {}),
        await api.awaitPhoneProof(half, { stamp: '', seconds: 1 }),
        await api.confirmPhone(half, { code: '123456' }),
        await api.offerToken(half, {}),
        await api.readTokenOffer(half, {}),
        await api.confirmToken(half, { code: '123456' }),
        await api.removeToken(half, {}),
        await api.chooseMethod(half, { method: 'text' }),
        await api.readAccount(half, {}),
        await api.listActivity(half, {}),
        await api.chooseLanguage(half, { language: 'de' }),
      ])
        assert.deepEqual(answer, refused)
      assert.equal(phones.messages(bobPhone).length, texts)
    })

    test('a method that the settings do not offer cannot be set up', async () => {
      const textOnly = await world({ 'portal.methods': ['text'] })
      assert.deepEqual(await textOnly.api.offerToken(textOnly.setup, {}), unavailable)
      const notSelected = await world({ 'portal.allow_method': false })
      assert.deepEqual(await notSelected.api.offerToken(notSelected.setup, {}), unavailable)
      const appOnly = await world({ 'portal.methods': ['oath'] })
      assert.deepEqual(await appOnly.api.provePhone(appOnly.setup, bobsNumber), unavailable)
    })

    test('switched off, it is not entered, whatever the password', async () => {
      const { api, from } = await engineWorld(await open(), {
        directory: peopleDirectory('alice', 'bob'),
        settings: { 'portal.allow_enrolment': false },
      })
      const answer = await api.beginSignIn(from, { username: 'bob', password: 'sallyport-demo' })
      assert.deepEqual(answer, { ok: false, refusal: 'enrolment.off' })
    })

    test('whoever enrols over a number that the operator had given is told of at that number', async () => {
      const { api, add, directory, from, begin, codeAfter, clock } = await world()
      directory.people.push({ uid: 'uid-carol', username: 'carol' })
      await add('carol', { phone: '+12065550111' })
      const thief = { ...from, session: await begin('carol') }
      const offer = await api.offerToken(thief, {})
      assert.ok(offer.ok)
      const code = shownBy(offer.value.uri, clock.now())

      const { value: proven } = await codeAfter('+12065550111', () => api.confirmToken(thief, { code }))
      assert.ok(proven.ok && proven.value.outcome === 'proven')
    })
  })

  describe(`phone numbers to prove, on ${dialect}`, () => {
    test('what is no number of a phone that may be texted is refused, each with its reason', async () => {
      const { api, setup, phones, database } = await world({ 'phone.countries': ['US', 'DE'] })
      for (const [number, country, problem] of [
        ['', 'US', 'missing'],
        [' \u3000 ', 'US', 'missing'],
        ['2', 'US', 'too-short'],
        ['206 555', 'US', 'too-short'],
        ['206 555 0100 0100 0100', 'US', 'too-long'],
        ['+1 111 555 0100', 'US', 'impossible'],
        ['206 555 0155', 'XX', 'impossible'],
        ['900 555 0155', 'US', 'impossible'],
        ['call me', 'US', 'not-a-number'],
        ['206 555 0155 ext. 5', 'US', 'not-a-number'],
        ['206 555 0155;ext=5', 'US', 'not-a-number'],
        ['<script>', 'US', 'not-a-number'],
        ['+44 7400 123456', 'US', 'country-not-allowed'],
        ['0044 7400 123456', 'US', 'country-not-allowed'],
        ['7400 123456', 'GB', 'country-not-allowed'],
      ] as const) {
        const answer = await api.provePhone(setup, { country, number })
        assert.deepEqual(answer, { ok: true, value: { outcome: 'refused', problem } }, JSON.stringify(number))
      }
      assert.deepEqual(phones.messages(), [])
      assert.deepEqual(
        await database.rows({ parts: ["SELECT * FROM throttle WHERE key LIKE '%texts%'"], values: [] }),
        [],
      )
    })

    test('one number in all its spellings is one number', async () => {
      for (const [country, number] of [
        ['US', '２０６５５５０１５５'],
        ['US', '+1 (206) 555.0155'],
        ['DE', '001 206-555-0155'],
        ['DE', '+1\u00a0206\u00a0555\u00a00155'],
      ] as const) {
        const { api, setup, codeAfter } = await world()
        await codeAfter(bobPhone, () => api.provePhone(setup, { country, number }))
      }
    })

    test('a person may ask for three texts at once, whatever the numbers', async () => {
      const { api, setup, clock } = await world()
      const outcomes = []
      for (let i = 0; i < 4; i++) outcomes.push(await prove(api, setup, `206 555 100${i}`))
      assert.deepEqual(outcomes, ['texted', 'texted', 'texted', 'wait'])
      clock.advance(0.5)
      assert.equal(await prove(api, setup, '206 555 1003'), 'texted')
    })

    test("proving somebody else's number is bounded, and leaves that person's sign-in texts alone", async () => {
      const { api, newcomer, begin, codeAfter } = await world()
      const outcomes = []
      for (let i = 0; i < 6; i++) outcomes.push(await prove(api, await newcomer(), alicePhone))
      assert.deepEqual(outcomes, ['texted', 'texted', 'texted', 'texted', 'wait', 'wait'])
      await codeAfter(alicePhone, () => begin('alice'))

      const refusedBefore = await newcomer()
      for (let i = 0; i < 5; i++) assert.equal(await prove(api, refusedBefore, alicePhone), 'wait')
      for (let i = 0; i < 3; i++)
        assert.equal(await prove(api, refusedBefore, `206 555 200${i}`), 'texted', 'uncounted')
    })

    test('numbers of one prefix are bounded, however many people ask', async () => {
      const { api, newcomer } = await world()
      const outcomes = []
      for (let i = 10; i < 42; i++) outcomes.push(await prove(api, await newcomer(), `206 555 10${i}`))
      assert.equal(outcomes.indexOf('wait'), 30)
      assert.equal(await prove(api, await newcomer(), '206 556 1000'), 'texted')
    })
  })

  /** Bob, with an app's first code due at noon, stands in User Setup; `newcomer` brings another person there. */
  async function world(settings: Record<string, unknown> = {}) {
    const directory = peopleDirectory('alice', 'bob')
    const world = await engineWorld(await open(), { directory, settings, clock: handClock() })
    const { api, from, begin, add } = world
    let count = 0
    async function newcomer() {
      const username = `newcomer-${count++}`
      directory.people.push({ uid: username, username })
      await add(username)
      return { address: `198.51.100.${count}`, session: await begin(username, { address: `198.51.100.${count}` }) }
    }
    async function account(session: string) {
      const answer = await api.readAccount({ ...from, session }, {})
      if (!answer.ok) throw new Error(answer.refusal)
      return answer.value
    }
    return { ...world, directory, newcomer, account, setup: { ...from, session: await begin('bob') } }
  }
}

type Api = Awaited<ReturnType<typeof engineWorld>>['api']

async function prove(api: Api, call: { session: string }, number: string) {
  const answer = await api.provePhone(call, { country: 'US', number })
  return answer.ok ? answer.value.outcome : answer.refusal
}
