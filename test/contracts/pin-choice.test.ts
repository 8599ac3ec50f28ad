import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from '../../src/contract/caller.ts'
import { callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { alicePhone, engineWorld, handClock, olgaPhone, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const OLD = '7391'
const NEW = '8264'
const refused = { ok: false, refusal: 'caller.refused' }

for (const [dialect, open] of dialects) {
  describe(`choosing a PIN, on ${dialect}`, () => {
    test('the first one takes no old one, another does, and its owner is told of both', async () => {
      const { signedIn, choose, notices } = await world(await open())
      const call = await signedIn()
      assert.deepEqual(await choose(call, OLD), { outcome: 'chosen' })
      assert.deepEqual(await choose(call, NEW), { outcome: 'wrong', attemptsLeft: 4 })
      assert.deepEqual(await choose(call, NEW, OLD), { outcome: 'chosen' })
      assert.deepEqual(await choose(call, '5038', NEW), { outcome: 'chosen' })
      await notices(3)
    })

    test('guesses at the old one share the tries of the second step, and what is locked is not looked at', async () => {
      const { signedIn, choose, begin, api, from } = await world(await open())
      const call = await signedIn()
      await choose(call, OLD)
      for (let i = 0; i < 4; i++) assert.equal((await choose(call, NEW, `000${i}`)).outcome, 'wrong')
      assert.equal((await choose(call, NEW, '0009')).outcome, 'locked')
      assert.equal((await choose(call, NEW, OLD)).outcome, 'locked')
      const half = { ...from, session: await begin('alice') }
      const answer = await api.answerSecondStep(half, { method: 'text', code: '000000' })
      assert.equal(answer.ok && answer.value.outcome, 'locked')
    })

    test('50 at once that know the old one change it once; 50 guesses at once get five looked at', async () => {
      const { signedIn, choose, audited } = await world(await open())
      const call = await signedIn()
      await choose(call, OLD)
      const changed = await Promise.all(Array.from({ length: 50 }, (_, i) => choose(call, `48${i + 10}6`, OLD)))
      assert.equal(changed.filter(({ outcome }) => outcome === 'chosen').length, 1)
      const before = await audited('pin.wrong')
      await Promise.all(Array.from({ length: 50 }, (_, i) => choose(call, NEW, `00${i + 10}`)))
      assert.ok((await audited('pin.wrong')) - before <= 5)
    })

    test('every reason against it is told and costs no try; that it was used before, only to who knows the old one', async () => {
      const { signedIn, choose, failures } = await world(await open())
      const call = await signedIn()
      await choose(call, OLD)
      assert.deepEqual(await choose(call, '0100'), { outcome: 'refused', problems: ['phone'] })
      assert.deepEqual(await choose(call, '123'), { outcome: 'refused', problems: ['too-short'] })
      assert.equal(await failures(), 0)
      assert.equal((await choose(call, OLD, '0000')).outcome, 'wrong', 'no guess is confirmed by a "before"')
      assert.deepEqual(await choose(call, OLD, OLD), { outcome: 'refused', problems: ['used-before'] })
      assert.equal(await failures(), 1, 'the try of the right one came back, and no other')
    })

    test('in User Setup it is chosen once, and takes a fresh proof from then on', async () => {
      const { api, from, begin, choose, signedIn, clock } = await world(await open())
      const setup = { ...from, session: await begin('bob') }
      assert.equal((await api.readPin(setup, {})).ok, true)
      assert.deepEqual(await choose(setup, OLD), { outcome: 'chosen' })
      assert.deepEqual(await api.choosePin(setup, { pin: NEW, old: OLD }), { ok: false, refusal: 'pin.set' })
      const call = await signedIn()
      clock.advance(11)
      assert.deepEqual(await api.choosePin(call, { pin: OLD }), { ok: false, refusal: 'proof.stale' })
    })
  })

  describe(`a sign-in that waits for a PIN, on ${dialect}`, () => {
    test('opens with it, under a new token, and nothing else opens before', async () => {
      const { api, from, toNewPin, choose } = await world(await open())
      const call = { ...from, session: await toNewPin() }
      assert.deepEqual(await api.readMe(call, {}), { ok: true, value: { level: 'choosing a PIN' } })
      const { displayName, ...own } = await readPin(api, call)
      assert.deepEqual([displayName, own.state, own.asksOld], ['olga', 'must-change', false])
      for (const answer of [
        await api.readAccount(call, {}),
        await api.readSecondStep(call, {}),
        await api.answerSecondStep(call, { method: 'text', code: '123456' }),
        await api.readSetup(call, {}),
      ])
        assert.deepEqual(answer, refused)

      assert.deepEqual(await choose(call, '0007'), { outcome: 'refused', problems: ['repeats'] })
      const chosen = await choose(call, OLD)
      assert.ok(chosen.outcome === 'chosen' && chosen.session)
      assert.ok((await api.readAccount({ ...from, session: chosen.session }, {})).ok)
      assert.deepEqual(await api.readMe(call, {}), { ok: true, value: { level: 'anyone' } })
    })

    test('of 20 choices at once one opens', async () => {
      const { from, toNewPin, choose, database } = await world(await open())
      const call = { ...from, session: await toNewPin() }
      const all = await Promise.all(Array.from({ length: 20 }, () => choose(call, OLD).catch(() => undefined)))
      assert.equal(all.filter((answer) => answer?.outcome === 'chosen').length, 1)
      assert.equal((await database.rows(sql`SELECT id FROM session`)).length, 1)
    })

    test('is over once the PIN was set by another, and the PIN that must be changed is not chosen again', async () => {
      const { api, operator, from, toNewPin, choose, olgas } = await world(await open(), { 'pin.history': 0 })
      const call = { ...from, session: await toNewPin() }
      const set = await api.setPin(operator, { username: 'olga', pin: OLD, mustChange: true })
      assert.ok(set.ok)
      assert.deepEqual(await api.choosePin(call, { pin: NEW }), refused)

      const { value: session, code } = await olgas()
      const again = await pass(api, { ...from, session }, { method: 'text', code, pin: OLD })
      assert.equal(again.outcome, 'new-pin')
      const next = { ...from, session: again.session }
      assert.deepEqual(await choose(next, OLD), { outcome: 'refused', problems: ['used-before'] })
    })

    test('comes of an expired PIN too, and of none at all, with the reason in the audit', async () => {
      const { api, from, operator, begin, codeAfter, clock, choose, why } = await world(await open(), {
        'pin.expiry_days': 30,
      })
      await api.setMode(operator, { username: 'alice', method: 'text', mode: 'one-way-pin' })
      const first = await codeAfter(alicePhone, () => begin('alice'), { coded: true })
      const none = await pass(api, { ...from, session: first.value }, { method: 'text', code: first.code })
      assert.equal(none.outcome, 'new-pin')
      assert.equal((await choose({ ...from, session: none.session }, OLD)).outcome, 'chosen')

      clock.advance(31 * 24 * 60)
      const second = await codeAfter(alicePhone, () => begin('alice'), { coded: true })
      const half = { ...from, session: second.value }
      const old = await pass(api, half, { method: 'text', code: second.code, pin: OLD })
      assert.equal(old.outcome, 'new-pin')
      assert.deepEqual(await why(), ['none', 'expired'])
      const read = await readPin(api, { ...from, session: old.session })
      assert.equal(read.state, 'expired')
    })
  })

  describe(`a call that asks for the PIN, on ${dialect}`, () => {
    test('is confirmed by it, and by nothing else', async () => {
      const { called, voice, api, failures, ring } = await world(await open())
      const call = await called()
      const view = await api.readSecondStep(call, {})
      assert.equal(view.ok && view.value.call?.pin, true)
      const id = await ring()
      await voice.answer(id)
      await voice.press(id, '#')
      await voice.press(id, `${OLD}#`)
      const passed = await api.finishSecondStep(call, { method: 'call' })
      assert.equal(passed.ok && passed.value.outcome, 'passed')
      assert.equal(await failures('carol'), 0)
    })

    test('ends with a wrong PIN after so many tries, which are those of the second step', async () => {
      const { called, voice, api, failures, ring } = await world(await open())
      const call = await called()
      const id = await ring()
      await voice.answer(id)
      for (const pin of ['0000', '9999', '7392']) await voice.press(id, `${pin}#`)
      const view = await api.readSecondStep(call, {})
      assert.deepEqual(view.ok && [view.value.call?.state, view.value.call?.outcome], ['over', 'wrong-pin'])
      assert.equal(await failures('carol'), 3)
    })

    test('asks for none where there is none, and the PIN is chosen before anything opens', async () => {
      const { called, voice, api, from, ring, choose } = await world(await open())
      const call = await called({ pin: false })
      const id = await ring()
      await voice.answer(id)
      await voice.press(id, '#')
      const passed = await api.finishSecondStep(call, { method: 'call' })
      assert.ok(passed.ok && passed.value.outcome === 'new-pin')
      assert.equal((await choose({ ...from, session: passed.value.session }, OLD)).outcome, 'chosen')
    })
  })

  describe(`the operator's PINs, on ${dialect}`, () => {
    test('are held to the rules, made without them being told twice, and end what was open', async () => {
      const { api, operator, signedIn } = await world(await open())
      const call = await signedIn()
      assert.deepEqual(await api.setPin(operator, { username: 'alice', pin: '1234' }), {
        ok: true,
        value: { outcome: 'refused', problems: ['run'] },
      })
      assert.ok((await api.readAccount(call, {})).ok)
      const made = await api.setPin(operator, { username: ' ALICE' })
      assert.ok(made.ok && made.value.outcome === 'set')
      assert.match(made.value.made ?? '', /^\d{6}$/)
      assert.deepEqual(await api.readAccount(call, {}), refused)
      assert.deepEqual(await api.setPin(operator, { username: 'nobody' }), { ok: false, refusal: 'user.unknown' })
    })

    test('that are taken away end what was open too, and what waits for the choice of another', async () => {
      const { api, operator, from, signedIn, toNewPin } = await world(await open())
      const call = await signedIn()
      assert.ok((await api.choosePin(call, { pin: OLD })).ok)
      assert.ok((await api.removePin(operator, { username: 'alice' })).ok)
      assert.deepEqual(await api.readAccount(call, {}), refused)
      const waiting = { ...from, session: await toNewPin() }
      assert.ok((await api.removePin(operator, { username: 'olga' })).ok)
      assert.deepEqual(await api.choosePin(waiting, { pin: NEW }), refused)
    })

    test('modes are of their methods, and none is as the settings say', async () => {
      const { api, operator, from, begin } = await world(await open())
      const set = (mode: string | undefined) => api.setMode(operator, { username: 'alice', method: 'text', mode })
      assert.deepEqual(await set('number'), { ok: false, refusal: 'mode.unknown' })
      await api.setPin(operator, { username: 'alice', pin: OLD })
      const asked = async () => {
        const view = await api.readSecondStep({ ...from, session: await begin('alice') }, {})
        return view.ok && view.value.pin
      }
      assert.equal(await asked(), false)
      await set('one-way-pin')
      assert.equal(await asked(), true)
      await set(undefined)
      assert.equal(await asked(), false)
    })
  })
}

type World = Awaited<ReturnType<typeof engineWorld>>
type Api = World['api']

async function readPin(api: Api, call: Call) {
  const read = await api.readPin(call, {})
  assert.ok(read.ok)
  return read.value
}

async function pass(api: Api, call: Call, given: { method: 'text'; code: string; pin?: string }) {
  const answer = await api.answerSecondStep(call, given)
  assert.ok(answer.ok && (answer.value.outcome === 'passed' || answer.value.outcome === 'new-pin'))
  return answer.value
}

/** Alice is texted, Carol called; nobody has a PIN. */
async function world(database: Database, settings: Record<string, unknown> = {}) {
  const clock = handClock()
  const sim = callSimulator({ clock, log: silent })
  const methods = { 'portal.methods': ['text', 'call', 'oath'], ...settings }
  const engine = await engineWorld(database, { clock, voice: sim, settings: methods })
  const { api, from, operator, phones } = engine
  const voice = sim.phones
  const phone = '+12065550102'

  async function choose(call: Call, pin: string, old?: string) {
    const answer = await api.choosePin(call, { pin, ...(old !== undefined && { old }) })
    if (!answer.ok) throw new Error(answer.refusal)
    return answer.value
  }
  async function ring(): Promise<string> {
    for (;;) {
      const ringing = voice.calls(phone).find(({ state }) => state === 'ringing')
      const [bound] = ringing
        ? await database.rows(sql`SELECT provider_id FROM phone_call WHERE id = ${ringing.id}`)
        : []
      if (ringing && bound?.provider_id) return ringing.id
      await sleep(5)
    }
  }
  async function called({ pin = true } = {}): Promise<Call> {
    await engine.add('carol', { phone, method: 'call' })
    await api.setMode(operator, { username: 'carol', method: 'call', mode: 'pin' })
    if (pin) await api.setPin(operator, { username: 'carol', pin: OLD })
    const call = { ...from, session: await engine.begin('carol') }
    await ring()
    return call
  }
  return {
    ...engine,
    voice,
    choose,
    ring,
    called,
    signedIn: async (): Promise<Call> => ({ ...from, session: await engine.signIn('alice', alicePhone) }),
    notices: async (count: number) => {
      const told = () =>
        phones.messages(alicePhone).filter(({ text }) => /your account has a new PIN/.test(text)).length
      while (told() < count) await sleep(10)
    },
    failures: async (username = 'alice') =>
      Number((await database.rows(sql`SELECT failures FROM users WHERE username = ${username}`))[0]?.failures),
    audited: async (what: string) => (await database.rows(sql`SELECT id FROM audit WHERE what = ${what}`)).length,
    why: async () => {
      const rows = await database.rows(sql`SELECT facts FROM audit WHERE what = 'second-step.new-pin' ORDER BY seq`)
      return rows.map(({ facts }) => (JSON.parse(String(facts)) as { why: string }).why)
    },
    olgas: async () => engine.codeAfter(olgaPhone, () => engine.begin('olga'), { coded: true }),
  }
}
