import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from '../../src/storage/sql/query.ts'
import { alicePhone, engineWorld } from '../engine.ts'
import { dialects } from './dialects.ts'

const gone = { outcome: 'gone' }

for (const [dialect, open] of dialects) {
  describe(`recovery codes as the second step, on ${dialect}`, () => {
    test('ten are told once, only after a fresh proof, and the account says how many are left', async () => {
      const { api, from, clock, session, counted } = await world()
      assert.deepEqual(await counted(), { made: 0, unused: 0 })
      const made = await api.makeRecoveryCodes({ ...from, session }, {})

      assert.ok(made.ok && made.value.outcome === 'made')
      assert.equal(new Set(made.value.codes).size, 10)
      assert.deepEqual(await counted(), { made: 10, unused: 10 })
      clock.advance(11)
      assert.deepEqual(await api.makeRecoveryCodes({ ...from, session }, {}), { ok: false, refusal: 'proof.stale' })
    })

    test('each lets its owner in once, however it is written, and the last is said to be the last', async () => {
      const { api, from, begin, make, recover, counted } = await world()
      const codes = await make()
      const [first = ''] = codes
      const spellings = [first.toLowerCase(), ...codes.slice(1, 9).map((code) => ` ${code.replaceAll('-', ' ')} `)]
      for (const code of spellings) assert.equal((await recover(await begin('alice'), code)).outcome, 'passed', code)

      assert.deepEqual(await counted(), { made: 10, unused: 1 })
      const half = await begin('alice')
      assert.equal((await recover(half, first)).outcome, 'wrong')
      assert.equal((await recover(half, codes[9] ?? '')).outcome, 'passed')
      assert.deepEqual(await counted(), { made: 10, unused: 0 })

      const next = await begin('alice')
      assert.deepEqual(await recover(next, codes[9] ?? ''), gone)
      const view = await api.readSecondStep({ ...from, session: next }, { way: 'recovery' })
      assert.ok(view.ok)
      assert.deepEqual([view.value.method, view.value.otherWays], ['text', []])
    })

    test('they are one way among the others, and neither asked first nor chosen', async () => {
      const { api, from, begin, make, session } = await world()
      await make()
      const half = { ...from, session: await begin('alice') }
      const view = await api.readSecondStep(half, {})
      assert.ok(view.ok)
      assert.deepEqual([view.value.method, view.value.otherWays], ['text', ['recovery']])
      const account = await api.readAccount({ ...from, session }, {})
      assert.ok(account.ok && !account.value.methods.some((method) => String(method) === 'recovery'))
      const chosen = await api.chooseMethod({ ...from, session }, { method: 'recovery' as never })
      assert.deepEqual(chosen, { ok: false, refusal: 'input.malformed' })
    })

    test('where the setting is off there are none, and those made before open nothing', async () => {
      const { api, from, session, make, ...rest } = await world()
      const [code = ''] = await make()
      const off = await rest.restarted({ 'portal.recovery_codes': false })
      const call = { ...from, session }

      assert.deepEqual(await off.api.makeRecoveryCodes(call, {}), { ok: false, refusal: 'method.unavailable' })
      const account = await off.api.readAccount(call, {})
      assert.ok(account.ok && account.value.recoveryCodes === undefined)
      const half = { ...from, session: await off.begin('alice') }
      const view = await off.api.readSecondStep(half, { way: 'recovery' })
      assert.ok(view.ok && view.value.otherWays.length === 0)
      const answer = await off.api.answerSecondStep(half, { method: 'recovery', code })
      assert.deepEqual(answer, { ok: true, value: gone })
      const on = await rest.restarted({})
      const again = { ...from, session: await on.begin('alice') }
      const passed = await on.api.answerSecondStep(again, { method: 'recovery', code })
      assert.ok(passed.ok && passed.value.outcome === 'passed')
    })

    test('new ones kill the old ones, and another person’s are worth nothing', async () => {
      const { api, from, add, begin, signIn, make, recover } = await world()
      const [old = ''] = await make()
      const [fresh = ''] = await make()
      await add('carol', { phone: '+12065550111', method: 'text' })
      const carols = await api.makeRecoveryCodes({ ...from, session: await signIn('carol', '+12065550111') }, {})
      assert.ok(carols.ok && carols.value.outcome === 'made')

      const half = await begin('alice')
      assert.equal((await recover(half, old)).outcome, 'wrong')
      assert.equal((await recover(half, carols.value.codes[0] ?? '')).outcome, 'wrong')
      assert.equal((await recover(half, fresh)).outcome, 'passed')
      assert.equal((await recover(await begin('carol'), carols.value.codes[0] ?? '')).outcome, 'passed')
    })

    test('the owner is told of new ones, and of each that is used, with how many are left', async () => {
      const { begin, make, recover, codeAfter, told } = await world()
      const [code = ''] = (await codeAfter(alicePhone, make)).value
      assert.match(told(), /new recovery codes were made/)
      const { value: half } = await codeAfter(alicePhone, () => begin('alice'))

      await codeAfter(alicePhone, () => recover(half, code))

      assert.match(told(), /a recovery code of yours was used, 9 left\./)
    })

    test('guesses at them are counted with all others, and end at the budget', async () => {
      const { begin, make, recover, database, clock } = await world()
      const [code = ''] = await make()
      const wrong = code.replace(/.$/, (last) => (last === '2' ? '3' : '2'))
      for (let i = 0; i < 4; i++) assert.equal((await recover(await begin('alice'), wrong)).outcome, 'wrong')
      assert.equal((await recover(await begin('alice'), 'nonsense', 'text')).outcome, 'gone', 'no code was texted')
      assert.equal((await recover(await begin('alice'), wrong)).outcome, 'locked')
      assert.equal((await recover(await begin('alice'), code)).outcome, 'locked', 'the right one too')

      clock.advance(16)
      const halves: string[] = []
      while (halves.length < 20) halves.push(await begin('alice'))
      await Promise.all(halves.map((half) => recover(half, wrong)))
      clock.advance(10_000)
      assert.deepEqual(await recover(await begin('alice'), code), { outcome: 'locked' })
      const judged = await database.rows(sql`SELECT id FROM audit WHERE what = 'second-step.wrong'`)
      assert.equal(judged.length, 10)
    })

    test('the audit says that one was used, and that it was a fallback', async () => {
      const { begin, make, recover, database } = await world()
      const [code = ''] = await make()
      await recover(await begin('alice'), code)
      const rows = await database.rows(sql`SELECT what, facts FROM audit ORDER BY seq DESC LIMIT 2`)
      assert.deepEqual(
        rows.map(({ what, facts }) => [what, JSON.parse(String(facts))]),
        [
          ['second-step.passed', { method: 'recovery', reason: 'fallback:recovery' }],
          ['recovery.used', { left: 9 }],
        ],
      )
    })

    test('sets cost the work of hashes, so nobody makes one after the other', async () => {
      const { api, from, session } = await world()
      const outcomes = []
      for (let i = 0; i < 8; i++) {
        const made = await api.makeRecoveryCodes({ ...from, session }, {})
        outcomes.push(made.ok && made.value.outcome)
      }
      assert.deepEqual([outcomes.slice(0, 5), outcomes.at(-1)], [Array(5).fill('made'), 'wait'])
    })
  })

  /** Alice is signed in, by text, where recovery codes are on. */
  async function world() {
    const database = await open()
    const settings = { 'portal.recovery_codes': true }
    const world = await engineWorld(database, { settings })
    const { api, from, clock, masterKey, phones, signIn } = world
    const session = await signIn('alice', alicePhone)

    async function make(): Promise<string[]> {
      const made = await api.makeRecoveryCodes({ ...from, session }, {})
      assert.ok(made.ok && made.value.outcome === 'made', JSON.stringify(made))
      return made.value.codes
    }
    async function recover(half: string, code: string, method: 'recovery' | 'text' = 'recovery') {
      const answer = await api.answerSecondStep({ ...from, session: half }, { method, code })
      assert.ok(answer.ok)
      return answer.value
    }
    const restarted = (other: Record<string, unknown>) =>
      engineWorld(database, { settings: { ...settings, ...other }, clock, masterKey, phones, seeded: false })
    const counted = async () => {
      const account = await api.readAccount({ ...from, session }, {})
      return account.ok && account.value.recoveryCodes
    }
    const told = () => phones.messages(alicePhone)[0]?.text ?? ''
    return { ...world, session, make, recover, restarted, counted, told }
  }
}
