import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { choosePin } from '../../src/core/pin/pin.ts'
import { pinStore } from '../../src/storage/pin-store.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { alicePhone, engineWorld, handClock, shownBy } from '../engine.ts'
import { quickHasher } from '../quick-hasher.ts'
import { dialects } from './dialects.ts'

const PIN = '7391'

for (const [dialect, open] of dialects) {
  describe(`a code with a PIN, on ${dialect}`, () => {
    test('both right pass; each alone is wrong, and nothing tells which of them was', async () => {
      const { half, code, answer } = await world(await open())
      const wrong = []
      wrong.push(await answer(half, code, '7392'), await answer(half, '000000', PIN), await answer(half, code, ''))
      assert.deepEqual(
        wrong,
        [4, 3, 2].map((attemptsLeft) => ({ outcome: 'wrong', attemptsLeft })),
      )
      assert.equal((await answer(half, code, ' 73-91')).outcome, 'passed', 'the code was not spent by any of them')
    })

    test('what is left of the code tells no more than what is left of the PIN', async () => {
      const [byPin, byCode] = [
        await world(await open(), { 'code.tries': 2 }),
        await world(await open(), { 'code.tries': 2 }),
      ]
      assert.deepEqual(
        await byPin.answer(byPin.half, byPin.code, '7392'),
        await byCode.answer(byCode.half, '000000', PIN),
      )
    })

    test('of 50 at once that are right, one passes and no more are looked at than there are tries', async () => {
      const { half, code, answer, database } = await world(await open())
      const all = await Promise.all(Array.from({ length: 50 }, () => answer(half, code, PIN)))
      assert.equal(all.filter(({ outcome }) => outcome === 'passed').length, 1)
      const sessions = await database.rows(sql`SELECT id FROM session`)
      assert.equal(sessions.length, 1)
    })

    test('50 guesses at once at the PIN, with the right code, get five looked at', async () => {
      const { half, code, answer, audited } = await world(await open())
      const all = await Promise.all(Array.from({ length: 50 }, (_, i) => answer(half, code, `${8000 + i}`)))
      assert.equal(all.filter(({ outcome }) => outcome === 'locked').length, 46)
      assert.equal(await audited('second-step.wrong'), 5)
      assert.deepEqual([await audited('second-step.locked'), await audited('second-step.refused')], [1, 45])
    })

    test('what is over costs no try, though a PIN was typed', async () => {
      const { half, code, answer, clock, failures } = await world(await open())
      clock.advance(6)
      assert.deepEqual(await answer(half, code, PIN), { outcome: 'gone' })
      assert.equal(await failures(), 0)
    })

    test('a try stays spent where the process ends before the answer was judged', async () => {
      const { half, code, answer, failures, ending } = await world(await open())
      ending()
      await assert.rejects(answer(half, code, PIN), /the process ends/)
      assert.equal(await failures(), 1)
      assert.equal((await answer(half, code, PIN)).outcome, 'passed')
    })

    test('a token has its PIN beside its code', async () => {
      const { half, code, answer, proveToken, begin, clock, database } = await world(await open())
      const passed = await answer(half, code, PIN)
      assert.ok(passed.outcome === 'passed')
      const { uri } = await proveToken(passed.session)
      await database.write((tx) => tx.rows(sql`UPDATE users SET oath_mode = 'otp-pin' WHERE username = 'alice'`))
      clock.advance(20)
      const session = await begin('alice')
      const shown = shownBy(uri, clock.now())
      assert.equal((await answer(session, shown, '', 'oath')).outcome, 'wrong')
      assert.equal((await answer(session, shown, PIN, 'oath')).outcome, 'passed')
    })

    test('a PIN that was replaced while it was being proven proves nothing', async () => {
      const { half, code, answer, replaced } = await world(await open())
      replaced()
      assert.equal((await answer(half, code, PIN)).outcome, 'wrong')
    })
  })
}

/** Alice answers by text and PIN, and is half signed in with `code`. */
async function world(given: Database, settings: Record<string, unknown> = {}) {
  // What happens at the look at the PIN by which it is proven: the one outside of units of work.
  let atProof: (() => Promise<void>) | undefined
  const database: Database = {
    ...given,
    async rows(query) {
      const rows = await given.rows(query)
      const act = /FROM pin/.test(query.parts.join('?')) ? atProof : undefined
      if (act) {
        atProof = undefined
        await act()
      }
      return rows
    },
  }
  const clock = handClock()
  const engine = await engineWorld(database, { clock, settings: { 'text.mode': 'one-way-pin', ...settings } })
  const { api, from } = engine
  const [alice] = await given.rows(sql`SELECT id FROM users WHERE username = 'alice'`)
  const userId = String(alice?.id)

  async function give(typed: string): Promise<void> {
    const hashing = { hasher: quickHasher() }
    const needs = { ...hashing, sealing: engine.engine.sealing, pins: pinStore(given), clock }
    const policy = { minLength: 4, refuseWeak: true, history: 0, expiryDays: 0 }
    const asked = { userId, typed, policy, phones: [], mustChange: false }
    const chosen = await choosePin({ ...needs, ids: systemIds(clock, systemRandom) }, asked)
    assert.ok(chosen.ok)
    await given.write((tx) => pinStore(tx).replace(chosen.pin, { was: 'any', keep: 0 }))
  }
  await give(PIN)
  const { value: half, code } = await engine.codeAfter(alicePhone, () => engine.begin('alice'))

  async function answer(session: string, code: string, pin: string, method: 'text' | 'oath' = 'text') {
    const told = await api.answerSecondStep({ ...from, session }, { method, code, pin })
    if (!told.ok) throw new Error(told.refusal)
    return told.value
  }
  return {
    ...engine,
    half,
    code,
    answer,
    failures: async () => Number((await given.rows(sql`SELECT failures FROM users WHERE id = ${userId}`))[0]?.failures),
    audited: async (what: string) => (await given.rows(sql`SELECT id FROM audit WHERE what = ${what}`)).length,
    ending: () => {
      atProof = async () => {
        throw new Error('the process ends')
      }
    },
    replaced: () => {
      atProof = () => give('8264')
    },
  }
}
