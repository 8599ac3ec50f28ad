import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Call } from '../../src/contract/caller.ts'
import type { Reply } from '../../src/core/delivery/replies.ts'
import { pinPlace } from '../../src/core/pin/pin.ts'
import type { Modes } from '../../src/core/policy/modes.ts'
import { pinStore } from '../../src/storage/pin-store.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { userStore } from '../../src/storage/user-store.ts'
import { alicePhone, engineWorld, handClock } from '../engine.ts'
import { quickHasher } from '../quick-hasher.ts'
import { dialects } from './dialects.ts'

const stranger = '+12065550166'
const bobsPhone = '+12065550177'

for (const [dialect, open] of dialects) {
  describe(`texts that are answered by a text, on ${dialect}`, () => {
    test('whoever replies with the code lets the page in that waits, once', async () => {
      const { begin, reply, look, finish, whats } = await world(await open())
      const { call, code } = await begin()
      assert.equal((await look(call)).state, 'waiting')
      assert.equal(await finish(call), 'gone')
      await reply(code)
      assert.equal((await look(call)).state, 'approved')
      assert.equal(await finish(call), 'passed')
      assert.equal(await finish(call), 'caller.refused')
      assert.ok((await whats()).includes('text.confirmed'))
    })

    test('the text asks for a reply, and offers its code to no page', async () => {
      const { begin, phones, codeAfter, from, engine } = await world(await open())
      const { code } = await begin()
      const german = { ...from, language: 'de' }
      assert.equal(
        phones.messages(alicePhone)[0]?.text,
        `Sallyport: your code is ${code}. Reply with it to sign in. If you are not signing in, do not reply.`,
      )
      assert.ok(engine)
      await codeAfter(alicePhone, () => begin('alice', { caller: german }))
      assert.match(phones.messages(alicePhone)[0]?.text ?? '', /^Sallyport: Ihr Code ist \d{6}\. Antworten Sie damit/)
    })

    test('one reply that comes fifty times at once, and fifty who finish it: one is let in, and no try is spent', async () => {
      const { begin, reply, finish, failures, database } = await world(await open())
      const { call, code } = await begin()
      await Promise.all(Array.from({ length: 50 }, () => reply(code, { providerId: 'the same' })))
      assert.equal(await failures(), 0)
      const all = await Promise.all(Array.from({ length: 50 }, () => finish(call)))
      assert.equal(all.filter((outcome) => outcome === 'passed').length, 1)
      assert.equal((await database.rows(sql`SELECT provider FROM taken_reply`)).length, 1)
    })

    test('fifty replies that are wrong, each its own: no more are looked at than there are tries', async () => {
      const { begin, reply, look, finish, failures, whats } = await world(await open(), { 'lock.tries': 3 })
      const { call, code } = await begin()
      await Promise.all(Array.from({ length: 50 }, (_, i) => reply(other(code, i))))
      assert.equal(await failures(), 3)
      const seen = (await whats()).filter((what) => what === 'second-step.wrong')
      assert.equal(seen.length, 3)
      assert.ok((await whats()).includes('second-step.locked'))
      await reply(code)
      assert.equal((await look(call)).state, 'waiting')
      assert.equal(await finish(call), 'locked')
    })

    test('a wrong reply costs a try and leaves the text open for the right one', async () => {
      const { begin, reply, look, finish, failures, whats } = await world(await open())
      const { call, code } = await begin()
      await reply(other(code))
      assert.deepEqual([(await look(call)).state, (await look(call)).attemptsLeft], ['waiting', 4])
      assert.equal(await failures(), 1)
      await reply(code)
      assert.equal(await finish(call), 'passed')
      assert.equal(await failures(), 0)
      assert.ok((await whats()).includes('second-step.wrong'))
    })

    test('a wrong reply that comes again costs nothing more', async () => {
      const { begin, reply, failures } = await world(await open())
      const { code } = await begin()
      for (let i = 0; i < 3; i++) await reply(other(code), { providerId: 'the same' })
      assert.equal(await failures(), 1)
      await reply(other(code), { providerId: 'the same', provider: 'another' })
      assert.equal(await failures(), 2)
    })

    test('after the tries of a text it is over, and the right reply comes too late', async () => {
      const { begin, reply, look, finish } = await world(await open(), { 'code.tries': 2 })
      const { call, code } = await begin()
      await reply(other(code, 0))
      await reply(other(code, 1))
      assert.deepEqual([(await look(call)).state, (await look(call)).outcome], ['over', 'wrong-reply'])
      await reply(code)
      assert.equal(await finish(call), 'gone')
    })

    test('a reply counts only from the number that was asked; from another it costs nobody a try', async () => {
      const { begin, reply, look, finish, failures } = await world(await open())
      const { call, code } = await begin()
      await reply(code, { from: stranger })
      await reply(other(code), { from: stranger })
      for (const from of ['', 'Contoso', '12345', '+1', 'x'.repeat(10_000)]) await reply(code, { from })
      assert.equal((await look(call)).state, 'waiting')
      assert.equal(await finish(call), 'gone')
      assert.equal(await failures(), 0)
    })

    test('a number without its country is one of the company’s own', async () => {
      const { begin, reply, finish } = await world(await open())
      const { call, code } = await begin()
      await reply(code, { from: '206 555 0100' })
      assert.equal(await finish(call), 'passed')
    })

    test('a number that is not the person’s any more answers nothing for them', async () => {
      const { begin, reply, look, database } = await world(await open())
      const { call, code } = await begin()
      await database.write((tx) => tx.rows(sql`UPDATE users SET phone = ${stranger} WHERE username = 'alice'`))
      await reply(code)
      assert.equal((await look(call)).state, 'waiting')
    })

    test('a reply that comes too late opens nothing, and says so on the page', async () => {
      const { begin, reply, look, finish, clock, failures } = await world(await open())
      const { call, code } = await begin()
      clock.advance(6)
      await reply(code)
      assert.deepEqual([(await look(call)).state, (await look(call)).outcome], ['over', 'expired'])
      assert.equal(await finish(call), 'gone')
      assert.equal(await failures(), 0)
    })

    test('an approval that is used too late opens nothing', async () => {
      const { begin, reply, finish, clock } = await world(await open())
      const { call, code } = await begin()
      await reply(code)
      clock.advance(6)
      assert.equal(await finish(call), 'gone')
    })

    test('a reply is for the newest text: the code of the one before is wrong, and its page is over', async () => {
      const { begin, reply, look, finish } = await world(await open())
      const first = await begin()
      const second = await begin()
      await reply(first.code)
      assert.deepEqual([(await look(first.call)).state, (await look(first.call)).outcome], ['over', 'replaced'])
      await reply(second.code)
      assert.equal(await finish(first.call), 'gone')
      assert.equal(await finish(second.call), 'passed')
    })

    test('digits are read in any script and however they are parted', async () => {
      for (const write of [
        (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)}\n`,
        (code: string) => `${code}.`,
        (code: string) => `“${code}”`.replace(/[“”]/g, '"'),
        (code: string) => [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''),
        (code: string) => [...code].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join('\u200f'),
      ]) {
        const { begin, reply, finish } = await world(await open())
        const { call, code } = await begin()
        await reply(write(code))
        assert.equal(await finish(call), 'passed', write('123456'))
      }
    })

    test('what is no answer costs no try, however it looks, and the page hears that it was not right', async () => {
      const { begin, reply, look, failures, finish } = await world(await open())
      const { call, code } = await begin()
      const echo = `Could not be delivered: Sallyport: your code is ${code}. Reply with it to sign in.`
      for (const text of ['', ' ', 'STOP', 'STOPP', 'OK', 'x'.repeat(10_000), code.repeat(2_000), '\ud83d', echo]) {
        await reply(text)
      }
      assert.deepEqual([(await look(call)).state, (await look(call)).attemptsLeft], ['waiting', 5])
      assert.equal(await failures(), 0)
      await reply(code)
      assert.equal(await finish(call), 'passed')
    })

    test('people who share a phone are told apart by their codes', async () => {
      const { begin, reply, look, finish, failures, add } = await world(await open())
      await add('amy', { phone: alicePhone, method: 'text' })
      const alice = await begin('alice')
      const amy = await begin('amy')
      await reply(amy.code)
      assert.deepEqual([(await look(alice.call)).state, (await look(amy.call)).state], ['waiting', 'approved'])
      assert.equal(await finish(alice.call), 'gone')
      assert.equal(await finish(amy.call), 'passed')
      assert.deepEqual([await failures('alice'), await failures('amy')], [0, 0])
      const again = await begin('amy')
      await reply(unlike(alice.code, again.code))
      assert.deepEqual([await failures('alice'), await failures('amy')], [1, 1])
    })

    test('a person who is locked is not looked at, and does not keep another at the same phone out', async () => {
      const { begin, reply, look, finish, add, database, whats } = await world(await open())
      await add('amy', { phone: alicePhone, method: 'text' })
      const alice = await begin('alice')
      const amy = await begin('amy')
      await database.write((tx) => tx.rows(sql`UPDATE users SET failures = 10 WHERE username = 'alice'`))
      await reply(alice.code)
      assert.equal((await look(alice.call)).state, 'waiting')
      assert.ok((await whats()).includes('second-step.refused'))
      await reply(amy.code)
      assert.equal(await finish(amy.call), 'passed')
    })

    test('with a number: the one on the screen, and the text has none', async () => {
      const { begin, reply, look, finish, phones, failures } = await world(await open(), {
        'text.mode': 'two-way-number',
      })
      const { call } = await begin()
      const { number = '' } = await look(call)
      assert.match(number, /^\d\d$/)
      assert.doesNotMatch(phones.messages(alicePhone)[0]?.text ?? '', /\d/)
      await reply(number === '42' ? '43' : '42')
      assert.equal(await failures(), 1)
      await reply(` ${number} `)
      assert.equal((await look(call)).number, undefined)
      assert.equal(await finish(call), 'passed')
    })

    test('with a number that two people at one phone happen to have, it counts for neither', async () => {
      const { begin, reply, look, add, database, failures, whats } = await world(await open(), {
        'text.mode': 'two-way-number',
      })
      await add('amy', { phone: alicePhone, method: 'text' })
      const [alice, amy] = [await begin('alice'), await begin('amy')]
      await database.write((tx) => tx.rows(sql`UPDATE prompt SET number = '42'`))
      await reply('42')
      assert.deepEqual([(await look(alice.call)).state, (await look(amy.call)).state], ['waiting', 'waiting'])
      assert.equal((await whats()).filter((what) => what === 'text.ambiguous').length, 2)
      assert.deepEqual([await failures('alice'), await failures('amy')], [0, 0])
      await database.write((tx) =>
        tx.rows(sql`UPDATE prompt SET number = '43' WHERE state = 'open' AND id = (
        SELECT prompt.id FROM prompt JOIN users ON users.id = user_id WHERE username = 'amy' AND state = 'open')`),
      )
      await reply('43')
      assert.deepEqual([(await look(alice.call)).state, (await look(amy.call)).state], ['waiting', 'approved'])
    })

    test('with a PIN: code and PIN, parted as people part them', async () => {
      const { begin, reply, finish, givePin, failures } = await world(await open(), { 'text.mode': 'two-way-pin' })
      await givePin('alice', '739146')
      for (const between of [' ', ', ', '-', '\n', '', ' / ']) {
        const { call, code } = await begin('alice', { later: 21 })
        await reply(`${code}${between}739146`)
        assert.equal(await finish(call), 'passed', JSON.stringify(between))
        assert.equal(await failures(), 0)
      }
    })

    test('with a PIN neither half is enough, the other way round is wrong, and each costs a try', async () => {
      const { begin, reply, look, finish, givePin, failures } = await world(await open(), {
        'text.mode': 'two-way-pin',
        'lock.tries': 20,
      })
      await givePin('alice', '739146')
      const { call, code } = await begin()
      for (const [i, text] of [code, `${code} 739147`, `739146 ${code}`, '739146'].entries()) {
        await reply(text)
        assert.equal(await failures(), i + 1, text)
      }
      assert.equal((await look(call)).attemptsLeft, 1)
      assert.equal(await finish(call), 'gone')
      await reply(`${code} 739146`)
      assert.equal(await finish(call), 'passed')
    })

    test('with a PIN, one reply that comes fifty times at once is one try, judged once', async () => {
      const { begin, reply, finish, givePin, failures, whats } = await world(await open(), {
        'text.mode': 'two-way-pin',
      })
      await givePin('alice', '739146')
      const { call, code } = await begin()
      const all = await Promise.allSettled(
        Array.from({ length: 50 }, () => reply(`${code} 739147`, { providerId: 'wrong' })),
      )
      // Whoever brought it while it was looked at is to bring it again.
      assert.ok(all.some(({ status }) => status === 'fulfilled'))
      assert.equal(await failures(), 1)
      assert.equal((await whats()).filter((what) => what === 'second-step.wrong').length, 1)
      await reply(`${code} 739147`, { providerId: 'wrong' })
      assert.equal(await failures(), 1)
      await Promise.allSettled(Array.from({ length: 50 }, () => reply(`${code} 739146`, { providerId: 'right' })))
      assert.equal(await finish(call), 'passed')
    })

    test('a reply over which a node died is looked at again when it comes again', async () => {
      const { begin, reply, finish, database, clock } = await world(await open())
      const { call, code } = await begin()
      await database.write((tx) =>
        tx.rows(sql`INSERT INTO taken_reply (provider, provider_id, taken_at)
          VALUES ('simulator', 'lost', ${clock.now().getTime()})`),
      )
      await assert.rejects(reply(code, { providerId: 'lost' }), { code: 'queue.full' })
      clock.advance(2)
      await reply(code, { providerId: 'lost' })
      assert.equal(await finish(call), 'passed')
    })

    test('a code that is typed opens nothing where the mode is to reply, and a reply nothing where it is to type', async () => {
      const { begin, reply, api, from, engine, codeAfter, setMode } = await world(await open())
      const { call, code } = await begin()
      const typed = await api.answerSecondStep(call, { method: 'text', code })
      assert.deepEqual(typed, { ok: true, value: { outcome: 'gone' } })
      assert.deepEqual(await api.sendText(call, {}), { ok: false, refusal: 'method.unavailable' })

      await setMode('alice', 'one-way')
      const one = await codeAfter(alicePhone, () =>
        api.beginSignIn(from, { username: 'alice', password: 'sallyport-demo' }),
      )
      assert.ok(one.value.ok && one.value.value.outcome === 'begun')
      const oneWay = { ...from, session: one.value.value.session }
      await reply(one.code)
      assert.equal((await engine.api.finishSecondStep(oneWay, { method: 'text' })).ok, true)
      assert.deepEqual(await api.startPrompt(oneWay, { method: 'text' }), { ok: false, refusal: 'method.unavailable' })
      await setMode('alice', 'two-way-pin')
      const late = await api.answerSecondStep(oneWay, { method: 'text', code: one.code })
      assert.deepEqual(late, { ok: true, value: { outcome: 'gone' } })
    })

    test('texts are asked for so often and no more, and those of the other mode count', async () => {
      const { begin, api } = await world(await open())
      const { call } = await begin()
      const asked = []
      for (let i = 0; i < 20; i++) asked.push(await api.startPrompt(call, { method: 'text' }))
      const started = asked.filter((answer) => answer.ok && answer.value.outcome === 'started')
      assert.equal(started.length, 2)
    })

    test('a phone is proven by a reply, where people reply: in User Setup it ends at the door', async () => {
      const { api, from, reply, setUp, prove, phones } = await world(await open())
      const call = await setUp()
      const code = await prove(call)
      assert.match(phones.messages(bobsPhone)[0]?.text ?? '', /Reply with it to use this phone for signing in/)
      const read = await api.readPhoneProof(call, {})
      assert.ok(read.ok && read.value.byReply && read.value.reply?.state === 'waiting' && !read.value.text)
      assert.equal(read.value.number, '(206) 555-0177')
      const gone = { ok: true, value: { outcome: 'gone' } }
      assert.deepEqual(await api.confirmPhone(call, { code }), gone)
      await reply(code, { from: alicePhone })
      assert.deepEqual(await api.finishPhoneProof(call, {}), gone)
      await reply(code, { from: bobsPhone })
      const all = await Promise.all(Array.from({ length: 20 }, () => api.finishPhoneProof(call, {})))
      const sessions = all.flatMap((one) => (one.ok && one.value.outcome === 'proven' ? [one.value.session] : []))
      assert.equal(sessions.length, 1)
      const account = await api.readAccount({ ...from, session: sessions[0] }, {})
      assert.ok(account.ok)
      assert.deepEqual([account.value.method, account.value.phone], ['text', '+1 206 555 0177'])
    })

    test('a number that is to be proven is nobody’s second step: wrong replies cost the text its tries, and no person one', async () => {
      const { api, reply, setUp, prove, failures, whats } = await world(await open(), { 'code.tries': 2 })
      const call = await setUp()
      const code = await prove(call)
      await reply(other(code, 0), { from: bobsPhone })
      await reply(other(code, 1), { from: bobsPhone })
      await reply(code, { from: bobsPhone })
      const read = await api.readPhoneProof(call, {})
      assert.equal(read.ok && read.value.reply?.outcome, 'wrong-reply')
      assert.equal(await failures('bob'), 0)
      assert.ok((await whats()).includes('phone.proof-wrong'))
    })

    test('a phone is never proven by the number on the screen, since the sender of a text can be forged', async () => {
      const { api, reply, setUp, prove } = await world(await open(), { 'text.mode': 'two-way-number' })
      const call = await setUp()
      const code = await prove(call)
      const read = await api.readPhoneProof(call, {})
      assert.equal(read.ok && read.value.reply?.mode, 'two-way')
      await reply(code, { from: bobsPhone })
      const proven = await api.finishPhoneProof(call, {})
      assert.equal(proven.ok && proven.value.outcome, 'proven')
    })

    test('a phone is proven with the PIN too, where there is one, and guesses at it cost what they cost elsewhere', async () => {
      const { api, reply, setUp, prove, givePin, failures } = await world(await open(), { 'text.mode': 'two-way-pin' })
      await givePin('bob', '739146')
      const call = await setUp()
      const code = await prove(call)
      await reply(code, { from: bobsPhone })
      await reply(`${code} 739147`, { from: bobsPhone })
      assert.equal(await failures('bob'), 2)
      await reply(`${code} 739146`, { from: bobsPhone })
      assert.equal(await failures('bob'), 0)
      const proven = await api.finishPhoneProof(call, {})
      assert.equal(proven.ok && proven.value.outcome, 'proven')
    })

    test('an approval of a number is no second step, and one of a second step proves no number', async () => {
      const { api, begin, reply, finish, prove, from } = await world(await open())
      const first = await begin()
      await reply(first.code)
      assert.deepEqual(await api.finishPhoneProof(first.call, {}), { ok: false, refusal: 'caller.refused' })
      const passed = await api.finishSecondStep(first.call, { method: 'text' })
      assert.ok(passed.ok && passed.value.outcome === 'passed')
      const session = { ...from, session: passed.value.session }
      const code = await prove(session)
      await reply(code, { from: bobsPhone })
      assert.equal(await finish(session), 'gone')
      assert.equal((await api.finishPhoneProof(session, {})).ok, true)
    })

    test('a reply renews the proof of somebody signed in', async () => {
      const { begin, reply, api, from, codeAfter, finish } = await world(await open())
      const { call, code } = await begin()
      await reply(code)
      const passed = await api.finishSecondStep(call, { method: 'text' })
      assert.ok(passed.ok && passed.value.outcome === 'passed')
      const signedIn = { ...from, session: passed.value.session }
      const again = await codeAfter(alicePhone, () => api.startPrompt(signedIn, { method: 'text' }))
      await reply(again.code)
      assert.equal(await finish(signedIn), 'passed')
    })
  })
}

/** Another code; as many as there are numbers. */
function other(code: string, by = 0): string {
  return String((Number(code) + 1 + by) % 1_000_000).padStart(6, '0')
}

function unlike(...codes: string[]): string {
  return ['111111', '222222', '333333'].find((code) => !codes.includes(code)) ?? ''
}

/** Alice replies to texts. `reply` is a text of hers, to whatever was asked. */
async function world(database: Database, settings: Record<string, unknown> = {}) {
  const clock = handClock()
  const engine = await engineWorld(database, { clock, settings: { 'text.mode': 'two-way', ...settings } })
  const { api, from, codeAfter } = engine
  const hasher = quickHasher()
  let replies = 0

  async function begin(username = 'alice', { caller = from, later = 0 } = {}): Promise<{ call: Call; code: string }> {
    clock.advance(later)
    const { value, code } = await codeAfter(alicePhone, () => engine.begin(username, caller))
    return { call: { ...caller, session: value }, code }
  }
  /** Bob is in User Setup. */
  const setUp = async (): Promise<Call> => ({ ...from, session: await engine.begin('bob') })
  async function prove(call: Call): Promise<string> {
    const asked = await codeAfter(bobsPhone, () => api.provePhone(call, { country: 'US', number: '206 555 0177' }))
    assert.deepEqual(asked.value, { ok: true, value: { outcome: 'texted' } })
    return asked.code
  }
  const reply = (text: string, { from = alicePhone, providerId = `r${replies++}`, ...rest }: Partial<Reply> = {}) =>
    engine.engine.replies.take({
      ...{ from, text, providerId, provider: 'simulator', to: '12345', at: clock.now() },
      ...rest,
    })
  async function look(call: Call) {
    const read = await api.readSecondStep(call, {})
    assert.ok(read.ok && read.value.reply, JSON.stringify(read))
    return read.value.reply
  }
  async function finish(call: Call): Promise<string> {
    const answer = await api.finishSecondStep(call, { method: 'text' })
    return answer.ok ? answer.value.outcome : answer.refusal
  }
  const idOf = async (username: string) => {
    const [row] = await database.rows(sql`SELECT id FROM users WHERE username = ${username}`)
    return String(row?.id)
  }
  async function givePin(username: string, pin: string): Promise<void> {
    const [id, userId] = [`pin-of-${username}`, await idOf(username)]
    const sealedHash = engine.engine.sealing.seal(await hasher.hash(pin), pinPlace(id))
    const chosen = { id, userId, sealedHash, setAt: clock.now(), mustChange: false }
    await database.write((tx) => pinStore(tx).replace(chosen, { was: 'any', keep: 0 }))
  }
  const setMode = async (username: string, mode: Modes['text']) => {
    const id = await idOf(username)
    await database.write((tx) => userStore(tx).setMode(id, 'text', mode))
  }
  const failures = async (username = 'alice') =>
    Number((await database.rows(sql`SELECT failures FROM users WHERE username = ${username}`))[0]?.failures)
  const whats = async () =>
    (await database.rows(sql`SELECT what FROM audit ORDER BY seq`)).map(({ what }) => String(what))
  return { ...engine, begin, setUp, prove, reply, look, finish, givePin, setMode, failures, whats }
}
