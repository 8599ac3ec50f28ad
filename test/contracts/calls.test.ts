import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from '../../src/contract/caller.ts'
import { ownEvents } from '../../src/core/audit/events.ts'
import { callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { engineWorld, handClock, MAY_TAKE_MS, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const phone = '+12065550102'
const backup = '+12065550188'

for (const [dialect, open] of dialects) {
  describe(`phone calls, on ${dialect}`, () => {
    test('whoever answers and presses # lets the page in that waits, once', async () => {
      const { begin, ring, voice, look, finish } = await world(await open())
      const call = await begin()
      assert.equal((await look(call)).state, 'ringing')
      const id = await ring()
      await voice.answer(id)
      assert.equal((await look(call)).state, 'answered')
      assert.equal(await finish(call), 'gone')
      await voice.press(id, '#')
      assert.equal((await look(call)).state, 'approved')
      assert.equal(await finish(call), 'passed')
      assert.equal(await finish(call), 'caller.refused')
    })

    test('of fifty who finish one approval, one is let in', async () => {
      const { begin, confirm, finish } = await world(await open())
      const call = await begin()
      await confirm()
      const all = await Promise.all(Array.from({ length: 50 }, () => finish(call)))
      assert.equal(all.filter((outcome) => outcome === 'passed').length, 1)
    })

    test('an approval is good for the sign-in that asked, and for no other of the same person', async () => {
      const { begin, confirm, finish, look } = await world(await open())
      const first = await begin()
      const second = await begin(0)
      await confirm()
      assert.deepEqual([(await look(first)).state, (await look(first)).outcome], ['over', 'replaced'])
      assert.equal(await finish(first), 'gone')
      assert.equal(await finish(second), 'passed')
    })

    test('an approval that is used too late, or after the second step was locked, opens nothing', async () => {
      const { begin, confirm, finish, clock, database } = await world(await open())
      const late = await begin()
      await confirm()
      clock.advance(4)
      assert.equal(await finish(late), 'gone')
      const locked = await begin()
      await confirm()
      await database.write((tx) => tx.rows(sql`UPDATE users SET failures = 10 WHERE username = 'carol'`))
      assert.equal(await finish(locked), 'locked')
      await database.write((tx) => tx.rows(sql`UPDATE users SET failures = 0 WHERE username = 'carol'`))
      const gone = await begin()
      await confirm()
      await database.write((tx) => tx.rows(sql`UPDATE users SET phone = ${backup} WHERE username = 'carol'`))
      assert.equal(await finish(gone), 'gone')
    })

    test('fifty racing answers with a wrong number spend one try, and none of them lets anyone in', async () => {
      const { begin, ring, events, look, finish, failures } = await world(await open(), { 'call.mode': 'number' })
      const call = await begin()
      const { number } = await look(call)
      const wrong = number === '42' ? '43' : '42'
      const id = await ring()
      await events.answered(id)
      await Promise.all(Array.from({ length: 50 }, () => events.keys(id, `${wrong}#`)))
      assert.ok((await failures()) < 5, 'no more than the tries of the call')
      assert.equal(await finish(call), 'gone')
    })

    test('the number on the page confirms, typed on the phone; another one costs a try of the second step', async () => {
      const { begin, ring, voice, look, finish, failures, whats } = await world(await open(), { 'call.mode': 'number' })
      const call = await begin()
      const { number = '' } = await look(call)
      assert.match(number, /^\d\d$/)
      const id = await ring()
      await voice.answer(id)
      await voice.press(id, number === '42' ? '43#' : '42#')
      assert.equal(await failures(), 1)
      await voice.press(id, `${number}#`)
      assert.equal(await failures(), 0)
      assert.equal(await finish(call), 'passed')
      assert.ok((await whats()).includes('second-step.wrong'))
    })

    test('wrong numbers end the call, and in the end lock the second step', async () => {
      const { begin, ring, voice, look, failures, whats } = await world(await open(), {
        'call.mode': 'number',
        'lock.tries': 3,
      })
      const call = await begin()
      const { number } = await look(call)
      const id = await ring()
      await voice.answer(id)
      for (let i = 0; i < 3; i++) await voice.press(id, number === '42' ? '43#' : '42#')
      assert.equal((await look(call)).outcome, 'wrong-number')
      assert.equal(await failures(), 3)
      assert.ok((await whats()).includes('second-step.locked'))
    })

    test('outcomes are told apart', async () => {
      const { begin, ring, voice, look, sim } = await world(await open())
      const ends = {
        declined: (id: string) => voice.decline(id),
        'hung-up': async (id: string) => (await voice.answer(id)) && voice.hangUp(id),
        'no-answer': (id: string) => sim.caller.hangUp(id),
      }
      for (const [outcome, act] of Object.entries(ends)) {
        const call = await begin()
        await act(await ring())
        assert.deepEqual([(await look(call)).state, (await look(call)).outcome], ['over', outcome])
      }
    })

    test('the backup phone rings when the first is not answered, and confirms the same sign-in', async () => {
      const { begin, ring, voice, look, finish, withBackup, whats } = await world(await open())
      await withBackup()
      const call = await begin()
      await voice.decline(await ring())
      const second = await ring(backup)
      assert.equal((await look(call)).backup, true)
      await voice.answer(second)
      await voice.press(second, '#')
      assert.equal(await finish(call), 'passed')
      assert.ok((await whats()).includes('call.backup'))
    })

    test('whoever reports fraud stops the sign-in, and blocks the account with 1, until it is unlocked', async () => {
      const { begin, ring, voice, look, finish, api, operator, from, whats } = await world(await open())
      const call = await begin()
      const id = await ring()
      await voice.answer(id)
      await voice.press(id, '0#')
      assert.deepEqual([(await look(call)).state, (await look(call)).outcome], ['over', 'fraud'])
      await voice.press(id, '1')
      assert.equal(await finish(call), 'caller.refused')
      const again = () => api.beginSignIn(from, { username: 'carol', password: 'sallyport-demo' })
      assert.deepEqual(await again(), { ok: false, refusal: 'credentials.wrong' })
      assert.ok((await whats()).includes('user.blocked'))
      await api.unlockUser(operator, { username: 'carol' })
      assert.equal((await again()).ok, true)
    })

    test('fraud reported without a 1, or where the settings say so, blocks nobody', async () => {
      const { begin, ring, voice, finish, database } = await world(await open(), { 'call.fraud_blocks': false })
      const call = await begin()
      const id = await ring()
      await voice.answer(id)
      await voice.press(id, '0#')
      assert.equal(await voice.press(id, '1'), false)
      assert.equal(await finish(call), 'gone')
      const [row] = await database.rows(sql`SELECT blocked_until FROM users WHERE username = 'carol'`)
      assert.equal(row?.blocked_until, null)
    })

    test('a block ends by itself, and ends what was open', async () => {
      const { begin, ring, voice, confirm, clock, api, finishing } = await world(await open())
      const before = await begin()
      await confirm()
      const session = await finishing(before)
      const call = await begin()
      const id = await ring()
      await voice.answer(id)
      await voice.press(id, '0#')
      await voice.press(id, '1')
      assert.equal((await api.readAccount({ session }, {})).ok, false)
      assert.equal((await api.readSecondStep(call, {})).ok, false)
      clock.advance(90 * 24 * 60 + 1)
      assert.ok((await begin()).session)
    })

    test('a callback counts once, in its turn, and for the call of the provider that is bound', async () => {
      const { begin, ring, engine } = await world(await open())
      await begin()
      const callId = await ring()
      const take = (step: number | 'end', providerId = callId) => engine.calls.take({ callId, providerId, step })
      assert.equal(await take(0, 'another'), 'refused')
      assert.equal(await take(1), 'refused')
      const racing = await Promise.all(Array.from({ length: 50 }, () => take(0)))
      assert.equal(racing.filter((answer) => answer === 'yours').length, 1)
      assert.equal(await take(1), 'yours')
      const ends = await Promise.all(Array.from({ length: 50 }, () => take('end')))
      assert.equal(ends.filter((answer) => answer === 'yours').length, 1)
      assert.equal(await take(2), 'refused')
    })

    test('what comes late changes nothing: a call whose page has gone is told to hang up', async () => {
      const { begin, ring, events, clock, finish, look } = await world(await open())
      const call = await begin()
      const id = await ring()
      await events.answered(id)
      clock.advance(4)
      assert.deepEqual((await events.keys(id, '#')).after, { kind: 'hang-up' })
      assert.equal((await look(call)).outcome, 'expired')
      assert.equal(await finish(call), 'gone')
      assert.deepEqual((await events.answered('of nobody')).after, { kind: 'hang-up' })
    })

    test('calls are asked for so often and no more', async () => {
      const { begin, api, ring } = await world(await open())
      const call = await begin()
      await ring()
      const asked = []
      for (let i = 0; i < 20; i++) asked.push(await api.startPrompt(call, { method: 'call' }))
      const started = asked.filter((answer) => answer.ok && answer.value.outcome === 'started')
      assert.ok(started.length <= 3, String(started.length))
    })

    test('a phone is proven by a call: in User Setup it ends at the door', async () => {
      const { api, from, ring, voice } = await world(await open())
      const begun = await api.beginSignIn(from, { username: 'bob', password: 'sallyport-demo' })
      assert.ok(begun.ok && begun.value.outcome === 'begun')
      const call = { ...from, session: begun.value.session }
      const wrong = { country: 'US', number: '206 555 0177', extension: 'x' }
      assert.deepEqual(await api.proveCall(call, wrong), {
        ok: true,
        value: { outcome: 'refused', problem: 'extension' },
      })
      const asked = await api.proveCall(call, { ...wrong, extension: '12 34' })
      assert.deepEqual(asked, { ok: true, value: { outcome: 'called' } })
      assert.deepEqual(await api.finishCallProof(call, {}), { ok: true, value: { outcome: 'gone' } })
      const id = await ring('+12065550177')
      assert.equal(voice.calls('+12065550177')[0]?.extension, '1234')
      await voice.answer(id)
      await voice.press(id, '#')
      const proven = await api.finishCallProof(call, {})
      assert.ok(proven.ok && proven.value.outcome === 'proven' && proven.value.session)
      const account = await api.readAccount({ ...from, session: proven.value.session }, {})
      assert.ok(account.ok)
      assert.deepEqual([account.value.method, account.value.phoneExtension], ['call', '1234'])
    })

    test('a backup phone is proven by a call, and removed', async () => {
      const { begin, confirm, finishing, from, api, ring, voice } = await world(await open())
      const waiting = await begin()
      await confirm()
      const call = { ...from, session: await finishing(waiting) }
      await api.proveCall(call, { slot: 'backup', country: 'US', number: '206 555 0188' })
      const id = await ring(backup)
      await voice.answer(id)
      await voice.press(id, '#')
      const proven = await api.finishCallProof(call, {})
      assert.deepEqual(proven, { ok: true, value: { outcome: 'proven' } })
      const account = await api.readAccount(call, {})
      assert.ok(account.ok)
      assert.deepEqual([account.value.phone, account.value.backupPhone], ['+1 206 555 0102', '+1 206 555 0188'])
      await api.removeBackupPhone(call, {})
      const after = await api.readAccount(call, {})
      assert.equal(after.ok && after.value.backupPhone, undefined)
    })

    test('who is called to prove a number and reports fraud blocks nobody', async () => {
      const { api, from, ring, voice } = await world(await open())
      const begun = await api.beginSignIn(from, { username: 'bob', password: 'sallyport-demo' })
      assert.ok(begun.ok && begun.value.outcome === 'begun')
      const call = { ...from, session: begun.value.session }
      await api.proveCall(call, { country: 'US', number: '206 555 0177' })
      const id = await ring('+12065550177')
      await voice.answer(id)
      await voice.press(id, '0#')
      await voice.press(id, '1')
      const read = await api.readCallProof(call, {})
      assert.equal(read.ok && read.value.call?.outcome, 'fraud')
    })
  })
}

/** Carol is called; nobody has a backup phone. `ring` waits until a phone rings, and says which call it is. */
async function world(database: Database, settings: Record<string, unknown> = {}) {
  const clock = handClock()
  const sim = callSimulator({ clock, log: silent })
  const all = { 'portal.methods': ['text', 'call', 'oath'], ...settings }
  const engine = await engineWorld(database, { clock, voice: sim, settings: all })
  const { api, from } = engine
  await engine.add('carol', { phone, method: 'call' })
  const voice = sim.phones

  async function ring(to = phone): Promise<string> {
    const deadline = Date.now() + MAY_TAKE_MS
    for (;;) {
      const ringing = voice.calls(to).find(({ state }) => state === 'ringing')
      const [bound] = ringing
        ? await database.rows(sql`SELECT provider_id FROM phone_call WHERE id = ${ringing.id}`)
        : []
      if (ringing && bound?.provider_id) return ringing.id
      if (Date.now() > deadline) throw new Error(`${to} does not ring`)
      await sleep(5)
    }
  }
  async function begin(minutesLater = 21): Promise<Call> {
    clock.advance(minutesLater)
    const before = voice.calls(phone).length
    const call = { ...from, session: await engine.begin('carol') }
    while (voice.calls(phone).length === before) await sleep(5)
    await ring()
    for (;;) {
      const read = await api.readSecondStep(call, {})
      if (!read.ok || read.value.call?.state !== 'calling') return call
      await sleep(5)
    }
  }
  async function look(call: Call) {
    const read = await api.readSecondStep(call, {})
    assert.ok(read.ok && read.value.call, JSON.stringify(read))
    return read.value.call
  }
  async function confirm(): Promise<void> {
    const id = await ring()
    await voice.answer(id)
    await voice.press(id, '#')
  }
  async function finish(call: Call): Promise<string> {
    const answer = await api.finishSecondStep(call, { method: 'call' })
    return answer.ok ? answer.value.outcome : answer.refusal
  }
  async function finishing(call: Call): Promise<string> {
    const answer = await api.finishSecondStep(call, { method: 'call' })
    assert.ok(answer.ok && answer.value.outcome === 'passed')
    return answer.value.session
  }
  const withBackup = () =>
    database.write((tx) => tx.rows(sql`UPDATE users SET backup_phone = ${backup} WHERE username = 'carol'`))
  const failures = async () =>
    Number((await database.rows(sql`SELECT failures FROM users WHERE username = 'carol'`))[0]?.failures)
  const whats = async () =>
    (await database.rows(sql`SELECT what FROM audit ORDER BY seq`)).map(({ what }) => String(what))
  assert.ok(ownEvents.includes('call.fraud'))
  return {
    ...engine,
    events: engine.engine.calls,
    sim,
    voice,
    ring,
    begin,
    look,
    confirm,
    finish,
    finishing,
    withBackup,
    failures,
    whats,
  }
}
