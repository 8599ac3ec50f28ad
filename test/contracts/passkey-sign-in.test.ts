import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { barredThere } from '../../src/core/sign-in/barred.ts'
import type { User } from '../../src/core/users/user.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { alicePhone, engineWorld, handClock, site } from '../engine.ts'
import { authenticator, type Lies } from '../passkey/authenticator.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const refused = { ok: false, refusal: 'passkey.refused' }
const unavailable = { ok: false, refusal: 'method.unavailable' }
const elsewhere = { address: '198.51.100.20', userAgent: 'test' }

test('one answer that is sent many times at once is one question to the directory, and the next is another', async () => {
  const directory = peopleDirectory('alice')
  const barred = barredThere({ directory, kind: 'ldap' })
  const alice = { directory: 'ldap', directoryUid: 'uid-alice' } as User
  const ask = () => Promise.all(Array.from({ length: 20 }, () => barred(alice)))
  directory.down = true
  await assert.rejects(ask(), { code: 'directory.unreachable' })
  directory.down = false
  directory.bars['uid-alice'] = 'disabled'
  assert.deepEqual(new Set(await ask()), new Set(['disabled']))
  assert.equal(directory.asked, 2)
})

for (const [dialect, open] of dialects) {
  describe(`signing in with a passkey alone, on ${dialect}`, () => {
    test('opens a session of the person whose passkey it is, and is written down', async () => {
      const { api, from, signIn, audited } = await world()
      const passed = await signIn()
      assert.ok(passed.ok && passed.value.outcome === 'passed')
      const account = await api.readAccount({ ...from, session: passed.value.session }, {})
      assert.ok(account.ok)
      assert.deepEqual([account.value.username, account.value.proofFresh], ['alice', true])
      assert.equal(await audited('passkey.signed-in'), 1)
    })

    test('names nobody beforehand and asks for a verified user', async () => {
      const { begin } = await world()
      const { options } = await begin()
      assert.deepEqual([options.allowCredentials, options.userVerification], [[], 'required'])
      assert.notEqual(options.challenge, (await begin()).options.challenge)
    })

    for (const [what, lie] of [
      ['a user who was not verified', { verified: false }],
      ['nobody present', { present: false }],
      ['no user named', { userHandle: undefined }],
      ['another user named', { userHandle: Buffer.from('somebody').toString('base64url') }],
      ['another origin', { origin: 'https://portal.test.evil.test' }],
      ['another site', { rpId: 'evil.test' }],
      ['another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
      ['a signature of nobody', { signature: Buffer.alloc(70, 7) }],
      ['a credential of nobody', { id: Buffer.alloc(32, 7).toString('base64url') }],
      ['a frame', { clientData: { crossOrigin: true } }],
    ] as [string, Lies][]) {
      test(`with ${what} opens nothing, and the question is spent`, async () => {
        const { api, begin, browser } = await world()
        const { id, options } = await begin()
        assert.deepEqual(
          await api.finishPasskeySignIn(elsewhere, { id, credential: browser.get(options, lie) }),
          refused,
        )
        assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id, credential: browser.get(options) }), refused)
      })
    }

    test('a recorded answer opens nothing, for its own question or another, now or later', async () => {
      const { api, begin, browser, clock } = await world()
      const { id, options } = await begin()
      const credential = browser.get(options)
      assert.ok((await api.finishPasskeySignIn(elsewhere, { id, credential })).ok)
      assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id, credential }), refused)
      assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id: (await begin()).id, credential }), refused)

      const late = await begin()
      clock.advance(6)
      const answer = { id: late.id, credential: browser.get(late.options) }
      assert.deepEqual(await api.finishPasskeySignIn(elsewhere, answer), refused)
    })

    test('a question to somebody in the second step, or in User Setup, is none here, and the other way round', async () => {
      const { api, from, beginSignIn, begin, browser } = await world()
      const half = { ...from, session: await beginSignIn('alice') }
      const asked = await api.askPasskey(half, {})
      assert.ok(asked.ok && asked.value.outcome === 'asked')
      const alone = await begin()

      const crossed = browser.get(alone.options)
      assert.equal(outcomeOf(await api.answerPasskey(half, { credential: crossed })), 'wrong')
      const { challenge } = asked.value.options
      const other = browser.get({ ...alone.options, challenge })
      assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id: alone.id, credential: other }), refused)
    })

    test('what is unknown, wrong, disabled or nonsense gets one answer', async () => {
      const { api, database, begin, browser, stranger } = await world()
      const strangers = authenticator(site)
      strangers.keys.push(stranger)
      await database.write((tx) => tx.rows(sql`UPDATE users SET disabled_at = 1 WHERE username_key = 'alice'`))
      for (const make of [
        browser.get,
        strangers.get,
        (options: Parameters<typeof browser.get>[0]) => browser.get(options, { signature: new Uint8Array(70) }),
        () => '{}',
        () => 'null',
        () => '',
        () => 'x'.repeat(16_000),
      ]) {
        const { id, options } = await begin()
        assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id, credential: make(options) }), refused)
        assert.deepEqual(
          await api.finishPasskeySignIn(elsewhere, { id: 'made-up', credential: make(options) }),
          refused,
        )
      }
      assert.equal((await database.rows(sql`SELECT id FROM session`)).length, 1, "Alice's own, from before")
    })

    test('whom the directory has dismissed, or does not have any more, is refused and the audit says why', async () => {
      const { api, directory, signIn, refusals } = await world()
      const hours = { ok: false, refusal: 'sign-in.hours' }
      for (const [bar, answer] of [
        ['disabled', refused],
        ['account-expired', refused],
        ['hours', hours],
      ] as const) {
        directory.bars['uid-alice'] = bar
        assert.deepEqual(await signIn(), answer)
      }
      directory.people.splice(0)
      assert.deepEqual(await signIn(), refused)
      assert.deepEqual(await refusals(), ['disabled', 'account-expired', 'hours', 'unknown'])
      // Nothing of it is told to somebody who has no passkey of theirs.
      const answer = await api.finishPasskeySignIn(elsewhere, { id: 'made-up', credential: '{}' })
      assert.deepEqual(answer, refused)
    })

    test('what is wrong with the password keeps out nobody who uses none', async () => {
      const { directory, signIn } = await world()
      directory.bars['uid-alice'] = 'locked'
      assert.equal(outcomeOf(await signIn()), 'passed')
    })

    test('while the directory does not answer nobody is let in, and the try and the question are given back', async () => {
      const { api, directory, begin, browser } = await world()
      const { id, options } = await begin()
      const credential = browser.get(options)
      directory.down = true
      for (let i = 0; i < 3; i++)
        await assert.rejects(api.finishPasskeySignIn(elsewhere, { id, credential }), { code: 'directory.unreachable' })
      directory.down = false
      assert.equal(outcomeOf(await api.finishPasskeySignIn(elsewhere, { id, credential })), 'passed')
      const outcomes = []
      for (let i = 0; i < 61; i++) outcomes.push(outcomeOf(await api.beginPasskeySignIn(elsewhere, {})))
      assert.equal(outcomes.indexOf('wait'), 60)
    })

    test('a user of another directory than the one that checks passwords is refused, as at a password', async () => {
      const { database, signIn, refusals } = await world()
      await database.write((tx) => tx.rows(sql`UPDATE users SET directory = 'local' WHERE username_key = 'alice'`))
      assert.deepEqual(await signIn(), refused)
      assert.deepEqual(await refusals(), ['unknown'])
    })

    test('the directory is asked of whom a passkey has proven, and of nobody else', async () => {
      const { api, directory, begin, browser, signIn } = await world()
      const before = directory.asked
      const { id, options } = await begin()
      const forged = browser.get(options, { signature: new Uint8Array(70) })
      assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id, credential: forged }), refused)
      assert.equal(directory.asked, before)
      assert.equal(outcomeOf(await signIn()), 'passed')
      assert.equal(directory.asked, before + 1)
    })

    test('wrong answers of strangers lock nobody', async () => {
      const { api, database, begin, browser } = await world()
      for (let i = 0; i < 20; i++) {
        const { id, options } = await begin()
        const credential = browser.get(options, { signature: new Uint8Array(70) })
        assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id, credential }), refused)
      }
      const [alice] = await database.rows(sql`SELECT failures FROM users WHERE username_key = 'alice'`)
      assert.equal(Number(alice?.failures), 0)
    })

    test('who is locked out of the second step is told so, and only to the owner of the passkey', async () => {
      const { api, from, beginSignIn, begin, browser, signIn, clock } = await world()
      const half = { ...from, session: await beginSignIn('alice') }
      for (let i = 0; i < 5; i++) await api.answerSecondStep(half, { method: 'text', code: 'no code' })

      const { id, options } = await begin()
      const forged = browser.get(options, { signature: new Uint8Array(70) })
      assert.deepEqual(await api.finishPasskeySignIn(elsewhere, { id, credential: forged }), refused)
      const locked = await signIn()
      assert.ok(locked.ok && locked.value.outcome === 'locked' && locked.value.until)
      clock.advance(15)
      assert.equal(outcomeOf(await signIn()), 'passed')
    })

    test('a copy of a passkey opens nothing, and its owner hears of it', async () => {
      const { signIn, audited, codeAfter, heard } = await world()
      assert.equal(outcomeOf(await signIn({ counter: 7 })), 'passed')
      const { value } = await codeAfter(alicePhone, () => signIn({ counter: 7 }))
      assert.deepEqual(value, refused)
      assert.equal(await audited('passkey.cloned'), 1)
      await heard(alicePhone, /there seems to be a copy/)
    })

    test('an address begins so many and then waits; what came to something is given back', async () => {
      const { api, signIn } = await world()
      for (let i = 0; i < 70; i++) assert.equal(outcomeOf(await signIn()), 'passed')
      const outcomes = []
      for (let i = 0; i < 62; i++) outcomes.push(outcomeOf(await api.beginPasskeySignIn(elsewhere, {})))
      assert.deepEqual([outcomes.indexOf('wait'), outcomes.slice(60)], [60, ['wait', 'wait']])
      const other = await api.beginPasskeySignIn({ address: '198.51.100.21' }, {})
      assert.equal(outcomeOf(other), 'asked')
    })

    test('is off unless it was switched on, where nobody may log in, and where the portal has no address', async () => {
      for (const [options, refusal] of [
        [{ settings: { 'portal.passkey_sign_in': false } }, 'method.unavailable'],
        [{ settings: { 'portal.allow_log_in': false } }, 'sign-in.off'],
        [{ relyingParty: () => undefined }, 'method.unavailable'],
      ] as const) {
        const { api } = await bare(options)
        assert.deepEqual(await api.beginPasskeySignIn(elsewhere, {}), { ok: false, refusal })
        const answer = await api.finishPasskeySignIn(elsewhere, { id: 'x', credential: '{}' })
        assert.deepEqual(answer, { ok: false, refusal })
      }
      const standard = await engineWorld(await open())
      assert.deepEqual(await standard.api.beginPasskeySignIn(elsewhere, {}), unavailable)
      const said = await standard.api.readSite({}, {})
      assert.ok(said.ok && !said.value.passkeySignIn)
    })
  })

  async function bare(options: { settings?: Record<string, unknown>; relyingParty?: () => undefined } = {}) {
    const { settings, ...rest } = options
    const allowed = { 'portal.methods': ['text', 'passkey'], 'portal.passkey_sign_in': true, ...settings }
    const directory = peopleDirectory('alice', 'bob')
    return {
      ...(await engineWorld(await open(), { directory, clock: handClock(), settings: allowed, ...rest })),
      directory,
    }
  }

  /** Alice, who signs in by text, has a passkey in `browser`; `stranger` is one that nobody has here. */
  async function world() {
    const world = await bare()
    const { api, from, database, clock, begin: beginSignIn } = world
    const call = { ...from, session: await world.signIn('alice', alicePhone) }
    clock.advance(1)
    const browser = authenticator(site)
    const offer = await api.offerPasskey(call, {})
    assert.ok(offer.ok)
    const added = await api.confirmPasskey(call, { credential: browser.create(offer.value.options), name: 'Laptop' })
    assert.ok(added.ok && added.value.outcome === 'proven')
    const other = authenticator(site)
    other.create({ ...offer.value.options, excludeCredentials: [] })
    const [stranger] = other.keys
    assert.ok(stranger)

    async function begin() {
      const asked = await api.beginPasskeySignIn(elsewhere, {})
      if (!asked.ok || asked.value.outcome !== 'asked') throw new Error(JSON.stringify(asked))
      return asked.value
    }
    async function signIn(lie: Lies = {}) {
      const { id, options } = await begin()
      return api.finishPasskeySignIn(elsewhere, { id, credential: browser.get(options, lie) })
    }
    const audited = async (what: string) => (await database.rows(sql`SELECT id FROM audit WHERE what = ${what}`)).length
    const refusals = async () => {
      const rows = await database.rows(sql`SELECT facts FROM audit WHERE what = 'passkey.refused' ORDER BY seq`)
      return rows.map(({ facts }) => JSON.parse(String(facts)).why)
    }
    return { ...world, beginSignIn, begin, signIn, browser, stranger, audited, refusals }
  }
}

type Told = { ok: true; value: { outcome: string } } | { ok: false; refusal: string }

function outcomeOf(answer: Told): string {
  return answer.ok ? answer.value.outcome : answer.refusal
}
