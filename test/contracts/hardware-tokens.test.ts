import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '../../src/storage/sql/query.ts'
import { alicePhone, engineWorld, MAY_TAKE_MS } from '../engine.ts'
import { codeOfHardware, hardwareToken } from '../hardware.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`hardware tokens, on ${dialect}`, () => {
    test('are imported once; owners get theirs, and whoever had no second step has one', async () => {
      const { api, operator, signInWith, database } = await world(await open())
      const tokens = [
        hardwareToken('A-1', { owner: ' BOB ' }),
        hardwareToken('A-2', { owner: 'nobody' }),
        hardwareToken('A-3', { manufacturer: 'Acme' }),
      ]
      const all = { imported: 3, assigned: 1, taken: [], unowned: [1] }
      assert.deepEqual(await api.importTokens(operator, { dryRun: true, tokens }), { ok: true, value: all })
      assert.equal((await database.rows(sql`SELECT id FROM oath_token`)).length, 0)
      assert.deepEqual(await api.importTokens(operator, { tokens }), { ok: true, value: all })
      const again = { imported: 0, assigned: 0, taken: [0, 1, 2], unowned: [1] }
      assert.deepEqual(await api.importTokens(operator, { tokens }), { ok: true, value: again })
      assert.deepEqual(await api.importTokens(operator, { dryRun: true, tokens }), { ok: true, value: again })
      assert.equal(await signInWith('bob', codeOfHardware('A-1', 0)), 'passed')
    })

    test('begin at the counter that their file names', async () => {
      const { give, signInWith } = await world(await open())
      await give(hardwareToken('A-1', { counter: 100 }), 'alice')
      assert.equal(await signInWith('alice', codeOfHardware('A-1', 99)), 'wrong')
      assert.equal(await signInWith('alice', codeOfHardware('A-1', 100)), 'passed')
    })

    test('are nobody’s until given out, work for their holder alone, and for the next one after they came back', async () => {
      const { api, operator, give, signInWith, textsUntil } = await world(await open())
      await give(hardwareToken('A-1'), 'alice')
      assert.equal(await signInWith('bob', codeOfHardware('A-1', 0)), undefined, 'Bob sets up something of his own')
      assert.equal(await signInWith('alice', codeOfHardware('A-1', 0)), 'passed')
      assert.deepEqual(await api.assignToken(operator, { serial: 'A-1', username: 'bob' }), {
        ok: false,
        refusal: 'token.assigned',
      })

      const back = await api.unassignToken(operator, { serial: 'A-1' })
      assert.deepEqual(back, { ok: true, value: { outcome: 'done', username: 'alice', stranded: false } })
      assert.deepEqual(await api.unassignToken(operator, { serial: 'A-1' }), { ok: false, refusal: 'token.unassigned' })
      assert.ok((await api.assignToken(operator, { serial: 'A-1', username: 'bob' })).ok)
      assert.equal(await signInWith('alice', codeOfHardware('A-1', 1)), 'gone')
      assert.equal(await signInWith('bob', codeOfHardware('A-1', 0)), 'wrong', 'it was used by whoever had it before')
      assert.equal(await signInWith('bob', codeOfHardware('A-1', 1)), 'passed')
      const told = await textsUntil('removed')
      assert.ok(told.some((text) => / added /.test(text)) && told.some((text) => / removed /.test(text)))
    })

    test('are ended for good, at once; whoever has nothing else is told to get help, and goes round in no circle', async () => {
      const { api, operator, from, begin, give, signInWith } = await world(await open())
      await give(hardwareToken('A-1'), 'bob')
      assert.deepEqual(await api.revokeToken(operator, { serial: 'A-1' }), {
        ok: true,
        value: { outcome: 'done', username: 'bob', stranded: true },
      })
      const half = { ...from, session: await begin('bob') }
      assert.deepEqual(await api.readSecondStep(half, {}), { ok: false, refusal: 'way-in.none' })
      assert.equal(await signInWith('bob', codeOfHardware('A-1', 0)), 'gone')
      for (const again of [api.revokeToken(operator, { serial: 'A-1' }), reassign()]) {
        assert.deepEqual(await again, { ok: false, refusal: 'token.revoked' })
      }
      async function reassign() {
        await api.unassignToken(operator, { serial: 'A-1' })
        return api.assignToken(operator, { serial: 'A-1', username: 'bob' })
      }
      const [token] = await listed(api.listTokens(operator, {}))
      assert.deepEqual([token?.serial, token?.state], ['A-1', 'revoked'])
    })

    for (const take of ['unassignToken', 'revokeToken'] as const) {
      test(`end what their holder has open when they go: ${take}`, async () => {
        const { api, operator, from, signIn, give } = await world(await open())
        const session = { ...from, session: await signIn('alice', alicePhone) }
        await give(hardwareToken('A-1'), 'alice')
        assert.ok((await api.readAccount(session, {})).ok)
        assert.ok((await api[take](operator, { serial: 'A-1' })).ok)
        assert.deepEqual(await api.readAccount(session, {}), { ok: false, refusal: 'caller.refused' })
      })
    }

    test('whose holder has another way are followed by that one', async () => {
      const { api, operator, from, begin, signIn, give } = await world(await open())
      const session = { ...from, session: await signIn('alice', alicePhone) }
      await give(hardwareToken('A-1'), 'alice')
      assert.ok((await api.chooseMethod(session, { method: 'oath' })).ok)
      assert.ok((await api.revokeToken(operator, { serial: 'A-1' })).ok)
      const asked = await api.readSecondStep({ ...from, session: await begin('alice') }, {})
      assert.ok(asked.ok && asked.value.method === 'text')
    })

    test('of makers that number alike want the maker named', async () => {
      const { api, operator } = await world(await open())
      const tokens = ['Acme', 'Zenith', ''].map((manufacturer) => hardwareToken('1', { manufacturer }))
      assert.ok((await api.importTokens(operator, { tokens })).ok)
      const who = { serial: '1', username: 'alice' }
      assert.deepEqual(await api.assignToken(operator, who), { ok: false, refusal: 'token.ambiguous' })
      assert.ok((await api.assignToken(operator, { ...who, manufacturer: 'Zenith' })).ok)
      assert.ok((await api.assignToken(operator, { ...who, manufacturer: '' })).ok)
      const unknown = { ok: false, refusal: 'token.unknown' }
      assert.deepEqual(await api.assignToken(operator, { ...who, manufacturer: 'Nadir' }), unknown)
      const stranger = { ...who, manufacturer: 'Acme', username: 'nobody' }
      assert.deepEqual(await api.assignToken(operator, stranger), { ok: false, refusal: 'user.unknown' })
    })

    test('are listed page by page, with whose they are and no secret', async () => {
      const { api, operator, give } = await world(await open())
      const tokens = Array.from({ length: 5 }, (_, i) => hardwareToken(`L-${i}`, { model: 'T' }))
      await api.importTokens(operator, { tokens })
      await give(hardwareToken('X'), 'alice')
      const page = await api.listTokens(operator, { most: 3 })
      assert.ok(page.ok && page.value.more && page.value.tokens.length === 3)
      const rest = await listed(api.listTokens(operator, { after: page.value.tokens[2]?.id ?? '' }))
      assert.deepEqual(
        rest.map(({ serial, username }) => [serial, username]),
        [
          ['L-3', undefined],
          ['L-4', undefined],
          ['X', 'alice'],
        ],
      )
      assert.equal((await listed(api.listTokens(operator, { which: 'unassigned' }))).length, 5)
      assert.equal((await listed(api.listTokens(operator, { username: 'Alice' }))).length, 1)
      assert.deepEqual(await api.listTokens(operator, { username: 'x' }), { ok: false, refusal: 'user.unknown' })
      assert.ok(!/secret|sealed/i.test(JSON.stringify(page)))
    })

    test('that ran away: its holder brings it back at sign-in, at no cost, and signs in with the next code only', async () => {
      const { api, from, begin, give, signInWith } = await world(await open(), { 'lock.tries': 3 })
      await give(hardwareToken('A-1'), 'bob')
      const half = { ...from, session: await begin('bob') }
      for (const counter of [500, 501]) assert.equal(await signInWith('bob', codeOfHardware('A-1', counter)), 'wrong')

      // The third try would lock; being right, it does not.
      const two = { first: codeOfHardware('A-1', 502), second: codeOfHardware('A-1', 503) }
      assert.deepEqual(await api.resyncToken(half, two), { ok: true, value: { outcome: 'done' } })
      assert.ok(!(await api.readAccount(half, {})).ok, 'it is no proof')
      assert.equal(await signInWith('bob', codeOfHardware('A-1', 504)), 'passed')
    })

    test('resynchronising spends the tries of the second step before it looks, and locks with it', async () => {
      const { api, from, begin, give } = await world(await open(), { 'lock.tries': 3 })
      await give(hardwareToken('A-1'), 'bob')
      const half = { ...from, session: await begin('bob') }
      const outcomes: string[] = []
      for (let i = 0; i < 4; i++) {
        const right = i === 3
        const second = codeOfHardware('A-1', right ? 21 : 40)
        const answer = await api.resyncToken(half, { first: codeOfHardware('A-1', 20), second })
        assert.ok(answer.ok)
        outcomes.push(answer.value.outcome)
      }
      assert.deepEqual(outcomes, ['wrong', 'wrong', 'locked', 'locked'])
    })

    test('a code that signed in is refused as either half of a resynchronisation, at both doors (CVE-2019-12887)', async () => {
      const { api, operator, from, begin, give, signInWith } = await world(await open())
      await give(hardwareToken('A-1'), 'bob')
      assert.equal(await signInWith('bob', codeOfHardware('A-1', 5)), 'passed')
      const half = { ...from, session: await begin('bob') }
      for (const [first, second] of [
        [4, 5],
        [5, 6],
      ] as const) {
        const codes = { first: codeOfHardware('A-1', first), second: codeOfHardware('A-1', second) }
        const own = await api.resyncToken(half, codes)
        assert.ok(own.ok && own.value.outcome === 'wrong')
        const by = await api.resyncTokenOf(operator, { serial: 'A-1', ...codes })
        assert.ok(by.ok && by.value.outcome === 'wrong')
      }
    })

    test('somebody without tokens has nothing to resynchronise, and loses no try by it', async () => {
      const { api, from, begin } = await world(await open())
      const half = { ...from, session: await begin('alice') }
      for (let i = 0; i < 12; i++) {
        const answer = await api.resyncToken(half, { first: '000000', second: '000001' })
        assert.deepEqual(answer, { ok: true, value: { outcome: 'gone' } })
      }
    })

    test('nobody reads a secret, a code or a whole serial number in the answers, and the audit has no secret', async () => {
      const { api, operator, from, signIn, give, database } = await world(await open())
      const session = { ...from, session: await signIn('alice', alicePhone) }
      await give(hardwareToken('SERIAL-0815'), 'alice')
      const account = await api.readAccount(session, {})
      assert.ok(account.ok)
      assert.deepEqual(
        account.value.hardwareTokens.map(({ serialEnd }) => serialEnd),
        ['0815'],
      )
      assert.ok(!JSON.stringify(account).includes('SERIAL'))
      const secret = hardwareToken('SERIAL-0815').secret
      const said = JSON.stringify([
        await api.listTokens(operator, {}),
        await database.rows(sql`SELECT facts FROM audit`),
      ])
      assert.ok(said.includes('SERIAL-0815') && !said.includes(secret))
    })
  })
}

type Token = ReturnType<typeof hardwareToken>

/** Alice has text messages, Bob nothing yet. */
async function world(database: Parameters<typeof engineWorld>[0], settings: Record<string, unknown> = {}) {
  const world = await engineWorld(database, { settings })
  const { api, operator, from, begin, phones } = world
  return {
    ...world,
    async give(token: Token, username: string) {
      const imported = await api.importTokens(operator, { tokens: [token] })
      assert.ok(imported.ok && imported.value.imported === 1)
      const { serial, manufacturer } = token
      assert.deepEqual(await api.assignToken(operator, { serial, manufacturer, username }), {
        ok: true,
        value: { outcome: 'done' },
      })
    },
    /** What became of it; undefined where no second step is asked. */
    async signInWith(username: string, code: string) {
      const half = { ...from, session: await begin(username) }
      const answer = await api.answerSecondStep(half, { method: 'oath', code })
      return answer.ok ? answer.value.outcome : undefined
    },
    /** The texts to Alice, once one of them has that word. */
    async textsUntil(word: string) {
      const texts = () => phones.messages(alicePhone).map(({ text }) => text)
      const deadline = Date.now() + MAY_TAKE_MS
      while (!texts().some((text) => text.includes(word)) && Date.now() < deadline) await sleep(25)
      return texts()
    },
  }
}

async function listed(answer: ReturnType<Awaited<ReturnType<typeof world>>['api']['listTokens']>) {
  const listed = await answer
  assert.ok(listed.ok)
  return listed.value.tokens
}
