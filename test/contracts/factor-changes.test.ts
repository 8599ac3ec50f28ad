import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alicePhone, engineWorld, handClock } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const stale = { ok: false, refusal: 'proof.stale' }
const done = { ok: true, value: { outcome: 'done' } }
const newPhone = '+12065550155'
const newNumber = { country: 'US', number: newPhone }

for (const [dialect, open] of dialects) {
  describe(`changing one's own second steps, on ${dialect}`, () => {
    test('every change asks for a second step of the last minutes, and reading does not', async () => {
      const { api, call, clock, phones, account } = await world()
      assert.equal((await account()).proofFresh, true)
      clock.advance(11)
      const texts = phones.messages().length

      for (const answer of [
        await api.provePhone(call, newNumber),
        await api.confirmPhone(call, { code: '123456' }),
        await api.offerToken(call, {}),
        await api.readTokenOffer(call, {}),
        await api.confirmToken(call, { code: '123456' }),
        await api.removeToken(call, {}),
        await api.chooseMethod(call, { method: 'text' }),
      ])
        assert.deepEqual(answer, stale)
      assert.equal((await account()).proofFresh, false)
      assert.equal(phones.messages().length, texts)
    })

    test('a secret that was shown while the proof was fresh is not taken, or shown again, once it is stale', async () => {
      const { api, call, clock } = await world()
      assert.ok((await api.offerToken(call, {})).ok)
      clock.advance(11)
      assert.deepEqual(await api.readTokenOffer(call, {}), stale)
      assert.deepEqual(await api.confirmToken(call, { code: '000000' }), stale)
    })

    test('a new number counts once its code came back, and the old number is told', async () => {
      const { api, call, codeAfter, heard, account, clock, begin } = await world()
      const { code } = await codeAfter(newPhone, () => api.provePhone(call, newNumber))
      assert.equal((await account()).phone, '+1 206 555 0100')

      const told = await codeAfter(alicePhone, () => api.confirmPhone(call, { code }))

      assert.deepEqual(told.value, { ok: true, value: { outcome: 'proven' } })
      await heard(alicePhone, /01 55/)
      assert.equal((await account()).phone, '+1 206 555 0155')
      clock.advance(1)
      await codeAfter(newPhone, () => begin('alice'))
    })

    test('an app that is added or removed is told of by text', async () => {
      const { api, call, proveToken, codeAfter, account } = await world()
      await codeAfter(alicePhone, () => proveToken(call.session))
      assert.ok((await account()).token)

      const { value } = await codeAfter(alicePhone, () => api.removeToken(call, {}))
      assert.deepEqual(value, done)
      assert.equal((await account()).token, undefined)
    })

    test('the last way in is not removed; with a number left, texts are asked for again', async () => {
      const { api, from, enrolToken, codeAfter, clock } = await world()
      const bobs = { ...from, session: (await enrolToken('bob')).session }
      assert.deepEqual(await api.removeToken(bobs, {}), { ok: false, refusal: 'way-in.last' })
      clock.advance(1)
      const { code } = await codeAfter(newPhone, () => api.provePhone(bobs, newNumber))
      assert.ok((await api.confirmPhone(bobs, { code })).ok)

      assert.deepEqual(await api.removeToken(bobs, {}), done)

      const account = await api.readAccount(bobs, {})
      assert.ok(account.ok)
      assert.equal(account.value.method, 'text')
    })

    test('a method is chosen only where the person has it and the settings allow it', async () => {
      const { api, call, proveToken, account } = await world()
      const unavailable = { ok: false, refusal: 'method.unavailable' }
      assert.deepEqual(await api.chooseMethod(call, { method: 'oath' }), unavailable)
      await proveToken(call.session)
      assert.deepEqual(await api.chooseMethod(call, { method: 'oath' }), done)
      assert.equal((await account()).method, 'oath')

      const fixed = await world({ 'portal.allow_method': false })
      assert.deepEqual(await fixed.api.chooseMethod(fixed.call, { method: 'text' }), unavailable)
    })

    test('that another method is asked for is told of; the same one again is no change', async () => {
      const { api, call, proveToken, codeAfter, heard, phones } = await world()
      await codeAfter(alicePhone, () => proveToken(call.session))
      const { value } = await codeAfter(alicePhone, () => api.chooseMethod(call, { method: 'oath' }))
      assert.deepEqual(value, done)
      await heard(alicePhone, /another second step/)
      await api.chooseMethod(call, { method: 'oath' })
      const { value: back } = await codeAfter(alicePhone, () => api.chooseMethod(call, { method: 'text' }))
      assert.deepEqual(back, done)
      const told = () => phones.messages(alicePhone).filter(({ text }) => /another second step/.test(text)).length
      while (told() < 2) await new Promise((wake) => setTimeout(wake, 20))
      assert.equal(told(), 2)
    })

    test('who chose the app is asked nothing weaker: neither is a text sent nor one taken', async () => {
      const { api, call, from, proveToken, begin, phones, clock } = await world()
      await proveToken(call.session)
      await api.chooseMethod(call, { method: 'oath' })
      clock.advance(2)
      const half = { ...from, session: await begin('alice') }

      assert.deepEqual(await api.sendText(half, {}), { ok: false, refusal: 'method.unavailable' })
      const view = await api.readSecondStep(half, { way: 'text' })
      assert.ok(view.ok)
      assert.deepEqual([view.value.method, view.value.otherWays], ['oath', []])
      const answer = await api.answerSecondStep(half, { method: 'text', code: phones.messages()[0]?.code ?? '' })
      assert.deepEqual(answer, { ok: true, value: { outcome: 'gone' } })
    })

    test("nothing of one person's change can be finished by another", async () => {
      const { api, call, from, enrolToken, codeAfter } = await world()
      const { code } = await codeAfter(newPhone, () => api.provePhone(call, newNumber))
      assert.ok((await api.offerToken(call, {})).ok)

      const bobs = { ...from, session: (await enrolToken('bob')).session }
      const gone = { ok: true, value: { outcome: 'gone' } }
      assert.deepEqual(await api.confirmPhone(bobs, { code }), gone)
      assert.deepEqual(await api.readTokenOffer(bobs, {}), gone)
      assert.deepEqual(await api.confirmToken(bobs, { code: '123456' }), gone)
      assert.ok((await api.confirmPhone(call, { code })).ok)
    })
  })

  /** Alice is signed in by text, a moment ago. */
  async function world(settings: Record<string, unknown> = {}) {
    const directory = peopleDirectory('alice', 'bob')
    const world = await engineWorld(await open(), { directory, settings, clock: handClock() })
    const call = { ...world.from, session: await world.signIn('alice', alicePhone) }
    async function account() {
      const answer = await world.api.readAccount(call, {})
      if (!answer.ok) throw new Error(answer.refusal)
      return answer.value
    }
    return { ...world, call, account }
  }
}
