import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from '../../src/contract/caller.ts'
import { AppError } from '../../src/core/errors.ts'
import type { SimulatedMail } from '../../src/outbound/delivery/mail/simulator.ts'
import { callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { withDevice } from '../app/device.ts'
import { alicePhone, engineWorld, handClock, MAY_TAKE_MS, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const alice = 'alice@example.com'
const carol = 'carol@example.com'
const helpdesk = 'helpdesk@example.com'

for (const [dialect, open] of dialects) {
  describe(`notices by mail, on ${dialect}`, () => {
    test('tell the owner of a change: what, when, from where, whom to ask, and where to look', async () => {
      const { signIn, proveToken, mailed } = await world(await open())
      await proveToken(await signIn('alice', alicePhone))

      const [mail] = await mailed(alice)
      assert.equal(mail?.subject, 'Contoso: An authenticator app was added')
      for (const part of [mail?.text ?? '', unescaped(mail?.html)]) {
        for (const words of [
          'Hello Alice Adams,',
          'was added to your account',
          '192.0.2.7',
          '24 November 2026',
          '13:00',
        ]) {
          assert.ok(part.includes(words), words)
        }
        assert.ok(part.includes("If this wasn't you, get help now. Contoso help: 555 0199"))
        assert.deepEqual(part.match(/https?:[^\s"<]+/g), ['https://portal.test/MultiFactorAuth/'])
      }
    })

    test('come in the language of the person, and go beside the text', async () => {
      const { signIn, api, from, proveToken, mailed, phones } = await world(await open())
      const session = await signIn('alice', alicePhone)
      await api.chooseLanguage({ ...from, session }, { language: 'de' })
      await proveToken(session)
      const [mail] = await mailed(alice)
      assert.equal(mail?.subject, 'Contoso: Eine Authenticator-App wurde hinzugefügt')
      assert.match(mail?.html ?? '', /<html lang="de"/)
      while (!phones.messages(alicePhone).some(({ text }) => /Authenticator-App/.test(text))) await sleep(5)
    })

    test('are written to nobody without a usable address, and not where there is no mail server', async () => {
      const none = await world(await open(), { mailers: [] })
      await none.proveToken(await none.signIn('alice', alicePhone))
      assert.deepEqual(await none.queued(), [])

      const { database, signIn, proveToken, queued } = await world(await open())
      await database.write((tx) => tx.rows(sql`UPDATE users SET mail = 'alice@example.com, eve@example.com'`))
      await proveToken(await signIn('alice', alicePhone))
      assert.deepEqual(await queued(), [])
    })

    test('tell of a lock; administrators hear of it only when nobody else can open it', async () => {
      const { lock, mailed, mails } = await world(await open())
      await lock(5)
      assert.match((await mailed(alice))[0]?.text ?? '', /locked for a while/)
      assert.deepEqual(mails.mails(helpdesk), [])

      await lock(5)
      assert.match((await mailed(alice, 2))[0]?.text ?? '', /locked until your help desk opens it/)
      const [mail] = await mailed(helpdesk)
      assert.equal(mail?.subject, 'Contoso: alice is locked')
      for (const words of ['Person: Alice Adams (alice)', 'Method: text message', 'Signed in from: 192.0.2.7']) {
        assert.ok(mail?.text.includes(words), words)
      }
      assert.match(mail?.text ?? '', /sallyport user unlock alice/)
      assert.doesNotMatch(mail?.text ?? '', /https?:/)
    })

    test('tell administrators of fraud at once, and again when the account is blocked', async () => {
      const { fraud, mailed } = await world(await open())
      const confirm = await fraud()
      const [reported] = await mailed(helpdesk)
      assert.equal(reported?.subject, 'Contoso: Fraud reported for carol')
      for (const words of ['Person: carol', 'Method: phone call', 'Signed in from: 192.0.2.7']) {
        assert.ok(reported?.text.includes(words), words)
      }
      assert.match(reported?.text ?? '', /Account: not blocked so far; the person is being asked/)

      await confirm()
      const [blocked] = await mailed(helpdesk, 2)
      assert.equal(blocked?.subject, 'Contoso: carol is blocked after a report of fraud')
      assert.match(blocked?.text ?? '', /Account: blocked until 22 February 2027/)
    })

    test('tell administrators of fraud that was reported in the app, which blocks at once', async () => {
      const engine = await world(await open())
      const { signIn, begin, api, from, clock, mailed, phones } = engine
      const session = await signIn('alice', alicePhone)
      const device = await withDevice(engine, session)
      assert.ok((await api.chooseMethod({ ...from, session }, { method: 'app' })).ok)
      assert.ok((await mailed(alice)).some(({ subject }) => /mobile app was activated/.test(subject)))
      assert.ok(phones.messages(alicePhone).length > 0)

      clock.advance(1)
      await begin('alice')
      await device.answer('fraud')
      const [mail, ...others] = await mailed(helpdesk)
      assert.equal(mail?.subject, 'Contoso: alice is blocked after a report of fraud')
      assert.match(mail?.text ?? '', /reported fraud by the app/)
      assert.deepEqual(others, [])
    })

    test('of one kind go three at once; the others wait for an hour, and the newest stands for all', async () => {
      const { signIn, proveToken, queued, mailed, clock, api, from, database } = await world(await open())
      const session = await signIn('alice', alicePhone)
      for (let time = 0; time < 6; time++) {
        if (time > 0) await api.removeToken({ ...from, session }, {})
        await proveToken(session)
        clock.advance(1)
      }
      const added = (mails: SimulatedMail[]) => mails.filter(({ subject }) => /app was added/.test(subject))
      // One of what was added waits, and one of what was removed.
      while ((await queued()).length > 2) await sleep(5)
      assert.equal(added(await mailed(alice)).length, 3)

      clock.advance(61)
      while (added(await mailed(alice)).length < 4) await sleep(5)
      const [last] = added(await mailed(alice))
      assert.match(last?.text ?? '', /This happened 3 times since we last wrote to you of it/)
      assert.match(last?.text ?? '', /When: 24 November 2026, 13:05/)
      // Texts cost by the piece: who was told three times is told the rest by mail.
      const texted = sql`SELECT id FROM delivery WHERE kind = 'text' AND pace_key LIKE 'text/token-added/%'`
      assert.equal((await database.rows(texted)).length, 3)
    })

    test('that a server refuses for good end there; neither the log nor the row keeps what they said', async () => {
      const logged: string[] = []
      const note = (...line: unknown[]) => void logged.push(line.map(String).join(' '))
      const refusing = {
        name: 'mail.example',
        async send() {
          throw new AppError('delivery.refused', { detail: 'mail.example:587: answered "550 5.1.1 no such user"' })
        },
      }
      const log = { info: note, warn: note, error: note }
      const { signIn, proveToken, database } = await world(await open(), { mailers: [refusing], log })
      await proveToken(await signIn('alice', alicePhone))
      const ended = sql`SELECT state, sealed_body FROM delivery WHERE kind = 'mail' AND ended_at IS NOT NULL`
      for (;;) {
        const [row] = await database.rows(ended)
        if (row) {
          assert.deepEqual({ ...row }, { state: 'failed', sealed_body: '' })
          break
        }
        await sleep(5)
      }
      assert.match(logged.join('\n'), /550 5\.1\.1 no such user/)
      assert.doesNotMatch(logged.join('\n'), /authenticator|alice/i)
    })
  })
}

type Situation = Partial<Pick<Parameters<typeof engineWorld>[1] & object, 'mailers' | 'log'>>

/** The engine in Berlin's winter, Alice and Carol with mail addresses, and administrators with one. */
async function world(database: Database, situation: Situation = {}) {
  const clock = handClock()
  const voice = callSimulator({ clock, log: silent })
  const settings = {
    'company.name': 'Contoso',
    'company.help_line': 'Contoso help: 555 0199',
    'company.time_zone': 'Europe/Berlin',
    'company.administrators_mail': [helpdesk],
    'portal.methods': ['text', 'call', 'oath', 'app'],
    'lock.tries': 5,
    'lock.budget': 10,
  }
  const engine = await engineWorld(database, { clock, voice, settings, ...situation })
  const { api, from, mails } = engine
  await database.write((tx) =>
    tx.rows(sql`UPDATE users SET mail = ${alice}, display_name = 'Alice Adams' WHERE username = 'alice'`),
  )
  await engine.add('carol', { phone: '+12065550102', method: 'call', mail: carol })

  const answer = (call: Call) => api.answerSecondStep(call, { method: 'text', code: '000000' })
  return {
    ...engine,
    /** The mails to an address, newest first, once there are so many. */
    async mailed(to: string, least = 1): Promise<SimulatedMail[]> {
      const deadline = Date.now() + MAY_TAKE_MS
      while (mails.mails(to).length < least) {
        if (Date.now() > deadline) throw new Error(`no mail to ${to}`)
        await sleep(5)
      }
      return mails.mails(to)
    },
    queued: () => database.rows(sql`SELECT id, next_at FROM delivery WHERE kind = 'mail' AND state = 'queued'`),
    async lock(wrongAnswers: number): Promise<void> {
      clock.advance(20)
      const call = { ...from, session: await engine.begin('alice') }
      for (let time = 0; time < wrongAnswers; time++) assert.ok((await answer(call)).ok)
    },
    /** Carol reports fraud by phone; what comes back has her block the account as well. */
    async fraud(): Promise<() => Promise<unknown>> {
      await engine.begin('carol')
      const ringing = () => voice.phones.calls('+12065550102').find(({ state }) => state === 'ringing')
      while (!ringing()) await sleep(5)
      const id = ringing()?.id ?? ''
      await voice.phones.answer(id)
      await voice.phones.press(id, '0#')
      return () => voice.phones.press(id, '1')
    },
  }
}

function unescaped(html = ''): string {
  return html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
