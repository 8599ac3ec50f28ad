import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from '../../src/storage/sql/query.ts'
import { alicePhone, engineWorld } from '../engine.ts'
import { dialects } from './dialects.ts'

const right = { toy: 'Bruno', street: 'Mill Lane', job: 'Bakery', book: 'Momo' }
type Given = Record<string, string>
const listed = (given: Given) => Object.entries(given).map(([id, answer]) => ({ id, answer }))

for (const [dialect, open] of dialects) {
  describe(`security questions as the second step, on ${dialect}`, () => {
    test('four of those that are approved are chosen and answered, after a fresh proof, and no answer is ever told', async () => {
      const { api, call, set, clock } = await world()
      const offer = await api.readQuestions(call, {})
      assert.ok(offer.ok)
      assert.equal(offer.value.choose, 4)
      assert.ok(offer.value.approved.some(({ question }) => question === 'What was your first soft toy called?'))
      const german = await api.readQuestions({ ...call, language: 'de' }, {})
      assert.ok(
        german.ok && german.value.approved.some(({ question }) => question === 'Wie hieß Ihr erstes Kuscheltier?'),
      )

      assert.deepEqual(await set(right), { outcome: 'done' })

      const chosen = await api.readQuestions({ ...call, language: 'de' }, {})
      assert.ok(chosen.ok)
      assert.deepEqual(
        chosen.value.chosen.map(({ id }) => id),
        Object.keys(right),
      )
      assert.equal(chosen.value.chosen[0]?.question, 'What was your first soft toy called?', 'as it was answered')
      assert.doesNotMatch(JSON.stringify(chosen), /Bruno|Momo/i)
      const account = await api.readAccount(call, {})
      assert.ok(account.ok && account.value.questions === 4)
      clock.advance(11)
      assert.deepEqual(await api.answerOwnQuestions(call, { answers: listed(right) }), {
        ok: false,
        refusal: 'proof.stale',
      })
    })

    test('what is no good answer is told by its place, and a question that is not approved is not taken', async () => {
      const { api, call, set } = await world()
      assert.deepEqual(await set({ ...right, toy: 'x', job: 'mill-lane' }), {
        outcome: 'refused',
        problems: [
          { problem: 'too-short', index: 0 },
          { problem: 'answer-twice', index: 2 },
        ],
      })
      assert.deepEqual(await set({ toy: 'Bruno' }), { outcome: 'refused', problems: [{ problem: 'count' }] })
      const { toy: _, ...others } = right
      assert.deepEqual(await api.answerOwnQuestions(call, { answers: listed({ ...others, colour: 'blue' }) }), {
        ok: false,
        refusal: 'question.unknown',
      })
    })

    test('right answers let in once asked, in any spelling; one wrong one does not', async () => {
      const { api, from, begin, set, answer, database } = await world()
      await set(right)
      const half = await begin('alice')
      const view = await api.readSecondStep({ ...from, session: half }, { way: 'questions' })
      assert.ok(view.ok)
      assert.deepEqual(
        view.value.questions?.map(({ id }) => id),
        Object.keys(right),
      )
      assert.deepEqual(await answer(half, { ...right, toy: 'Benno' }), { outcome: 'wrong', attemptsLeft: 4 })
      assert.deepEqual(await answer(half, { toy: 'Bruno' }), { outcome: 'wrong', attemptsLeft: 3 })
      assert.deepEqual(await answer(half, {}), { outcome: 'wrong', attemptsLeft: 2 })

      assert.equal((await answer(half, { ...right, street: 'MILL  lane.' })).outcome, 'passed')

      const [row] = await database.rows(
        sql`SELECT facts FROM audit WHERE what = 'second-step.passed' ORDER BY seq DESC LIMIT 1`,
      )
      assert.deepEqual(JSON.parse(String(row?.facts)), { method: 'questions', reason: 'fallback:questions' })
    })

    test('as many must be right as the setting says', async () => {
      const { begin, set, answer } = await world({ 'portal.questions_needed': 2 })
      await set(right)
      const half = await begin('alice')
      assert.equal((await answer(half, { toy: 'Bruno', street: 'x', job: 'x', book: 'x' })).outcome, 'wrong')
      assert.equal((await answer(half, { toy: 'Bruno', job: 'bakery' })).outcome, 'passed')
    })

    test('guesses share the budget of all methods, a try for all answers together', async () => {
      const { begin, set, answer, text } = await world()
      await set(right)
      const half = await begin('alice')
      for (let i = 0; i < 3; i++) assert.equal((await answer(half, { ...right, book: `guess ${i}` })).outcome, 'wrong')
      assert.deepEqual(await text(half, 'not-a-code'), { outcome: 'wrong', attemptsLeft: 1 })
      assert.equal((await answer(half, { ...right, book: 'the last guess' })).outcome, 'locked')
      assert.equal((await answer(await begin('alice'), right)).outcome, 'locked', 'the right ones too')
    })

    test('where the setting is off they are neither asked, nor taken, nor to be chosen', async () => {
      const { api, from, call, begin, set, ...rest } = await world()
      await set(right)
      const off = await rest.restarted({ 'portal.questions_fallback': false })
      const half = { ...from, session: await off.begin('alice') }
      const view = await off.api.readSecondStep(half, { way: 'questions' })
      assert.ok(view.ok)
      assert.deepEqual([view.value.method, view.value.otherWays, view.value.questions], ['text', [], undefined])
      const refused = { ok: false, refusal: 'method.unavailable' }
      const gone = { ok: true, value: { outcome: 'gone' } }
      assert.deepEqual(await off.api.answerQuestions(half, { answers: listed(right) }), gone)
      assert.deepEqual(await off.api.readQuestions(call, {}), refused)
      assert.deepEqual(await off.api.answerOwnQuestions(call, { answers: listed(right) }), refused)
    })

    test('whoever has answered none has nothing to answer', async () => {
      const { begin, answer } = await world()
      assert.deepEqual(await answer(await begin('alice'), right), { outcome: 'gone' })
    })

    test('the operator’s own questions stand in place of the shipped ones, each in its language', async () => {
      const own = ['en First pet?', 'en Home town?', 'en First car?', 'en Best meal?', 'de Erstes Haustier?']
      const { api, call } = await world({ 'portal.questions': own })
      const english = await api.readQuestions({ ...call, language: 'en' }, {})
      const german = await api.readQuestions({ ...call, language: 'de' }, {})
      const four = ['First pet?', 'Home town?', 'First car?', 'Best meal?']
      assert.deepEqual(english.ok && english.value.approved.map(({ question }) => question), four)
      assert.deepEqual(german.ok && german.value.approved.map(({ question }) => question), four, 'too few in German')
    })

    test('the owner is told of new answers, and of a sign-in by them', async () => {
      const { begin, set, answer, codeAfter, phones } = await world()
      const told = () => phones.messages(alicePhone)[0]?.text ?? ''
      await codeAfter(alicePhone, () => set(right))
      assert.match(told(), /security questions of your account were answered anew/)
      const { value: half } = await codeAfter(alicePhone, () => begin('alice'))
      await codeAfter(alicePhone, () => answer(half, right))
      assert.match(told(), /signed in by answering your security questions/)
    })
  })

  /** Alice is signed in, by text, where security questions are fallen back to. */
  async function world(more: Record<string, unknown> = {}) {
    const database = await open()
    const settings = { 'portal.questions_fallback': true, ...more }
    const world = await engineWorld(database, { settings })
    const { api, from, clock, masterKey, phones, signIn } = world
    const call = { ...from, session: await signIn('alice', alicePhone) }

    async function set(given: Given) {
      const answer = await api.answerOwnQuestions(call, { answers: listed(given) })
      assert.ok(answer.ok, JSON.stringify(answer))
      return answer.value
    }
    async function answer(half: string, given: Given) {
      const verdict = await api.answerQuestions({ ...from, session: half }, { answers: listed(given) })
      assert.ok(verdict.ok)
      return verdict.value
    }
    async function text(half: string, code: string) {
      const verdict = await api.answerSecondStep({ ...from, session: half }, { method: 'text', code })
      assert.ok(verdict.ok)
      return verdict.value
    }
    const restarted = (other: Record<string, unknown>) =>
      engineWorld(database, { settings: { ...settings, ...other }, clock, masterKey, phones, seeded: false })
    return { ...world, call, set, answer, text, restarted }
  }
}
