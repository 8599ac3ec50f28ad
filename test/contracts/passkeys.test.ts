import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Answer } from '../../src/contract/contract.ts'
import { alicePhone, engineWorld, handClock, site } from '../engine.ts'
import { authenticator, type Lies } from '../passkey/authenticator.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const gone = { ok: true, value: { outcome: 'gone' } }
const notTaken = { ok: true, value: { outcome: 'refused' } }
const unavailable = { ok: false, refusal: 'method.unavailable' }
const callerRefused = { ok: false, refusal: 'caller.refused' }
const done = { ok: true, value: { outcome: 'done' } }
const wrong = (attemptsLeft: number) => ({ ok: true, value: { outcome: 'wrong', attemptsLeft } })

/** What an authenticator, a browser or somebody in between may say otherwise. */
const lies: [what: string, lie: Lies][] = [
  ['another origin', { origin: 'https://portal.test.evil.test' }],
  ['the origin of another port', { origin: 'https://portal.test:8443' }],
  ['another site', { rpId: 'evil.test' }],
  ['a challenge of its own', { challenge: Buffer.alloc(32).toString('base64url') }],
  ['nobody present', { present: false }],
  ['a frame', { clientData: { crossOrigin: true } }],
]

for (const [dialect, open] of dialects) {
  describe(`adding a passkey, on ${dialect}`, () => {
    test('in User Setup: it is the method from then on, and the person is signed in', async () => {
      const { api, from, begin, browser, offer, account } = await world()
      const setup = { ...from, session: await begin('bob') }
      const read = await api.readSetup(setup, {})
      assert.ok(read.ok && read.value.methods.includes('passkey'))

      const credential = browser.create(await offer(setup))
      const proven = await api.confirmPasskey(setup, { credential, name: 'Laptop' })

      assert.ok(proven.ok && proven.value.outcome === 'proven' && proven.value.session)
      const { method, methods, passkeys } = await account({ ...from, session: proven.value.session })
      assert.deepEqual([method, methods, passkeys], ['passkey', ['passkey'], 1])
      assert.deepEqual(await api.confirmPasskey(setup, { credential, name: 'Laptop' }), callerRefused)
      const view = await api.readSecondStep({ ...from, session: await begin('bob') }, {})
      assert.ok(view.ok)
      assert.deepEqual([view.value.method, view.value.otherWays], ['passkey', []])
    })

    test('on the account: it is told of by text, listed by its name, and the method stays', async () => {
      const { call, codeAfter, add, account, list, heard } = await world()
      await codeAfter(alicePhone, () => add(call, { name: ' Work\u0000 laptop\n' }))

      await heard(alicePhone, /a passkey was added/)
      const [passkey] = await list(call)
      assert.deepEqual([passkey?.name, passkey?.usedAt, passkey?.synced], ['Work laptop', undefined, false])
      const { method, methods } = await account(call)
      assert.deepEqual([method, methods], ['text', ['text', 'passkey']])
    })

    test('what the browser is asked: our site, an id that says nothing, no statement of the maker, what is there already', async () => {
      const { call, offer, add, browser, account } = await world()
      await add(call)
      const options = await offer(call)
      const { username } = await account(call)
      assert.deepEqual(options.rp, { id: site.id, name: 'Sallyport' })
      assert.ok(!Buffer.from(options.user.id, 'base64url').toString().includes(username))
      assert.equal(options.attestation, 'none')
      assert.deepEqual(
        options.pubKeyCredParams.map(({ alg }) => alg),
        [-7, -8, -257],
      )
      assert.deepEqual(options.excludeCredentials, [
        { type: 'public-key', id: browser.keys[0]?.id, transports: ['hybrid', 'internal'] },
      ])
    })

    for (const [what, lie] of [...lies, ['an algorithm that was not asked for', { alg: -35 }] as [string, Lies]]) {
      test(`with ${what} adds none, and the question is spent`, async () => {
        const { api, call, offer, browser, list } = await world()
        const options = await offer(call)
        const lied = browser.create(options, lie)
        assert.deepEqual(await api.confirmPasskey(call, { credential: lied, name: 'x' }), notTaken)
        const right = browser.create(options)
        assert.deepEqual(await api.confirmPasskey(call, { credential: right, name: 'x' }), gone)
        assert.deepEqual(await list(call), [])
      })
    }

    test('what is no credential adds none', async () => {
      const { api, call, offer, list } = await world()
      for (const credential of ['', '{}', 'null', '[]', '{"id":', `{"__proto__":{}}`, 'x'.repeat(16_384)]) {
        await offer(call)
        assert.deepEqual(await api.confirmPasskey(call, { credential, name: 'x' }), notTaken, credential.slice(0, 20))
      }
      const long = await api.confirmPasskey(call, { credential: 'x'.repeat(16_385), name: 'x' })
      assert.deepEqual(long, { ok: false, refusal: 'input.malformed' })
      assert.deepEqual(await list(call), [])
    })

    test('once: replayed, in another session, for another person or too late it adds none', async () => {
      const { api, call, from, begin, offer, browser, list, clock, secondCall } = await world()
      const credential = browser.create(await offer(call))
      const other = await secondCall()
      assert.deepEqual(await api.confirmPasskey(other, { credential, name: 'x' }), gone)
      const bob = { ...from, session: await begin('bob') }
      assert.deepEqual(await api.confirmPasskey(bob, { credential, name: 'x' }), gone)
      assert.ok((await api.confirmPasskey(call, { credential, name: 'x' })).ok)
      assert.deepEqual(await api.confirmPasskey(call, { credential, name: 'x' }), gone)
      await offer(call)
      assert.deepEqual(await api.confirmPasskey(call, { credential, name: 'x' }), notTaken, 'with a new question')

      const late = browser.create({ ...(await offer(call)), excludeCredentials: [] })
      clock.advance(6)
      assert.deepEqual(await api.confirmPasskey(call, { credential: late, name: 'x' }), gone)
      assert.equal((await list(call)).length, 1)
    })

    test('a credential that is on an account, its own or another, is not taken again', async () => {
      const { api, call, from, begin, offer, browser, add, list } = await world()
      await add(call)
      const id = browser.keys[0]?.id ?? ''
      const again = authenticator(site)
      for (const session of [call, { ...from, session: await begin('bob') }]) {
        const credential = again.create({ ...(await offer(session)), excludeCredentials: [] }, { id })
        assert.deepEqual(await api.confirmPasskey(session, { credential, name: 'x' }), notTaken)
      }
      assert.equal((await list(call)).length, 1)
    })

    test('ten are enough', async () => {
      const { api, call, add, list } = await world()
      for (let i = 0; i < 10; i++) await add(call, { browser: authenticator(site), name: `Key ${i}` })
      assert.deepEqual(await api.offerPasskey(call, {}), { ok: false, refusal: 'passkey.too-many' })
      assert.equal((await list(call)).length, 10)
    })

    test('is not offered where the settings leave it out, or the portal has no address', async () => {
      for (const options of [
        { settings: { 'portal.methods': ['text', 'oath'] } },
        { settings: { 'portal.allow_method': false } },
        { settings: {}, relyingParty: () => undefined },
      ]) {
        const { api, call, from, begin } = await world(options)
        assert.deepEqual(await api.offerPasskey(call, {}), unavailable)
        assert.deepEqual(await api.confirmPasskey(call, { credential: '{}', name: 'x' }), unavailable)
        const setup = { ...from, session: await begin('bob') }
        assert.deepEqual(await api.offerPasskey(setup, {}), unavailable)
        const read = await api.readSetup(setup, {})
        assert.ok(read.ok && !read.value.methods.includes('passkey'))
      }
    })
  })

  describe(`a passkey as the second step, on ${dialect}`, () => {
    test('passes, and again with each new question; the answer is the session’s, not another’s', async () => {
      const { api, call, from, begin, add, step, list } = await world()
      await add(call)
      for (let i = 0; i < 3; i++) {
        const passed = await step(await begin('alice'))
        assert.ok(passed.ok && passed.value.outcome === 'passed')
        assert.ok((await api.readAccount({ ...from, session: passed.value.session }, {})).ok)
      }
      assert.ok((await list(call))[0]?.usedAt)
    })

    test('proves a change again, and the token from before it is dead', async () => {
      const { api, call, add, step, clock } = await world()
      await add(call)
      clock.advance(11)
      assert.deepEqual(await api.offerPasskey(call, {}), { ok: false, refusal: 'proof.stale' })
      const renewed = await step(call.session)
      assert.ok(renewed.ok && renewed.value.outcome === 'passed')
      assert.ok((await api.offerPasskey({ ...call, session: renewed.value.session }, {})).ok)
      assert.deepEqual(await api.readAccount(call, {}), callerRefused)
    })

    for (const [what, lie] of [
      ...lies,
      ['a signature of nobody', { signature: Buffer.alloc(70, 7) }] as [string, Lies],
      ['another user’s handle', { userHandle: Buffer.from('somebody').toString('base64url') }] as [string, Lies],
    ]) {
      test(`with ${what} is wrong, and counts as a try`, async () => {
        const { call, begin, add, step } = await world()
        await add(call)
        const half = await begin('alice')
        assert.deepEqual(await step(half, lie), wrong(4))
        assert.deepEqual(await step(half, lie), wrong(3))
        const passed = await step(half)
        assert.ok(passed.ok && passed.value.outcome === 'passed')
      })
    }

    test('may come from a key that verifies nobody, and names nobody', async () => {
      const { call, begin, add, step } = await world()
      await add(call)
      const passed = await step(await begin('alice'), { verified: false, userHandle: undefined })
      assert.ok(passed.ok && passed.value.outcome === 'passed')
    })

    test('a recorded answer is refused: to the same question, to a new one, in another sign-in', async () => {
      const { api, call, from, begin, add, ask, browser } = await world()
      await add(call)
      const half = { ...from, session: await begin('alice') }
      const credential = browser.get(await ask(half))
      const passed = await api.answerPasskey(half, { credential })
      assert.ok(passed.ok && passed.value.outcome === 'passed')

      assert.deepEqual(await api.answerPasskey(half, { credential }), callerRefused)
      const again = { ...from, session: await begin('alice') }
      assert.deepEqual(await api.answerPasskey(again, { credential }), gone)
      await ask(again)
      assert.deepEqual(await api.answerPasskey(again, { credential }), wrong(4))
    })

    test('a question is good in its own sign-in, for five minutes, until the next, and for nothing else', async () => {
      const { api, call, from, begin, add, ask, offer, browser, clock } = await world()
      await add(call)
      const [one, two] = [
        { ...from, session: await begin('alice') },
        { ...from, session: await begin('alice') },
      ]
      const [first, second] = [await ask(one), await ask(two)]
      assert.deepEqual(await api.answerPasskey(one, { credential: browser.get(second) }), wrong(4))

      await ask(two)
      assert.deepEqual(await api.answerPasskey(two, { credential: browser.get(second) }), wrong(3))
      const { challenge } = await offer(call)
      assert.deepEqual(await api.answerPasskey(call, { credential: browser.get({ ...first, challenge }) }), gone)

      const late = browser.get(await ask(one))
      clock.advance(6)
      assert.deepEqual(await api.answerPasskey(one, { credential: late }), gone)
    })

    test('nobody is let in by another’s: it is neither asked for nor taken', async () => {
      const { api, call, from, begin, add, ask, browser, enrol } = await world()
      await add(call)
      const bobs = authenticator(site)
      await enrol('bob', bobs)
      const half = { ...from, session: await begin('bob') }
      const options = await ask(half)
      assert.deepEqual(
        options.allowCredentials.map(({ id }) => id),
        bobs.keys.map(({ id }) => id),
      )
      const [alices] = browser.keys
      assert.ok(alices)
      for (const lie of [{}, { userHandle: bobs.keys[0]?.userHandle }, { id: bobs.keys[0]?.id ?? '' }]) {
        const credential = browser.answerOf(alices, await ask(half), lie)
        const answer = await api.answerPasskey(half, { credential })
        assert.ok(answer.ok && answer.value.outcome === 'wrong')
      }
    })

    test('is refused while the second step is locked, and what it is asked then is nothing', async () => {
      const { api, call, from, begin, add, ask, browser } = await world()
      await add(call)
      const half = { ...from, session: await begin('alice') }
      const credential = browser.get(await ask(half))
      for (let i = 0; i < 5; i++) await api.answerSecondStep(half, { method: 'text', code: 'no code' })

      const answer = await api.answerPasskey(half, { credential })
      assert.ok(answer.ok && answer.value.outcome === 'locked' && answer.value.until)
      const asked = await api.askPasskey(half, {})
      assert.deepEqual(asked, { ok: true, value: { outcome: 'locked', until: answer.value.until } })
    })

    test('wrong answers lock as those of any method do', async () => {
      const { call, begin, add, step } = await world()
      await add(call)
      const half = await begin('alice')
      const outcomes = []
      for (let i = 0; i < 5; i++) outcomes.push(outcomeOf(await step(half, { signature: new Uint8Array(64) })))
      assert.deepEqual(outcomes, ['wrong', 'wrong', 'wrong', 'wrong', 'locked'])
    })

    test('a counter that does not go up is a copy: refused, noted, told; the true one goes on', async () => {
      const { api, call, begin, add, step, codeAfter, audited, heard } = await world()
      await add(call)
      await codeAfter(alicePhone, () => api.chooseMethod(call, { method: 'passkey' }))
      await step(await begin('alice'), { counter: 7 })
      const half = await begin('alice')
      for (const counter of [7, 6, 0]) {
        const { value } = await codeAfter(alicePhone, () => step(half, { counter }))
        assert.equal(outcomeOf(value), 'wrong')
        await heard(alicePhone, /there seems to be a copy/)
      }
      assert.equal(await audited('passkey.cloned'), 3)
      assert.equal(outcomeOf(await step(half, { counter: 8 })), 'passed')
    })

    test('authenticators that do not count are taken at 0, each time', async () => {
      const { call, begin, add, step, audited } = await world()
      await add(call, { browser: authenticator({ ...site, counts: false }) })
      for (let i = 0; i < 3; i++) assert.equal(outcomeOf(await step(await begin('alice'), { counter: 0 })), 'passed')
      assert.equal(await audited('passkey.cloned'), 0)
    })

    test('a copy that its maker keeps is noticed on the account', async () => {
      const { call, begin, add, step, list } = await world()
      await add(call, { browser: authenticator({ ...site, backup: 'possible' }) })
      assert.equal((await list(call))[0]?.synced, false)
      assert.equal(outcomeOf(await step(await begin('alice'), { backup: 'done' })), 'passed')
      assert.equal((await list(call))[0]?.synced, true)
    })

    test('who chose it is asked nothing weaker', async () => {
      const { api, call, from, begin, add, phones, codeAfter } = await world()
      await add(call)
      const chosen = await codeAfter(alicePhone, () => api.chooseMethod(call, { method: 'passkey' }))
      assert.deepEqual(chosen.value, done)
      // Notices may still be on their way.
      const codes = () => phones.messages().filter(({ code }) => code !== undefined).length
      const texts = codes()
      const half = { ...from, session: await begin('alice') }
      const view = await api.readSecondStep(half, { way: 'text' })
      assert.ok(view.ok)
      assert.deepEqual([view.value.method, view.value.otherWays], ['passkey', []])
      assert.deepEqual(await api.sendText(half, {}), unavailable)
      const answer = await api.answerSecondStep(half, { method: 'text', code: phones.messages()[0]?.code ?? '' })
      assert.deepEqual(answer, gone)
      assert.equal(codes(), texts)
    })

    test('who has none is asked for none', async () => {
      const { api, from, begin, call } = await world()
      const half = { ...from, session: await begin('alice') }
      assert.deepEqual(await api.askPasskey(half, {}), unavailable)
      assert.deepEqual(await api.answerPasskey(half, { credential: '{}' }), gone)
      assert.deepEqual(await api.chooseMethod(call, { method: 'passkey' }), unavailable)
    })
  })

  describe(`looking after passkeys, on ${dialect}`, () => {
    test('one is renamed and removed by its owner alone, and is told of', async () => {
      const { api, call, add, list, enrol, codeAfter, heard } = await world()
      await add(call)
      const [passkey] = await list(call)
      const id = passkey?.id ?? assert.fail('none')
      const bob = await enrol('bob', authenticator(site))
      const unknown = { ok: false, refusal: 'passkey.unknown' }
      assert.deepEqual(await api.renamePasskey(bob, { id, name: 'Mine' }), unknown)
      assert.deepEqual(await api.removePasskey(bob, { id }), unknown)
      assert.deepEqual((await list(call))[0]?.name, 'Laptop')

      assert.deepEqual(await api.renamePasskey(call, { id, name: 'Phone' }), done)
      assert.equal((await list(call))[0]?.name, 'Phone')
      await codeAfter(alicePhone, () => api.removePasskey(call, { id }))
      await heard(alicePhone, /a passkey was removed/)
      assert.deepEqual(await list(call), [])
      assert.deepEqual(await api.removePasskey(call, { id }), unknown)
    })

    test('every change asks for a second step of the last minutes, and listing does not', async () => {
      const { api, call, add, list, clock } = await world()
      await add(call)
      const id = (await list(call))[0]?.id ?? ''
      clock.advance(11)
      const stale = { ok: false, refusal: 'proof.stale' }
      for (const answer of [
        await api.offerPasskey(call, {}),
        await api.confirmPasskey(call, { credential: '{}', name: 'x' }),
        await api.renamePasskey(call, { id, name: 'x' }),
        await api.removePasskey(call, { id }),
      ])
        assert.deepEqual(answer, stale)
      assert.equal((await list(call)).length, 1)
    })

    test('a removed one is dead at once: for a question that is out, for a new one, and alone', async () => {
      const { api, call, from, begin, add, ask, list, browser, offer } = await world()
      await add(call)
      await add(call, { browser: authenticator(site) })
      const [first] = await list(call)
      const half = { ...from, session: await begin('alice') }
      const [key] = browser.keys
      assert.ok(key)
      const out = browser.answerOf(key, await ask(half))
      const alone = await api.beginPasskeySignIn(from, {})
      assert.ok(alone.ok && alone.value.outcome === 'asked')

      assert.deepEqual(await api.removePasskey(call, { id: first?.id ?? '' }), done)

      assert.deepEqual(await api.answerPasskey(half, { credential: out }), wrong(4))
      const options = await ask(half)
      assert.ok(!options.allowCredentials.some(({ id }) => id === key.id))
      assert.deepEqual(await api.answerPasskey(half, { credential: browser.answerOf(key, options) }), wrong(3))
      const credential = browser.answerOf(key, alone.value.options)
      const refused = { ok: false, refusal: 'passkey.refused' }
      assert.deepEqual(await api.finishPasskeySignIn(from, { id: alone.value.id, credential }), refused)
      assert.ok(!(await offer(call)).excludeCredentials.some(({ id }) => id === key.id))
    })

    test('the last way in is not removed; with another one left, that is asked for', async () => {
      const { api, from, enrol, list, account, proveToken, codeAfter, add } = await world()
      const bob = await enrol('bob', authenticator(site))
      const last = { ok: false, refusal: 'way-in.last' }
      const remove = async () => api.removePasskey(bob, { id: (await list(bob))[0]?.id ?? '' })
      assert.deepEqual(await remove(), last)

      await add(bob, { browser: authenticator(site) })
      assert.deepEqual(await remove(), done)
      assert.equal((await account(bob)).method, 'passkey')
      assert.deepEqual(await remove(), last)

      const phone = { country: 'US', number: '206 555 0155' }
      const { code } = await codeAfter('+12065550155', () => api.provePhone(bob, phone))
      assert.ok((await api.confirmPhone(bob, { code })).ok)
      await proveToken(bob.session)
      assert.deepEqual(await remove(), done)
      assert.equal((await account(bob)).method, 'oath', 'rather than the text')
      await add(bob, { browser: authenticator(site) })
      assert.deepEqual(await api.removeToken({ ...from, session: bob.session }, {}), done)
      assert.equal((await account(bob)).method, 'passkey')
    })

    test('with the password alone nothing of it can be done', async () => {
      const { api, call, from, begin, add, list } = await world()
      await add(call)
      const half = { ...from, session: await begin('alice') }
      const id = (await list(call))[0]?.id ?? ''
      for (const answer of [
        await api.offerPasskey(half, {}),
        await api.confirmPasskey(half, { credential: '{}', name: 'x' }),
        await api.listPasskeys(half, {}),
        await api.renamePasskey(half, { id, name: 'x' }),
        await api.removePasskey(half, { id }),
      ])
        assert.deepEqual(answer, callerRefused)
    })
  })

  /** Alice is signed in by text; `browser` is hers, with nothing in it yet. */
  async function world({
    settings = {},
    ...options
  }: {
    settings?: Record<string, unknown>
    relyingParty?: () => undefined
  } = {}) {
    const database = await open()
    const directory = peopleDirectory('alice', 'bob')
    const allowed = { 'portal.methods': ['text', 'oath', 'passkey'], 'portal.passkey_sign_in': true, ...settings }
    const world = await engineWorld(database, { directory, clock: handClock(), settings: allowed, ...options })
    const { api, from, begin, signIn, clock } = world
    const call = { ...from, session: await signIn('alice', alicePhone) }
    // Past the pace of texts: signing in by password sends one each time.
    clock.advance(1)
    const browser = authenticator(site)
    type Call = typeof call

    async function offer(who: Call) {
      const answer = await api.offerPasskey(who, {})
      if (!answer.ok) throw new Error(answer.refusal)
      return answer.value.options
    }
    let newest = browser
    async function add(who: Call, { browser: made = browser, name = 'Laptop' } = {}): Promise<string | undefined> {
      const answer = await api.confirmPasskey(who, { credential: made.create(await offer(who)), name })
      if (!answer.ok || answer.value.outcome !== 'proven') throw new Error(`not added: ${JSON.stringify(answer)}`)
      if (made !== browser) newest = made
      return answer.value.session
    }
    async function enrol(username: string, made: typeof browser): Promise<Call> {
      const session = await add({ ...from, session: await begin(username) }, { browser: made })
      newest = browser
      return { ...from, session: session ?? '' }
    }
    async function ask(who: Call) {
      const answer = await api.askPasskey(who, {})
      if (!answer.ok || answer.value.outcome !== 'asked') throw new Error(JSON.stringify(answer))
      return answer.value.options
    }
    /** The passkey that was added last answers. */
    async function step(session: string, lie: Lies = {}): Promise<Answer<'answerPasskey'>> {
      const who = { ...from, session }
      return api.answerPasskey(who, { credential: newest.get(await ask(who), lie) })
    }
    async function list(who: Call) {
      const answer = await api.listPasskeys(who, {})
      if (!answer.ok) throw new Error(answer.refusal)
      return answer.value.passkeys
    }
    async function account(who: Call) {
      const answer = await api.readAccount(who, {})
      if (!answer.ok) throw new Error(answer.refusal)
      return answer.value
    }
    const audited = async (what: string) =>
      (await database.rows({ parts: ['SELECT id FROM audit WHERE what = ', ''], values: [what] })).length
    const secondCall = async () => ({ ...from, session: await signIn('alice', alicePhone) })
    return { ...world, call, browser, offer, add, enrol, ask, step, list, account, audited, secondCall }
  }
}

function outcomeOf(answer: Answer<'answerPasskey'>): string {
  return answer.ok ? answer.value.outcome : answer.refusal
}
