import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alicePhone, engineWorld, handClock } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const WRONG = 'not-a-code'
const refused = { ok: false, refusal: 'caller.refused' }

const spellings: readonly [spelling: string, spell: (code: string) => string][] = [
  ['with a space in the middle and around', (code) => ` ${code.slice(0, 3)} ${code.slice(3)}\t`],
  ['with dashes', (code) => `${code.slice(0, 3)}-${code.slice(3)}`],
  ['in full-width digits', fullWidth],
]

for (const [dialect, open] of dialects) {
  describe(`guessing at the second step, on ${dialect}`, () => {
    test('a wrong code tells what is left, and the fifth locks and tells until when', async () => {
      const { half, text, clock } = await world()

      const outcomes = []
      for (let i = 0; i < 5; i++) outcomes.push(await text(half, WRONG))

      assert.deepEqual(
        outcomes.slice(0, 4),
        [4, 3, 2, 1].map((attemptsLeft) => ({ outcome: 'wrong', attemptsLeft })),
      )
      const locked = outcomes[4]
      assert.ok(locked?.outcome === 'locked' && locked.until)
      const minutes = (Date.parse(locked.until) - clock.now().getTime()) / 60_000
      assert.ok(minutes > 14 && minutes <= 15, `locked for ${minutes} minutes`)
    })

    test('whose second step is locked is told of it on the phone, once', async () => {
      const { half, lock, text, phones } = await world()
      const before = phones.messages(alicePhone).length

      await lock(half)
      await text(half, WRONG)

      while (phones.messages(alicePhone).length === before) await new Promise((resolve) => setTimeout(resolve, 20))
      const [notice, ...others] = phones.messages(alicePhone)
      assert.match(notice?.text ?? '', /your second step is locked/)
      assert.equal(others.length, before)
    })

    test('while it is locked a right and a wrong code get the same answer, and no text goes out', async () => {
      const { api, from, half, text, lock, code, codedTexts } = await world()
      const locked = await lock(half)

      assert.deepEqual(await text(half, code), locked)
      assert.deepEqual(await text(half, '000000'), locked)
      assert.deepEqual(await text(half, ''), locked)
      assert.deepEqual(await api.sendText({ ...from, session: half }, {}), { ok: true, value: locked })
      const view = await api.readSecondStep({ ...from, session: half }, {})
      assert.ok(view.ok && locked.outcome === 'locked')
      assert.equal(view.value.locked?.until, locked.until)
      assert.equal(codedTexts(alicePhone), 1)
    })

    test('the lock stands in a new sign-in, by another method, after the password, after a restart; then it ends', async () => {
      const { begin, half, text, lock, restarted, clock, codedTexts } = await world({ token: true })
      const locked = await lock(half)
      const texts = codedTexts()

      const again = await begin('alice')
      assert.deepEqual(await text(again, WRONG), locked)
      assert.deepEqual(await text(again, WRONG, 'oath'), locked)
      assert.equal(codedTexts(), texts, 'a locked sign-in begins without a text')

      const other = await restarted()
      const begun = await other.begin('alice')
      const answer = await other.api.answerSecondStep(
        { ...other.from, session: begun },
        { method: 'oath', code: '123456' },
      )
      assert.deepEqual(answer, { ok: true, value: locked })

      clock.advance(15)
      assert.equal((await text(await begin('alice'), WRONG, 'oath')).outcome, 'wrong')
    })

    test('AuthQuake: in 100 sign-ins at once, by two methods, ten wrong answers are looked at and then none', async () => {
      const { api, from, operator, begin, text, clock, audited } = await world({ token: true })

      for (const length of [100, 20, 20]) {
        const halves: string[] = []
        for (let i = 0; i < length; i++) halves.push(await begin('alice'))
        await Promise.all(halves.map((half, i) => text(half, '000000', i % 2 ? 'oath' : 'text')))
        clock.advance(16)
      }

      assert.equal(await audited('second-step.wrong'), 10)
      const half = await begin('alice')
      assert.deepEqual(await text(half, '000000', 'oath'), { outcome: 'locked' }, 'no end is told: there is none')
      clock.advance(10_000)
      assert.deepEqual(await text(await begin('alice'), '000000', 'oath'), { outcome: 'locked' })
      assert.deepEqual(await api.setPassword(operator, { username: 'alice', password: 'another-password' }), {
        ok: true,
        value: { outcome: 'done' },
      })
      assert.deepEqual(await text(await begin('alice'), '000000', 'oath'), { outcome: 'locked' })

      await api.unlockUser(operator, { username: ' ALICE' })
      const unlocked = { ...from, session: await begin('alice') }
      assert.equal((await text(unlocked.session, '000000', 'oath')).outcome, 'wrong')
    })

    test('a right answer gives the whole budget back', async () => {
      const { begin, text, codeAfter, clock } = await world()
      for (let round = 0; round < 4; round++) {
        clock.advance(20)
        const { value: half, code } = await codeAfter(alicePhone, () => begin('alice'))
        for (let i = 0; i < 4; i++) assert.equal((await text(half, WRONG)).outcome, 'wrong')
        assert.equal((await text(half, code)).outcome, 'passed')
      }
    })
  })

  describe(`texted codes, on ${dialect}`, () => {
    test('an expired, a replaced and a used code are refused, and what is over costs no try', async () => {
      const { api, from, half, code, text, codeAfter, clock, begin } = await world()

      const { code: newer } = await codeAfter(alicePhone, () => api.sendText({ ...from, session: half }, {}))
      assert.notEqual(newer, code)
      assert.deepEqual(await text(half, code), { outcome: 'wrong', attemptsLeft: 4 })
      clock.advance(6)
      for (let i = 0; i < 20; i++) assert.deepEqual(await text(half, newer), { outcome: 'gone' })

      const { value: second, code: third } = await codeAfter(alicePhone, () => begin('alice'))
      assert.equal((await text(second, third)).outcome, 'passed')
      assert.deepEqual(
        await api.answerSecondStep({ ...from, session: second }, { method: 'text', code: third }),
        refused,
      )
    })

    test('a code counts in its own sign-in and for its own person only', async () => {
      const { half, code, text, begin, add, directory, codeAfter, clock } = await world()
      clock.advance(1)
      const { value: other, code: otherCode } = await codeAfter(alicePhone, () => begin('alice'))
      directory.people.push({ uid: 'uid-carol', username: 'carol' })
      await add('carol', { phone: '+12065550111', method: 'text' })
      const { value: carols, code: carolsCode } = await codeAfter('+12065550111', () => begin('carol'))

      assert.equal((await text(other, code)).outcome, 'wrong')
      assert.equal((await text(half, otherCode)).outcome, 'wrong')
      assert.equal((await text(half, carolsCode)).outcome, 'wrong')
      assert.equal((await text(carols, code)).outcome, 'wrong')
      assert.equal((await text(carols, carolsCode)).outcome, 'passed')
    })

    test('a code for proving a phone is no second step, and the other way round', async () => {
      const { api, from, session, text, codeAfter, clock } = await world({ session: true })
      const call = { ...from, session }
      const prove = { country: 'US', number: '206 555 0122' }
      const { code: proof } = await codeAfter('+12065550122', () => api.provePhone(call, prove))

      assert.deepEqual(await text(session, proof), { outcome: 'gone' }, 'nothing was asked as a second step')
      clock.advance(1)
      const { code } = await codeAfter(alicePhone, () => api.sendText(call, {}))
      assert.equal((await text(session, proof)).outcome, 'wrong')
      assert.deepEqual(await api.confirmPhone(call, { code }), {
        ok: true,
        value: { outcome: 'wrong', attemptsLeft: 4 },
      })
      assert.equal((await text(session, code)).outcome, 'passed')
    })

    test('a code that went to a number no longer on the account is dead', async () => {
      const { api, from, session, begin, codeAfter, text, clock } = await world({ session: true })
      clock.advance(1)
      const { value: half, code } = await codeAfter(alicePhone, () => begin('alice'))
      const call = { ...from, session }
      const prove = { country: 'US', number: '206 555 0122' }
      clock.advance(1)
      const { code: proof } = await codeAfter('+12065550122', () => api.provePhone(call, prove))
      assert.deepEqual(await api.confirmPhone(call, { code: proof }), { ok: true, value: { outcome: 'proven' } })

      assert.deepEqual(await text(half, code), { outcome: 'gone' })
      const view = await api.readSecondStep({ ...from, session: half }, {})
      assert.ok(view.ok)
      assert.equal(view.value.text, undefined)
    })

    for (const [spelling, spell] of spellings) {
      test(`a code passes ${spelling}`, async () => {
        const { half, code, text } = await world()
        assert.equal((await text(half, spell(code))).outcome, 'passed')
      })
    }

    test('a code with anything else in it does not pass', async () => {
      const { half, code, text } = await world()
      for (const typed of [`+${code}`, `${code}\0`, `0${code}`, code.slice(0, 5)]) {
        assert.equal((await text(half, typed)).outcome, 'wrong', JSON.stringify(typed))
      }
    })

    test('a step-up renews the proof, and the token from before it is dead', async () => {
      const { api, from, session, codeAfter, text, clock } = await world({ session: true })
      clock.advance(11)
      const stale = { ...from, session }
      assert.deepEqual(await api.offerToken(stale, {}), { ok: false, refusal: 'proof.stale' })

      const { code } = await codeAfter(alicePhone, () => api.sendText(stale, {}))
      const passed = await text(session, code)

      assert.ok(passed.outcome === 'passed')
      assert.ok((await api.offerToken({ ...from, session: passed.session }, {})).ok)
      assert.deepEqual(await api.readAccount(stale, {}), refused)
    })
  })

  describe(`the audit of a second step, on ${dialect}`, () => {
    test('says what was asked and what was answered, and why it was that', async () => {
      const { begin, text, half, code, database } = await world({ token: true })
      await text(half, code)
      await text(await begin('alice'), WRONG, 'oath')

      const kept = async (what: string) => {
        const query = { parts: ['SELECT facts FROM audit WHERE what = ', ' ORDER BY seq DESC'], values: [what] }
        const [row] = await database.rows(query)
        return JSON.parse(String(row?.facts))
      }
      assert.deepEqual(await kept('password.right'), { asked: 'text', reason: 'own-method' })
      assert.deepEqual(await kept('second-step.passed'), { method: 'text', reason: 'own-method' })
      assert.deepEqual(await kept('second-step.wrong'), { method: 'oath', reason: 'fallback:oath' })
      await begin('bob')
      assert.deepEqual(await kept('password.right'), { asked: 'user-setup' })
    })
  })

  /** Alice is half signed in by text with `code`; or, asked so, wholly; or has an authenticator app besides. */
  async function world({ token = false, session: whole = false } = {}) {
    const directory = peopleDirectory('alice', 'bob')
    const database = await open()
    const clock = handClock()
    const world = await engineWorld(database, { directory, clock })
    const { api, from, begin, codeAfter } = world

    async function text(session: string, code: string, method: 'text' | 'oath' = 'text') {
      const answer = await api.answerSecondStep({ ...from, session }, { method, code })
      if (!answer.ok) throw new Error(answer.refusal)
      return answer.value
    }
    async function lock(session: string) {
      for (let i = 0; i < 4; i++) await text(session, WRONG)
      return text(session, WRONG)
    }
    const audited = async (what: string) =>
      (await database.rows({ parts: ['SELECT id FROM audit WHERE what = ', ''], values: [what] })).length
    const restarted = () => engineWorld(database, { directory, clock, masterKey: world.masterKey, seeded: false })

    let session = ''
    if (token || whole) session = await world.signIn('alice', alicePhone)
    if (token) {
      await world.proveToken(session)
      clock.advance(20)
    }
    const begun = whole ? { value: '', code: '' } : await codeAfter(alicePhone, () => begin('alice'), { coded: true })
    return { ...world, directory, half: begun.value, code: begun.code, session, text, lock, audited, restarted }
  }
}

function fullWidth(code: string): string {
  return code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
}
