import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Call } from '../../src/contract/caller.ts'
import { type Api, contract, type Name, names } from '../../src/contract/contract.ts'
import { alicePhone, engineWorld, handClock, password, shownBy } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const refused = { ok: false, refusal: 'caller.refused' }

/** An input that each operation takes, so that only the caller can be what is refused. */
const inputs: Partial<Record<Name, unknown>> = {
  beginSignIn: { username: 'nobody', password },
  awaitSecondStep: { stamp: 'x', seconds: 1 },
  answerSecondStep: { method: 'text', code: '000000' },
  provePhone: { country: 'US', number: '' },
  awaitPhoneProof: { stamp: 'x', seconds: 1 },
  confirmPhone: { code: '000000' },
  confirmToken: { code: '000000' },
  enterToken: { secret: '', kind: 'totp' },
  resyncToken: { first: '000000', second: '000000' },
  importTokens: { tokens: [] },
  assignToken: { serial: 'S', username: 'nobody' },
  unassignToken: { serial: 'S' },
  revokeToken: { serial: 'S' },
  resyncTokenOf: { serial: 'S', first: '000000', second: '000000' },
  chooseMethod: { method: 'oath' },
  chooseLanguage: { language: 'xx' },
  addUser: { username: 'alice' },
  setPassword: { username: 'nobody', password },
  unlockUser: { username: 'nobody' },
  setServiceAccount: { name: 'portal', password: 'a-long-password-indeed' },
}

for (const [dialect, open] of dialects) {
  describe(`sessions, on ${dialect}`, () => {
    test('one ends when it was idle for long, and not while it is used', async () => {
      const { session, isIn, clock } = await world()
      for (let i = 0; i < 5; i++) {
        clock.advance(14)
        assert.ok(await isIn(session), `after ${(i + 1) * 14} minutes of use`)
      }
      clock.advance(15)
      assert.ok(!(await isIn(session)))
    })

    test('one that the app opened in place of the own method ends sooner, until the own method is given', async () => {
      const { api, from, session, proveToken, begin, isIn, clock, codeAfter } = await world()
      // Each text is awaited, so that the one that counts is not mistaken.
      const { value: app } = await codeAfter(alicePhone, () => proveToken(session))
      const byApp = async () => {
        clock.advance(1)
        const { value } = await codeAfter(alicePhone, () => begin('alice'))
        const half = { ...from, session: value }
        const answer = await api.answerSecondStep(half, { method: 'oath', code: shownBy(app.uri, clock.now()) })
        assert.ok(answer.ok && answer.value.outcome === 'passed')
        return answer.value.session
      }
      const first = await byApp()
      clock.advance(4)
      assert.ok(await isIn(first), 'used after four minutes')
      clock.advance(5)
      assert.ok(!(await isIn(first)))

      const second = await byApp()
      clock.advance(2)
      const { code } = await codeAfter(alicePhone, () => api.sendText({ ...from, session: second }, {}))
      const answer = await api.answerSecondStep({ ...from, session: second }, { method: 'text', code })
      assert.ok(answer.ok && answer.value.outcome === 'passed')
      clock.advance(14)
      assert.ok(await isIn(answer.value.session))
    })

    test('one that the app opened so stays one when a recovery code renews it', async () => {
      const { api, from, session, proveToken, begin, isIn, clock } = await world({ 'portal.recovery_codes': true })
      const { uri } = await proveToken(session)
      const made = await api.makeRecoveryCodes({ ...from, session }, {})
      assert.ok(made.ok && made.value.outcome === 'made')
      clock.advance(1)
      const half = { ...from, session: await begin('alice') }
      const opened = await api.answerSecondStep(half, { method: 'oath', code: shownBy(uri, clock.now()) })
      assert.ok(opened.ok && opened.value.outcome === 'passed')
      const call = { ...from, session: opened.value.session }
      const renewed = await api.answerSecondStep(call, { method: 'recovery', code: made.value.codes[0] ?? '' })
      assert.ok(renewed.ok && renewed.value.outcome === 'passed')
      clock.advance(5)
      assert.ok(!(await isIn(renewed.value.session)))
    })

    test('one whose own method is the app is a session like any other', async () => {
      const { api, from, enrolToken, begin, isIn, clock } = await world()
      const { uri } = await enrolToken('bob')
      clock.advance(1)
      const half = { ...from, session: await begin('bob') }
      const answer = await api.answerSecondStep(half, { method: 'oath', code: shownBy(uri, clock.now()) })
      assert.ok(answer.ok && answer.value.outcome === 'passed')
      clock.advance(14)
      assert.ok(await isIn(answer.value.session))
    })

    test('one ends after its hours, however busy, and a new proof does not make it longer', async () => {
      const { api, from, session, isIn, clock, codeAfter } = await world({ 'session.hours': 1 })
      clock.advance(10)
      assert.ok(await isIn(session))
      clock.advance(10)
      const { code } = await codeAfter(alicePhone, () => api.sendText({ ...from, session }, {}))
      const answer = await api.answerSecondStep({ ...from, session }, { method: 'text', code })
      assert.ok(answer.ok && answer.value.outcome === 'passed')

      for (let i = 0; i < 3; i++) {
        clock.advance(13)
        assert.ok(await isIn(answer.value.session))
      }
      clock.advance(1)
      assert.ok(!(await isIn(answer.value.session)))
    })

    test('a sign-in under way ends after its minutes', async () => {
      const { api, from, begin, clock } = await world()
      const half = { ...from, session: await begin('alice') }
      clock.advance(14)
      assert.ok((await api.readSecondStep(half, {})).ok)
      clock.advance(1)
      assert.deepEqual(await api.readSecondStep(half, {}), refused)
    })

    test('signing out ends this session and no other; everywhere, all of them and the sign-ins under way', async () => {
      const { api, from, session, signIn, isIn, begin } = await world()
      const [second, third] = [await signIn('alice', alicePhone), await signIn('alice', alicePhone)]
      const half = { ...from, session: await begin('alice') }
      const bobs = await begin('bob')

      assert.deepEqual(await api.signOut({ ...from, session }, {}), { ok: true, value: { ended: 1 } })
      assert.deepEqual([await isIn(session), await isIn(second), await isIn(third)], [false, true, true])
      assert.deepEqual(await api.signOut({ ...from, session }, { all: true }), refused)

      assert.deepEqual(await api.signOut({ ...from, session: second }, { all: true }), {
        ok: true,
        value: { ended: 2 },
      })
      assert.deepEqual([await isIn(second), await isIn(third)], [false, false])
      assert.deepEqual(await api.readSecondStep(half, {}), refused)
      assert.ok((await api.readSetup({ ...from, session: bobs }, {})).ok, "nobody else's")
    })

    test('each level has a new token: one planted before signing in is dead afterwards', async () => {
      const { api, from, begin, codeAfter, isIn } = await world()
      const { value: planted, code } = await codeAfter(alicePhone, () => begin('alice'))
      const answer = await api.answerSecondStep({ ...from, session: planted }, { method: 'text', code })
      assert.ok(answer.ok && answer.value.outcome === 'passed')

      assert.notEqual(answer.value.session.slice(3), planted.slice(3))
      assert.ok(!(await isIn(planted)))
      assert.deepEqual(await api.readSecondStep({ ...from, session: planted }, {}), refused)
      assert.deepEqual(await api.signOut({ ...from, session: planted }, {}), refused)
    })

    test('a token that was cut, extended, re-cased, re-encoded or given another purpose opens nothing', async () => {
      const { api, from, session, begin, isIn } = await world()
      const half = await begin('alice')
      for (const token of [session, half]) {
        const forged = [
          token.slice(0, -1),
          `${token}A`,
          `${token}=`,
          `${token}\n`,
          ` ${token}`,
          `${token.slice(0, 3)}${swapCase(token.slice(3))}`,
          token.toUpperCase(),
          token.replace('_', '-'),
          sameBytes(token),
          `${token.startsWith('se') ? 'si' : 'se'}${token.slice(2)}`,
          token.slice(3),
          '',
        ]
        for (const session of forged) {
          assert.ok(!(await isIn(session)), session)
          assert.deepEqual(await api.readSecondStep({ ...from, session }, {}), refused, session)
        }
      }
    })

    test('what a level does not open answers nobody of that level, operation by operation', async () => {
      const { api, from, session, begin } = await world()
      const calls: Record<string, Call> = {
        anyone: {},
        'half signed in': { ...from, session: await begin('alice') },
        'setting up': { ...from, session: await begin('bob') },
        'signed in': { ...from, session },
        'service account': { account: 'portal' },
      }
      for (const [level, call] of Object.entries(calls)) {
        for (const name of names.filter((name) => name !== 'signOut')) {
          const { callers } = contract[name] as { callers: readonly string[] }
          if (callers.includes('anyone')) continue
          const answer = await (api[name] as Api[Name])(call, (inputs[name] ?? {}) as never)
          const isRefused = !answer.ok && answer.refusal === 'caller.refused'
          assert.equal(isRefused, !callers.includes(level), `${level}: ${name} ${JSON.stringify(answer)}`)
        }
      }
    })

    test('a new password ends the sessions and the sign-ins under way', async () => {
      const { api, from, operator, session, begin, isIn } = await world()
      const half = { ...from, session: await begin('alice') }
      await api.setPassword(operator, { username: 'ALICE ', password: 'another-password' })
      assert.ok(!(await isIn(session)))
      assert.deepEqual(await api.readSecondStep(half, {}), refused)
    })

    test('disabling somebody shuts open sessions, sign-ins and set-ups at once', async () => {
      const { api, from, session, begin, codeAfter, isIn, database } = await world()
      const { value, code } = await codeAfter(alicePhone, () => begin('alice'))
      const [half, setup] = [
        { ...from, session: value },
        { ...from, session: await begin('bob') },
      ]

      await database.write((tx) => tx.rows({ parts: ['UPDATE users SET disabled_at = 1'], values: [] }))

      assert.ok(!(await isIn(session)))
      assert.deepEqual(await api.readSecondStep(half, {}), refused)
      assert.deepEqual(await api.answerSecondStep(half, { method: 'text', code }), refused)
      assert.deepEqual(await api.offerToken(setup, {}), refused)
    })

    test('fields that no operation has are without effect', async () => {
      const { api, from, session, begin, database } = await world()
      const planted = {
        userId: 'bob',
        username: 'bob',
        verified: true,
        role: 'administrator',
        permissions: ['users.read'],
        disabled_at: null,
        enabled: true,
        failures: 0,
        lockedUntil: null,
        purpose: 'phone-proof',
        level: 'signed in',
        console: true,
        __proto__: { method: 'oath' },
      }
      const before = await database.rows({ parts: ['SELECT * FROM users ORDER BY id'], values: [] })
      const half = { ...from, session: await begin('alice') }
      const wrong = await api.answerSecondStep(half, { ...planted, method: 'oath', code: '000000' })
      assert.deepEqual(wrong, { ok: true, value: { outcome: 'gone' } })

      const call = { ...from, session }
      const language = await api.chooseLanguage(call, { ...planted, language: 'de' })
      assert.ok(language.ok)
      const account = await api.readAccount(call, planted as never)
      assert.ok(account.ok)
      assert.equal(account.value.username, 'alice')
      const after = await database.rows({ parts: ['SELECT * FROM users ORDER BY id'], values: [] })
      assert.deepEqual(
        after.map((row) => ({ ...row })),
        before.map((row) => (row.username === 'alice' ? { ...row, language: 'de' } : { ...row })),
      )
    })
  })

  /** Alice is signed in with `session`; Bob has no second step yet. */
  async function world(settings: Record<string, unknown> = {}) {
    const directory = peopleDirectory('alice', 'bob')
    const database = await open()
    const world = await engineWorld(database, { directory, settings, clock: handClock() })
    await world.begin('bob')
    const session = await world.signIn('alice', alicePhone)
    const isIn = async (token: string) => (await world.api.readAccount({ ...world.from, session: token }, {})).ok
    return { ...world, session, isIn }
  }
}

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
}

/** Another spelling of the same bytes: the last character of 43 carries two bits that mean nothing. */
function sameBytes(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.slice(-1))
  const other = `${token.slice(0, -1)}${alphabet[last ^ 1]}`
  assert.deepEqual(Buffer.from(other.slice(3), 'base64url'), Buffer.from(token.slice(3), 'base64url'))
  return other
}
