import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judgeTokenCode } from '../../src/core/methods/oath/judge.ts'
import { resynchronise } from '../../src/core/methods/oath/resync.ts'
import { liveTokens, secretPlace } from '../../src/core/methods/oath/token.ts'
import { hotp } from '../../src/protocols/hotp.ts'
import { stepAt } from '../../src/protocols/totp.ts'
import { tokenStore } from '../../src/storage/token-store.ts'
import { withPeople } from '../people.ts'
import { migratedPlaces } from './dialects.ts'

const noon = new Date('2026-11-24T12:00:15Z')
const present = stepAt(noon, 30)
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000)

for (const [dialect, place] of migratedPlaces) {
  describe(`codes of tokens, on ${dialect}`, () => {
    for (const [kind, at, code] of [
      ['counter', 7, () => codeOf('button', 7)],
      ['time', present, () => codeOf('clock', present)],
    ] as const) {
      test(`by ${kind}: 50 racing with one code, over two nodes: exactly one is right`, async () => {
        const { judge, last } = await world('button', 'clock')
        const verdicts = await Promise.all(Array.from({ length: 50 }, (_, i) => judge(code(), { node: i % 2 })))
        assert.equal(verdicts.filter((each) => each === 'right').length, 1)
        assert.equal(verdicts.filter((each) => each === 'replayed').length, 49)
        assert.equal(await last(kind === 'counter' ? 'button' : 'clock'), at)
      })
    }

    test('two codes in a row: 50 racing to resynchronise, exactly one is right', async () => {
      for (const [id, from] of [
        ['button', 500],
        ['clock', present + 60],
      ] as const) {
        const { resync, last } = await world('button', 'clock')
        const codes = [codeOf(id, from), codeOf(id, from + 1)] as const
        const verdicts = await Promise.all(Array.from({ length: 50 }, (_, i) => resync(codes, { node: i % 2 })))
        assert.equal(verdicts.filter((each) => each === 'right').length, 1)
        assert.ok(verdicts.every((each) => ['right', 'replayed', 'wrong'].includes(each)))
        assert.equal(await last(id), from + 1)
      }
    })

    test('50 racing with codes of ten counters: what was passed over is never accepted', async () => {
      const { judge, last } = await world('button')
      const verdicts = await Promise.all(
        Array.from({ length: 50 }, (_, i) => judge(codeOf('button', i % 10), { node: i % 2 })),
      )
      assert.equal(await last('button'), 9)
      assert.ok(verdicts.filter((each) => each === 'right').length <= 10)
      for (let counter = 0; counter < 10; counter++) assert.equal(await judge(codeOf('button', counter)), 'replayed')
      assert.equal(await judge(codeOf('button', 10)), 'right')
    })

    test('each of a person’s tokens is taken, and spends its own step alone', async () => {
      const { judge, last } = await world('app', 'button', 'clock', 'device')
      assert.equal(await judge(codeOf('device', present)), 'right')
      assert.equal(await judge(codeOf('button', 3)), 'right')
      assert.equal(await judge(codeOf('app', present)), 'right')
      assert.equal(await judge(codeOf('clock', present + 1)), 'right')
      const spent = { device: present, button: 3, app: present, clock: present + 1 }
      for (const [id, step] of Object.entries(spent)) assert.equal(await last(id), step, id)
      for (const [id, step] of Object.entries(spent)) assert.equal(await judge(codeOf(id, step)), 'replayed', id)
    })

    test('a code is right however it is spelled; far ahead, mangled and for nobody it is not', async () => {
      const { judge } = await world('button')
      assert.equal(await judge(codeOf('button', 20)), 'wrong')
      assert.equal(await judge(` ${codeOf('button', 3).slice(0, 3)}-${codeOf('button', 3).slice(3)}`), 'right')
      assert.equal(await judge(codeOf('button', 2)), 'replayed')
      assert.equal(await judge(`+${codeOf('button', 4)}`), 'wrong')
      assert.equal(await judge(codeOf('button', 4), { userId: 'nobody' }), 'gone')
    })

    test('the drift of a hardware clock is followed, step by step; that of a phone is not', async () => {
      const { judge } = await world('clock', 'app')
      for (const [minutes, drift] of [
        [10, 1],
        [20, 2],
        [30, 3],
      ] as const) {
        const step = present + minutes * 2 + drift
        assert.equal(await judge(codeOf('clock', step), { now: later(minutes) }), 'right', `${drift}`)
      }
      assert.equal(await judge(codeOf('clock', present + 80 + 1), { now: later(40) }), 'wrong', 'too far behind by now')

      assert.equal(await judge(codeOf('app', present + 99), { now: later(50) }), 'right')
      assert.equal(await judge(codeOf('app', present + 121), { now: later(60) }), 'right', 'two steps from the last')
      assert.equal(await judge(codeOf('app', present + 142), { now: later(70) }), 'wrong')
    })

    test('a token that ran away comes back by two codes in a row, which are spent with all before them', async () => {
      const { judge, resync } = await world('button', 'clock')
      assert.equal(await judge(codeOf('button', 300)), 'wrong')
      assert.equal(await resync([codeOf('button', 300), codeOf('button', 302)]), 'wrong', 'one between them')
      assert.equal(await resync([codeOf('button', 300), codeOf('button', 301)]), 'right')
      assert.equal(await resync([codeOf('button', 300), codeOf('button', 301)]), 'wrong')
      assert.equal(await judge(codeOf('button', 301)), 'replayed')
      assert.equal(await judge(codeOf('button', 302)), 'right')

      assert.equal(await resync([codeOf('clock', present - 41), codeOf('clock', present - 40)]), 'right')
      assert.equal(await judge(codeOf('clock', present - 40)), 'replayed')
      assert.equal(await judge(codeOf('clock', present)), 'wrong', 'its present is another one')
      assert.equal(await judge(codeOf('clock', present - 39)), 'right')
    })

    test('neither half of a resynchronisation may have been used before (CVE-2019-12887)', async () => {
      const { judge, resync } = await world('clock')
      assert.equal(await judge(codeOf('clock', present)), 'right')
      for (const [first, second] of [
        [present - 1, present],
        [present, present + 1],
        [present, present],
      ] as const) {
        assert.equal(await resync([codeOf('clock', first), codeOf('clock', second)]), 'wrong')
      }
      assert.equal(await resync([codeOf('clock', present + 1), codeOf('clock', present + 2)]), 'right')
    })

    test('what was revoked, is not good yet or no longer, or is nobody’s, is not taken', async () => {
      const { judge, store } = await world('button', 'expired', 'future', 'device')
      assert.equal(await judge(codeOf('expired', present)), 'wrong')
      assert.equal(await judge(codeOf('future', present)), 'wrong')
      assert.equal(await judge(codeOf('future', present + 24 * 120), { now: later(24 * 60) }), 'right')
      assert.equal(await judge(codeOf('button', 0)), 'right')
      await store((tokens) => tokens.unassign('button', noon))
      assert.equal(await judge(codeOf('button', 1)), 'wrong')
      await store((tokens) => tokens.assign('button', 'ada', noon))
      assert.equal(await judge(codeOf('button', 1)), 'right')
      await store((tokens) => tokens.revoke('button', noon))
      assert.equal(await judge(codeOf('button', 2)), 'wrong')
    })
  })

  /** Ada with some of the tokens below, never used, and two nodes. */
  async function world(...ids: (keyof typeof kinds)[]) {
    const { connect } = await place()
    const nodes = [connect(), connect()] as const
    const [database] = nodes
    await withPeople(database, { now: () => noon }, 'ada')
    const store = <T>(unit: (tokens: ReturnType<typeof tokenStore>) => Promise<T>, node = 0) =>
      (nodes[node] ?? database).write((tx) => unit(tokenStore(tx)))
    for (const id of ids) {
      await store((tokens) =>
        tokens.insert({ id, userId: 'ada', sealedSecret: '-', addedAt: noon, last: -1, ...common, ...kinds[id] }),
      )
    }
    type On = { node?: number; userId?: string; now?: Date }
    return {
      store,
      judge: (typed: string, { node = 0, userId = 'ada', now = noon }: On = {}) =>
        store((tokens) => judgeTokenCode({ tokens, sealing }, { userId, typed, window: 1, now }), node),
      resync: (codes: readonly [string, string], { node = 0, now = noon }: On = {}) =>
        store(async (tokens) => {
          const among = await liveTokens(tokens, 'ada', now)
          return resynchronise({ tokens, sealing }, { among, codes, now })
        }, node),
      last: async (id: string) => (await tokenStore(database).listOf('ada')).find((token) => token.id === id)?.last,
    }
  }
}

const common = { algorithm: 'SHA1', digits: 6 } as const
const byTime = { kind: 'totp', period: 30, drift: 0 } as const
const kinds = {
  app: { origin: 'app', ...byTime },
  device: { origin: 'device', deviceId: 'd', ...byTime },
  clock: { origin: 'hardware', serial: 'C-1', ...byTime },
  expired: { origin: 'hardware', serial: 'C-2', expiresAt: noon, ...byTime },
  future: { origin: 'hardware', serial: 'C-3', startsAt: later(24 * 60), ...byTime },
  button: { origin: 'hardware', serial: 'B-1', kind: 'hotp' },
} as const

const secretOf = (id: string) => Buffer.from(id.padEnd(20, '.'))
const sealing = {
  seal: () => '',
  open: (_: string, place: string) =>
    secretOf(Object.keys(kinds).find((id) => secretPlace(id) === place) ?? assert.fail(place)),
  mac: () => '',
  macMatches: () => false,
}

function codeOf(id: string, counter: number): string {
  return hotp({ secret: secretOf(id), counter, algorithm: 'SHA1', digits: 6 })
}
