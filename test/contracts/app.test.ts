import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Call } from '../../src/contract/caller.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { codeFor, newDevice } from '../app/device.ts'
import { appWorld, otherThan, PIN, type World } from '../app/world.ts'
import { shownBy } from '../engine.ts'
import { dialects } from './dialects.ts'

const refused = { ok: false, refusal: 'caller.refused' } as const

for (const [dialect, open] of dialects) {
  describe(`the mobile app as a second step, on ${dialect}`, () => {
    test('the device is told who asks and never the number; typing it lets the waiting page in, once', async () => {
      const { device, begin, look, finish } = await world(await open(), { 'company.places': ['192.0.2.0/24 Berlin'] })
      const call = await begin()
      const waits = await look(call)
      assert.match(waits.number ?? '', /^\d\d$/)
      assert.deepEqual([waits.state, waits.devices, waits.pin], ['waiting', ['Phone'], false])
      const [question] = await device.questions()
      assert.ok(question)
      assert.deepEqual([question.purpose, question.address, question.browser], ['sign-in', '192.0.2.7', 'test'])
      assert.deepEqual(
        [question.place, question.number, question.pin],
        [{ kind: 'named', name: 'Berlin' }, true, false],
      )
      const told = Object.entries(question).filter(
        ([name]) => !['id', 'challenge', 'askedAt', 'expiresAt'].includes(name),
      )
      assert.ok(!JSON.stringify(told).includes(`"${waits.number}"`))

      assert.equal(await finish(call), 'gone')
      const approved = await device.answer('approve', { number: waits.number ?? '' })
      assert.deepEqual(approved, { ok: true, value: { outcome: 'approved' } })
      assert.deepEqual([(await look(call)).state, (await look(call)).number], ['approved', undefined])
      assert.deepEqual(await device.questions(), [])
      assert.equal(await finish(call), 'passed')
      assert.equal(await finish(call), 'caller.refused')
    })

    test('a question whose sign-in went another way is asked no more', async () => {
      const { api, device, session, proveToken, clock, begin, finish } = await world(await open())
      const { uri } = await proveToken(session.session ?? '')
      const call = await begin()
      const [question] = await device.questions()
      assert.ok(question)
      const passed = await api.answerSecondStep(call, { method: 'oath', code: shownBy(uri, clock.now()) })
      assert.ok(passed.ok && passed.value.outcome === 'passed')
      assert.deepEqual(await device.questions(), [])
      const { id: prompt, challenge } = question
      const late = await device.ask('answerPrompt', { prompt, challenge, verdict: 'approve', number: '42' })
      assert.deepEqual(late, { ok: true, value: { outcome: 'gone' } })
      assert.equal(await finish(call), 'caller.refused')
    })

    test('of fifty who finish one approval, one is let in', async () => {
      const { begin, approve, finish } = await world(await open())
      const call = await begin()
      await approve(call)
      const all = await Promise.all(Array.from({ length: 50 }, () => finish(call)))
      assert.equal(all.filter((outcome) => outcome === 'passed').length, 1)
    })

    test('of fifty answers of two devices to one question, one counts', async () => {
      const { device, second, begin, look, failures } = await world(await open(), { 'portal.app_devices': 2 })
      const call = await begin()
      const { number = '' } = await look(call)
      const [question] = await device.questions()
      assert.ok(question)
      const { id: prompt, challenge } = question
      const time = Date.parse('2026-11-24T12:01:00Z')
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          (i % 2 === 0 ? device : second).ask(
            'answerPrompt',
            { prompt, challenge, verdict: 'approve', number },
            time + i,
          ),
        ),
      )
      const outcomes = all.map((answer) => (answer.ok ? answer.value.outcome : answer.refusal))
      assert.equal(outcomes.filter((outcome) => outcome === 'approved').length, 1, outcomes.join())
      assert.ok(
        outcomes.every((outcome) => ['approved', 'gone', 'request.replayed'].includes(outcome)),
        outcomes.join(),
      )
      assert.equal(await failures(), 0)
    })

    test('a wrong number ends the question and costs a try, so that a match cannot be had by trying', async () => {
      const { device, begin, look, finish, failures, startAgain, whats } = await world(await open())
      const call = await begin()
      const { number } = await look(call)
      const [question] = await device.questions()
      assert.ok(question)
      const wrong = await device.answer('approve', { number: otherThan(number) })
      assert.deepEqual(wrong, { ok: true, value: { outcome: 'wrong-number' } })
      assert.equal(await failures(), 1)
      assert.deepEqual([(await look(call)).state, (await look(call)).outcome], ['over', 'wrong-number'])
      const late = { prompt: question.id, challenge: question.challenge, verdict: 'approve', number }
      assert.deepEqual(await device.ask('answerPrompt', late), { ok: true, value: { outcome: 'gone' } })
      assert.equal(await finish(call), 'gone')

      await startAgain(call)
      assert.ok((await device.answer('approve', { number: (await look(call)).number ?? '' })).ok)
      assert.equal(await finish(call), 'passed')
      assert.equal(await failures(), 0)
      assert.ok((await whats()).includes('second-step.wrong'))
    })

    test('fifty wrong numbers at once cost one try', async () => {
      const { device, begin, look, failures } = await world(await open())
      const call = await begin()
      const { number } = await look(call)
      const [question] = await device.questions()
      assert.ok(question)
      const answer = {
        prompt: question.id,
        challenge: question.challenge,
        verdict: 'approve',
        number: otherThan(number),
      }
      const time = Date.parse('2026-11-24T12:01:00Z')
      const all = await Promise.all(Array.from({ length: 50 }, (_, i) => device.ask('answerPrompt', answer, time + i)))
      assert.equal(all.filter((told) => told.ok && told.value.outcome === 'wrong-number').length, 1)
      assert.equal(await failures(), 1)
    })

    test('an answer is good for its own question: not with the challenge of another, nor for a question of before', async () => {
      const { device, begin, look, finish } = await world(await open())
      const first = await begin()
      const { number: firstNumber } = await look(first)
      const [old] = await device.questions()
      const second = await begin()
      const { number } = await look(second)
      const [fresh] = await device.questions()
      assert.ok(old && fresh && old.id !== fresh.id)
      for (const [prompt, challenge, typed] of [
        [fresh.id, old.challenge, number],
        [old.id, fresh.challenge, firstNumber],
        [old.id, old.challenge, firstNumber],
        ['x', fresh.challenge, number],
      ])
        assert.deepEqual(await device.ask('answerPrompt', { prompt, challenge, verdict: 'approve', number: typed }), {
          ok: true,
          value: { outcome: 'gone' },
        })
      assert.deepEqual([(await look(first)).state, (await look(first)).outcome], ['over', 'replaced'])
      assert.ok((await device.answer('approve', { number: number ?? '' })).ok)
      assert.equal(await finish(first), 'gone')
      assert.equal(await finish(second), 'passed')
    })

    test('another person’s device is asked nothing and answers nothing', async () => {
      const engine = await world(await open())
      const { device, begin, look, finish } = engine
      const mallory = await engine.person('mallory')
      const call = await begin()
      const { number } = await look(call)
      const [question] = await device.questions()
      assert.ok(question)
      assert.deepEqual(await mallory.device.questions(), [])
      const { id: prompt, challenge } = question
      for (const verdict of ['approve', 'deny', 'fraud'])
        assert.deepEqual(await mallory.device.ask('answerPrompt', { prompt, challenge, verdict, number }), {
          ok: true,
          value: { outcome: 'gone' },
        })
      assert.equal((await look(call)).state, 'waiting')
      assert.equal(await finish(call), 'gone')
    })

    test('an approval of a device that was removed since opens nothing, and neither does one that comes too late', async () => {
      const engine = await world(await open(), { 'portal.app_devices': 2 })
      const { device, begin, approve, finish, session, api, clock } = engine
      const call = await begin()
      await approve(call)
      assert.ok((await api.removeDevice(session, { id: device.id() })).ok)
      assert.equal(await finish(call), 'gone')
      const late = await begin()
      await approve(late, engine.second)
      clock.advance(3)
      assert.equal(await finish(late), 'gone')
    })

    test('an approval without the PIN opens nothing once the PIN is asked for', async () => {
      const { api, operator, givePin, begin, approve, finish } = await world(await open())
      await givePin()
      const call = await begin()
      await approve(call)
      assert.ok((await api.setMode(operator, { username: 'alice', method: 'app', mode: 'pin' })).ok)
      assert.equal(await finish(call), 'gone')
    })

    test('a removed device is a stranger at once, with the question still open', async () => {
      const { device, second, begin, look, session, api } = await world(await open(), { 'portal.app_devices': 2 })
      const call = await begin()
      const [question] = await device.questions()
      assert.ok(question)
      assert.ok((await api.removeDevice(session, { id: device.id() })).ok)
      const { id: prompt, challenge } = question
      assert.deepEqual(await device.ask('answerPrompt', { prompt, challenge, verdict: 'deny' }), refused)
      assert.deepEqual(await device.ask('listPrompts'), refused)
      assert.equal((await second.questions()).length, 1)
      assert.equal((await look(call)).state, 'waiting')
    })

    test('deny ends the question', async () => {
      const { device, begin, look, finish, whats, failures } = await world(await open())
      const call = await begin()
      assert.deepEqual(await device.answer('deny'), { ok: true, value: { outcome: 'denied' } })
      assert.deepEqual([(await look(call)).state, (await look(call)).outcome], ['over', 'denied'])
      assert.equal(await finish(call), 'gone')
      assert.equal(await failures(), 0)
      assert.ok((await whats()).includes('app.denied'))
    })

    test('fraud blocks the account, as far as the settings say', async () => {
      const { device, begin, finish, whats, api, from, operator } = await world(await open())
      const call = await begin()
      assert.deepEqual(await device.answer('fraud'), { ok: true, value: { outcome: 'reported', blocked: true } })
      assert.equal(await finish(call), 'caller.refused')
      const again = () => api.beginSignIn(from, { username: 'alice', password: 'sallyport-demo' })
      assert.deepEqual(await again(), { ok: false, refusal: 'credentials.wrong' })
      // The device is still on the account, and is asked nothing.
      assert.deepEqual(await device.questions(), [])
      assert.ok((await whats()).includes('app.fraud') && (await whats()).includes('user.blocked'))
      await api.unlockUser(operator, { username: 'alice' })
      assert.ok((await again()).ok)

      const mild = await world(await open(), { 'call.fraud_blocks': false })
      const other = await mild.begin()
      assert.deepEqual(await mild.device.answer('fraud'), { ok: true, value: { outcome: 'reported', blocked: false } })
      assert.equal((await mild.look(other)).outcome, 'fraud')
    })

    test('without number matching a tap is enough, and costs no try', async () => {
      const { device, begin, look, finish, failures } = await world(await open(), { 'app.number_matching': false })
      const call = await begin()
      assert.equal((await look(call)).number, undefined)
      const [question] = await device.questions()
      assert.equal(question?.number, false)
      assert.ok((await device.answer('approve')).ok)
      assert.equal(await failures(), 0)
      assert.equal(await finish(call), 'passed')
    })

    test('whoever is asked too often is asked no more for a while, until an approval', async () => {
      const { device, begin, look, finish, startAgain, whats, clock } = await world(await open())
      const call = await begin(0)
      for (let i = 0; i < 2; i++) assert.equal(await startAgain(call), 'started')
      assert.equal(await startAgain(call), 'wait')
      assert.ok((await whats()).includes('app.wait'))
      clock.advance(1)
      assert.equal(await startAgain(call), 'started')
      assert.ok((await device.answer('approve', { number: (await look(call)).number ?? '' })).ok)
      assert.equal(await finish(call), 'passed')
      const next = await begin(0)
      assert.equal((await look(next)).state, 'waiting')
      assert.equal(await startAgain(next), 'started')
    })

    test('a sign-in of twenty addresses at once leaves one open question', async () => {
      const { device, api, clock } = await world(await open())
      clock.advance(60)
      for (let i = 0; i < 20; i++) {
        const from: Call = { address: `203.0.113.${i}` }
        await api.beginSignIn(from, { username: 'alice', password: 'sallyport-demo' })
      }
      assert.equal((await device.questions()).length, 1)
    })
  })

  describe(`the mobile app with a PIN, on ${dialect}`, () => {
    test('number and PIN are both wanted; a wrong PIN costs a try and leaves the question open', async () => {
      const engine = await pinWorld(await open())
      const { device, begin, look, finish, failures } = engine
      const call = await begin()
      const { number = '', pin } = await look(call)
      assert.equal(pin, true)
      assert.equal((await device.questions())[0]?.pin, true)
      assert.deepEqual(await device.answer('approve', { number }), { ok: false, refusal: 'input.malformed' })
      assert.equal(await failures(), 0)
      const wrong = await device.answer('approve', { number, pin: '0000' })
      assert.deepEqual(wrong, { ok: true, value: { outcome: 'wrong-pin', attemptsLeft: 4 } })
      assert.equal(await failures(), 1)
      assert.ok((await device.answer('approve', { number, pin: PIN })).ok)
      assert.equal(await finish(call), 'passed')
      assert.equal(await failures(), 0)
    })

    test('a wrong number ends it before the PIN is looked at', async () => {
      const { device, begin, look } = await pinWorld(await open())
      const call = await begin()
      const wrong = await device.answer('approve', { number: otherThan((await look(call)).number), pin: PIN })
      assert.deepEqual(wrong, { ok: true, value: { outcome: 'wrong-number' } })
      assert.equal((await look(call)).outcome, 'wrong-number')
    })

    test('wrong PINs lock the second step, and end the question', async () => {
      const { device, begin, look, failures, whats } = await pinWorld(await open(), { 'lock.tries': 3 })
      const call = await begin()
      const { number = '' } = await look(call)
      for (let i = 0; i < 2; i++) await device.answer('approve', { number, pin: '0000' })
      const last = await device.answer('approve', { number, pin: '0000' })
      assert.ok(last.ok && last.value.outcome === 'locked' && last.value.until)
      assert.equal(await failures(), 3)
      assert.equal((await look(call)).outcome, 'locked')
      assert.ok((await whats()).includes('second-step.locked'))
    })

    test('fifty wrong PINs at once spend no more tries than there are', async () => {
      const { device, begin, look, failures, finish } = await pinWorld(await open())
      const call = await begin()
      const { number = '' } = await look(call)
      const [question] = await device.questions()
      assert.ok(question)
      const answer = { prompt: question.id, challenge: question.challenge, verdict: 'approve', number, pin: '0000' }
      const time = Date.parse('2026-11-24T12:01:00Z')
      await Promise.all(Array.from({ length: 50 }, (_, i) => device.ask('answerPrompt', answer, time + i)))
      const spent = await failures()
      assert.ok(spent > 0 && spent <= 5, String(spent))
      // What was signed earlier and comes later is a replay, so that five need not have been looked at.
      assert.equal(await finish(call), spent === 5 ? 'locked' : 'gone')
    })
  })

  describe(`User Setup with the mobile app, on ${dialect}`, () => {
    test('activate, authenticate, signed in; the device counts from then on, its codes too', async () => {
      const engine = await world(await open())
      const { api, from, begin } = engine
      const setup = { ...from, session: await engine.engineBegin('bob') }
      const device = newDevice(engine)
      assert.deepEqual(await api.startAppProof(setup, {}), { ok: true, value: { outcome: 'gone' } })
      assert.ok((await device.activate(await codeFor(api, setup))).ok)
      const before = await device.ask('readDevice')
      assert.ok(before.ok && before.value.state === 'setting-up')
      assert.deepEqual(await api.finishAppProof(setup, {}), { ok: true, value: { outcome: 'gone' } })

      assert.deepEqual(await api.startAppProof(setup, {}), { ok: true, value: { outcome: 'started' } })
      const read = await api.readActivation(setup, {})
      assert.ok(read.ok && read.value.proof?.state === 'waiting')
      assert.equal((await device.questions())[0]?.purpose, 'app-proof')
      assert.ok((await device.answer('approve', { number: read.value.proof.number ?? '' })).ok)
      const proven = await api.finishAppProof(setup, {})
      assert.ok(proven.ok && proven.value.outcome === 'proven' && proven.value.session)
      const account = await api.readAccount({ ...from, session: proven.value.session }, {})
      assert.equal(account.ok && account.value.method, 'app')
      const after = await device.ask('readDevice')
      assert.ok(after.ok && after.value.state === 'active')
      const [token] = await engine.database.rows(sql`SELECT origin FROM oath_token WHERE device_id = ${device.id()}`)
      assert.equal(token?.origin, 'device')
      assert.ok(await begin())
    })

    test('a device of a User Setup that was not finished is nobody’s second step, and gone with the next', async () => {
      const engine = await world(await open())
      const { api, from, clock, database } = engine
      const stolen = { ...from, session: await engine.engineBegin('bob') }
      const theirs = newDevice(engine)
      assert.ok((await theirs.activate(await codeFor(api, stolen))).ok)
      clock.advance(20)
      const setup = { ...from, session: await engine.engineBegin('bob') }
      const own = newDevice(engine)
      assert.ok((await own.activate(await codeFor(api, setup))).ok)
      assert.deepEqual(await theirs.ask('readDevice'), refused)
      assert.ok((await api.startAppProof(setup, {})).ok)
      const read = await api.readActivation(setup, {})
      assert.ok(read.ok)
      assert.ok((await own.answer('approve', { number: read.value.proof?.number ?? '' })).ok)
      assert.ok((await api.finishAppProof(setup, {})).ok)
      assert.equal(
        (await database.rows(sql`SELECT id FROM device WHERE setup_id IS NULL AND id = ${own.id()}`)).length,
        1,
      )
    })

    test('who finished User Setup by another way keeps no device of the way not taken', async () => {
      const engine = await world(await open())
      const { api, from } = engine
      const session = await engine.engineBegin('bob')
      const device = newDevice(engine)
      assert.ok((await device.activate(await codeFor(api, { ...from, session }))).ok)
      const { session: signedIn } = await engine.proveToken(session)
      const own = await api.listDevices({ ...from, session: signedIn }, {})
      assert.deepEqual(own.ok && own.value.devices, [])
      assert.deepEqual(await device.questions(), [])
      const late = await api.chooseMethod({ ...from, session: signedIn }, { method: 'app' })
      assert.deepEqual(late, { ok: false, refusal: 'method.unavailable' })
    })
  })

  describe(`devices of one's own, on ${dialect}`, () => {
    test('what was signed before cannot come again, and nothing that is signed for another call', async () => {
      const { device, api, clock } = await world(await open())
      const time = clock.now().getTime() + 1_000
      const call = device.signs('nameDevice', '{"name":"Tablet"}', time)
      assert.deepEqual(await api.nameDevice(call, { name: 'x' }), { ok: true, value: { name: 'Tablet' } })
      assert.deepEqual(await api.nameDevice(call, { name: 'x' }), { ok: false, refusal: 'request.replayed' })
      const earlier = await device.ask('nameDevice', { name: 'Old' }, time - 1)
      assert.deepEqual(earlier, { ok: false, refusal: 'request.replayed' })
      const elsewhere = device.signs('setDevicePush', '{"name":"Tablet"}', time + 1)
      assert.deepEqual(await api.nameDevice(elsewhere, { name: 'x' }), refused)
      const changed = {
        ...elsewhere,
        device: { credential: elsewhere.device?.credential ?? '', body: '{"subscription":null}' },
      }
      assert.deepEqual(await api.setDevicePush(changed, { subscription: null }), refused)
    })

    test('a clock that is more than five minutes off is said so, to whoever has it', async () => {
      const { device, clock } = await world(await open())
      const at = () => clock.now().getTime()
      for (const minutes of [-6, 6])
        assert.deepEqual(await device.ask('readDevice', {}, at() + minutes * 60_000), {
          ok: false,
          refusal: 'clock.off',
        })
      assert.deepEqual(await newDevice(await world(await open())).ask('readDevice', {}, at() + 6 * 60_000), {
        ok: false,
        refusal: 'clock.off',
      })
      assert.ok((await device.ask('readDevice', {}, at() - 4 * 60_000)).ok)
    })

    test('a credential that is cut, lengthened, or of another key opens nothing', async () => {
      const { device, api, from } = await world(await open())
      const { credential = '', body = '' } = device.signs('readDevice', '').device ?? {}
      const [v = '', id = '', time = '', signature = ''] = credential.split('.')
      const zero = Buffer.alloc(64).toString('base64url')
      for (const odd of [
        '',
        credential.slice(0, -1),
        `${credential}A`,
        [v, id, `0${time}`, signature].join('.'),
        [v, id.toUpperCase(), time, signature].join('.'),
        [v, id, time, zero].join('.'),
        [v, id, time, Buffer.alloc(64, 255).toString('base64url')].join('.'),
        ['v2', id, time, signature].join('.'),
      ])
        assert.deepEqual(await api.readDevice({ ...from, device: { credential: odd, body } }, {}), refused, odd)
      const long = device.signs('nameDevice', `{"name":"x","y":"${'y'.repeat(5_000)}"}`)
      assert.deepEqual(await api.nameDevice(long, { name: 'x' }), refused)
    })

    test('the last way in is not removed, from neither side', async () => {
      const engine = await world(await open())
      const { api, from, database } = engine
      await database.write((tx) => tx.rows(sql`UPDATE users SET phone = NULL WHERE username = 'alice'`))
      const last = { ok: false, refusal: 'way-in.last' }
      assert.deepEqual(await api.removeDevice(engine.session, { id: engine.device.id() }), last)
      assert.deepEqual(await engine.device.ask('leaveAccount'), last)
      assert.deepEqual(await api.removeDevice(engine.session, { id: 'x' }), { ok: false, refusal: 'device.unknown' })
      assert.ok(from)
    })

    test('a device that is removed takes its codes along; another way is asked first then', async () => {
      const { device, api, session, database } = await world(await open())
      assert.equal((await database.rows(sql`SELECT id FROM oath_token WHERE device_id = ${device.id()}`)).length, 1)
      assert.deepEqual(await api.removeDevice(session, { id: device.id() }), { ok: true, value: { outcome: 'done' } })
      assert.deepEqual(await device.ask('readDevice'), refused)
      assert.equal((await database.rows(sql`SELECT id FROM oath_token WHERE device_id = ${device.id()}`)).length, 0)
      const account = await api.readAccount(session, {})
      assert.equal(account.ok && account.value.method, 'text')
    })

    test('a device leaves by itself only where nothing weaker is asked for then: who found it has given no second step', async () => {
      const { device, second, api, from, session, engineBegin, clock } = await world(await open(), {
        'app.mode': 'pin',
        'portal.app_devices': 2,
      })
      const done = { ok: true, value: { outcome: 'done' } }
      assert.deepEqual(await device.ask('leaveAccount'), done)
      assert.deepEqual(await second.ask('leaveAccount'), { ok: false, refusal: 'way-in.last' })
      clock.advance(1)
      const asked = await api.readSecondStep({ ...from, session: await engineBegin('alice') }, {})
      assert.equal(asked.ok && asked.value.method, 'app')
      assert.ok((await api.chooseMethod(session, { method: 'text' })).ok)
      clock.advance(1)
      assert.deepEqual(await second.ask('leaveAccount'), done)
    })

    test('another person’s device is not there', async () => {
      const engine = await world(await open())
      const mallory = await engine.person('mallory')
      const unknown = { ok: false, refusal: 'device.unknown' }
      const id = engine.device.id()
      assert.deepEqual(await engine.api.renameDevice(mallory.session, { id, name: 'Mine' }), unknown)
      assert.deepEqual(await engine.api.removeDevice(mallory.session, { id }), unknown)
      assert.ok((await engine.device.ask('readDevice')).ok)
    })

    test('a device that waits is told at once what it is asked, and that it was removed', async () => {
      const { device, second, begin, session, api } = await world(await open(), { 'portal.app_devices': 2 })
      const now = await device.ask('awaitPrompts', {})
      assert.equal(now.ok, false)
      const first = await api.awaitPrompts(device.signs('awaitPrompts', ''), { stamp: '', seconds: 1 })
      assert.ok(first.ok && first.value.prompts.length === 0)
      const { stamp } = first.value
      await begin()
      const changed = await api.awaitPrompts(device.signs('awaitPrompts', ''), { stamp, seconds: 20 })
      assert.ok(changed.ok && changed.value.prompts.length === 1)
      assert.ok((await api.removeDevice(session, { id: second.id() })).ok)
      assert.deepEqual(await api.awaitPrompts(second.signs('awaitPrompts', ''), { stamp: '', seconds: 1 }), refused)
    })
  })
}

function world(database: Database, settings: Record<string, unknown> = {}): Promise<World> {
  return appWorld(database, settings)
}

async function pinWorld(database: Database, settings: Record<string, unknown> = {}): Promise<World> {
  const all = await appWorld(database, { 'app.mode': 'pin', ...settings })
  await all.givePin()
  return all
}
