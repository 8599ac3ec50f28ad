import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Api } from '../../src/contract/contract.ts'
import { toBase32 } from '../../src/protocols/base32.ts'
import { hotp, type OtpAlgorithm, type OtpDigits } from '../../src/protocols/hotp.ts'
import { stepAt } from '../../src/protocols/totp.ts'
import { alicePhone, engineWorld } from '../engine.ts'
import { dialects } from './dialects.ts'

type Entered = Parameters<Api['enterToken']>[1]

const secret = Buffer.from('12345678901234567890')
const [asBase32, asHex] = [toBase32(secret), secret.toString('hex')]

for (const [dialect, open] of dialects) {
  describe(`a token of one's own, on ${dialect}`, () => {
    test('by time, with every particular that may be chosen, is proven by one code and signs in with the next', async () => {
      const { enter, prove, signInWith, clock } = await world(await open())
      for (const [algorithm, digits, period] of [
        ['SHA1', 6, 30],
        ['SHA256', 8, 60],
        ['SHA512', 6, 60],
      ] as const) {
        assert.equal((await enter({ secret: asHex, kind: 'totp', algorithm, digits, period })).outcome, 'entered')
        const shows = (steps = 0) => codeAt(stepAt(clock.now(), period) + steps, algorithm, digits)
        const first = shows()
        assert.equal((await prove(first)).outcome, 'proven')
        assert.equal(await signInWith(first), 'wrong', 'it was spent')
        assert.equal(await signInWith(shows(1)), 'passed')
      }
    })

    test('with a button, its counter known, is proven by one code from there on, and no earlier one', async () => {
      const { enter, prove, signInWith } = await world(await open())
      await enter({ secret: asBase32, kind: 'hotp', counter: ' 4711 ' })
      assert.equal((await prove(codeAt(4710))).outcome, 'wrong')
      assert.equal((await prove(codeAt(4713))).outcome, 'proven')
      assert.equal(await signInWith(codeAt(4713)), 'wrong')
      assert.equal(await signInWith(codeAt(4714)), 'passed')
    })

    test('with a button, its counter unknown, is proven by two codes in a row', async () => {
      const { enter, prove, offered, signInWith } = await world(await open())
      await enter({ secret: asBase32.toLowerCase(), kind: 'hotp' })
      assert.deepEqual(await offered(), { outcome: 'entered', kind: 'hotp', digits: 6, codes: 2 })
      assert.equal((await prove(codeAt(0))).outcome, 'wrong', 'one is not enough')
      assert.equal((await prove(codeAt(700), codeAt(702))).outcome, 'wrong', 'one is missing')
      assert.equal((await prove(codeAt(700), codeAt(701))).outcome, 'proven')
      assert.equal(await signInWith(codeAt(701)), 'wrong')
      assert.equal(await signInWith(codeAt(702)), 'passed')
    })

    test('is told what is wrong with what was typed, and the secret is never given back', async () => {
      const { enter, offered, session, api, add, signIn } = await world(await open())
      for (const [given, problem] of [
        ['', 'missing'],
        ['0OIL 1089', 'malformed'],
        ['JBSW Y3DP', 'too-short'],
        ['AB'.repeat(200), 'too-long'],
      ] as const) {
        assert.deepEqual(await enter({ secret: given, kind: 'totp' }), { outcome: 'refused', problem })
      }
      const counter = { secret: asHex, kind: 'hotp', counter: 'many' } as const
      assert.deepEqual(await enter(counter), { outcome: 'refused', problem: 'counter' })

      await enter({ secret: asHex, kind: 'totp' })
      assert.ok(!JSON.stringify(await offered()).includes(asBase32))
      assert.deepEqual(await api.offerToken(session, {}).then(({ ok }) => ok), true)
      assert.equal((await offered()).outcome, 'offered', 'one offer at a time')
      await add('carol', { phone: '+12065550177', method: 'text' })
      const other = { session: await signIn('carol', '+12065550177') }
      assert.deepEqual(await api.readTokenOffer(other, {}), { ok: true, value: { outcome: 'gone' } })
    })

    test('is not taken where the settings do not let people bring one', async () => {
      const { api, session } = await world(await open(), { 'portal.allow_token': false })
      assert.deepEqual(await api.enterToken(session, { secret: asHex, kind: 'totp' }), {
        ok: false,
        refusal: 'method.unavailable',
      })
    })
  })

  /** Alice is signed in, by text. */
  async function world(database: Parameters<typeof engineWorld>[0], settings: Record<string, unknown> = {}) {
    const world = await engineWorld(database, { settings })
    const { api, from, signIn, begin } = world
    const session = { ...from, session: await signIn('alice', alicePhone) }
    return {
      ...world,
      session,
      enter: async (input: Entered) => value(await api.enterToken(session, input)),
      prove: async (code: string, next = '') => value(await api.confirmToken(session, { code, next })),
      offered: async () => value(await api.readTokenOffer(session, {})),
      async signInWith(code: string) {
        const half = { ...from, session: await begin('alice') }
        return value(await api.answerSecondStep(half, { method: 'oath', code })).outcome
      },
    }
  }
}

function value<T>(answer: { ok: true; value: T } | { ok: false; refusal: string }): T {
  return answer.ok ? answer.value : assert.fail(answer.refusal)
}

function codeAt(counter: number, algorithm: OtpAlgorithm = 'SHA1', digits: OtpDigits = 6): string {
  return hotp({ secret, counter, algorithm, digits })
}
