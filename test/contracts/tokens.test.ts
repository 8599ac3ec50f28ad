import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { OathToken, TokenStore } from '../../src/core/methods/oath/token.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { tokenStore } from '../../src/storage/token-store.ts'
import { withPeople } from '../people.ts'
import { places } from './dialects.ts'

const noon = new Date('2026-11-24T12:00:00Z')
const later = new Date('2026-11-25T12:00:00Z')

for (const [dialect, place] of places) {
  describe(`the store of tokens, on ${dialect}`, () => {
    test('has the apps that were there when each person had one at most', async (t) => {
      const { connect } = await place()
      const database = connect()
      await migrate({ database, clock: { now: () => noon } }, migrationsBefore('0030', t))
      await database.write(async (tx) => {
        await tx.rows(sql`INSERT INTO users (id, directory, username, username_key, created_at)
          VALUES ('ada', 'local', 'ada', 'ada', 0)`)
        await tx.rows(sql`INSERT INTO oath_token
          (id, user_id, sealed_secret, algorithm, digits, period, last_step, added_at, used_at)
          VALUES ('t', 'ada', 'sealed', 'SHA512', 8, 60, 4711, ${noon.getTime()}, ${later.getTime()})`)
      })
      await migrate({ database, clock: { now: () => noon } })
      const kept = { userId: 'ada', origin: 'app', sealedSecret: 'sealed', algorithm: 'SHA512', digits: 8 } as const
      const times = { last: 4711, usedAt: later, drift: 0 }
      assert.deepEqual((await tokenStore(database).listOf('ada')).map(bare), [bare(token('t', { ...kept, ...times }))])
    })

    test('gives back what was put in, of each kind', async () => {
      const { put, tokens } = await world()
      const all = [
        token('1', { userId: 'ada', origin: 'app' }),
        token('2', { userId: 'ada', origin: 'device', deviceId: 'phone', algorithm: 'SHA256' }),
        token('3', { userId: 'ada', serial: 'S', manufacturer: 'M', model: 'T', startsAt: noon, expiresAt: later }),
        { ...token('4', { userId: 'ada', serial: 'S', digits: 8 }), kind: 'hotp' as const, last: 2 ** 48 },
      ]
      for (const each of all) assert.ok(await put(each))
      const [, , , fourth] = await tokens.listOf('ada')
      assert.ok(fourth?.kind === 'hotp' && !('period' in fourth))
      assert.deepEqual((await tokens.listOf('ada')).map(bare), all.map(bare))
      assert.deepEqual(await tokens.listOf('bob'), [])
    })

    test('a serial number is unique among its maker’s, a device has one token, and a person one app', async () => {
      const { put, write } = await world()
      assert.ok(await put(token('1', { serial: 'S', manufacturer: 'M' })))
      assert.ok(await put(token('2', { serial: 'S', manufacturer: 'N' })))
      assert.ok(await put(token('3', { serial: 'S' })))
      assert.equal(await put(token('4', { serial: 'S', manufacturer: 'M' })), false)
      assert.equal(await put(token('5', { serial: 'S' })), false, 'nor without a maker')

      assert.ok(await put(token('6', { userId: 'ada', origin: 'device', deviceId: 'phone' })))
      assert.equal(await put(token('7', { userId: 'bob', origin: 'device', deviceId: 'phone' })), false)
      assert.ok(await write((tokens) => tokens.removeDevice('phone')))
      assert.equal(await write((tokens) => tokens.removeDevice('phone')), false)
      assert.ok(await put(token('7', { userId: 'bob', origin: 'device', deviceId: 'phone' })))

      assert.ok(await put(token('8', { userId: 'ada', origin: 'app' })))
      assert.equal(await put(token('9', { userId: 'ada', origin: 'app' })), false)
    })

    test('only hardware may be nobody’s, and what is hardware has a serial number', async () => {
      const { put } = await world()
      await assert.rejects(put(token('1', { origin: 'app' })))
      await assert.rejects(put(token('2', { origin: 'device', deviceId: 'd' })))
      await assert.rejects(put(token('3', {})))
    })

    test('is assigned once, given back, revoked once; apps and devices are not', async () => {
      const { put, write, tokens } = await world()
      await put(token('h', { serial: 'S' }))
      await put(token('a', { userId: 'ada', origin: 'app' }))
      const assigned = await Promise.all(
        Array.from({ length: 10 }, (_, i) => write((tokens) => tokens.assign('h', i % 2 ? 'ada' : 'bob', later))),
      )
      assert.equal(assigned.filter(Boolean).length, 1)
      const [held] = await tokens.findBySerial('S')
      assert.deepEqual(held?.addedAt, later)
      assert.ok(await write((tokens) => tokens.unassign('h', later)))
      assert.equal(await write((tokens) => tokens.unassign('h', later)), false)
      for (const act of ['unassign', 'revoke'] as const)
        assert.equal(await write((tokens) => tokens[act]('a', later)), false, act)

      assert.ok(await write((tokens) => tokens.assign('h', 'ada', later)))
      assert.ok(await write((tokens) => tokens.revoke('h', later)))
      assert.equal(await write((tokens) => tokens.revoke('h', later)), false)
      const [revoked] = await tokens.findBySerial('S')
      assert.deepEqual([revoked?.revokedAt, revoked?.sealedSecret], [later, ''])
      assert.deepEqual(
        (await tokens.listOf('ada')).map(({ id }) => id),
        ['a'],
      )
      await write((tokens) => tokens.unassign('h', later))
      assert.equal(await write((tokens) => tokens.assign('h', 'ada', later)), false)
    })

    test('lists hardware a page at a time', async () => {
      const { put, write, tokens } = await world()
      for (let i = 0; i < 7; i++) await put(token(`h${i}`, { serial: `S${i}` }))
      await put(token('h-app', { userId: 'ada', origin: 'app' }))
      await write((tokens) => tokens.assign('h2', 'ada', noon))
      await write((tokens) => tokens.revoke('h3', noon))
      const ids = async (which: 'all' | 'unassigned', after: string, most: number) =>
        (await tokens.page({ which, after, most })).map(({ id }) => id)
      assert.deepEqual(await ids('all', '', 3), ['h0', 'h1', 'h2'])
      assert.deepEqual(await ids('all', 'h2', 9), ['h3', 'h4', 'h5', 'h6'])
      assert.deepEqual(await ids('unassigned', '', 9), ['h0', 'h1', 'h4', 'h5', 'h6'])
    })

    test('spends only what is newer, for whoever it is assigned to', async () => {
      const { put, write, tokens } = await world()
      await put(token('h', { userId: 'ada', serial: 'S' }))
      const spend = (userId: string | undefined, first: number, last: number) =>
        write((tokens) => tokens.spend({ id: 'h', userId }, { first, last, drift: 2 }, later))
      assert.equal(await spend('bob', 5, 5), false)
      assert.equal(await spend(undefined, 5, 5), false)
      assert.ok(await spend('ada', 5, 5))
      assert.equal(await spend('ada', 5, 6), false, 'its first half was used')
      assert.ok(await spend('ada', 6, 7))
      assert.equal(await spend('ada', 7, 7), false)
      const [spent] = await tokens.listOf('ada')
      assert.ok(spent?.kind === 'totp')
      assert.deepEqual([spent.last, spent.drift, spent.usedAt], [7, 2, later])
    })

    test('an app that was proven takes the place of the one before, and of nothing else', async () => {
      const { put, write, tokens } = await world()
      await put(token('old', { userId: 'ada', origin: 'app' }))
      await put(token('h', { userId: 'ada', serial: 'S' }))
      const offer = {
        ...token('new', {}),
        userId: 'ada',
        transactionId: 't',
        madeBy: 'person' as const,
        attemptsLeft: 2,
      }
      await write((tokens) => tokens.offer({ ...offer, kind: 'hotp', last: undefined, expiresAt: later }))
      const found = await write((tokens) => tokens.spendOfferAttempt('t', noon))
      assert.ok(found)
      assert.deepEqual([found.kind, found.last, found.madeBy, found.attemptsLeft], ['hotp', undefined, 'person', 1])
      const accept = () => write((tokens) => tokens.accept(found, { first: 8, last: 9, drift: 0 }, noon))
      assert.deepEqual([await accept(), await accept()], [true, false])
      const own = await tokens.listOf('ada')
      assert.deepEqual(
        own.map(({ id, kind, last }) => [id, kind, last]),
        [
          ['h', 'totp', -1],
          ['new', 'hotp', 9],
        ],
      )
      assert.ok(await write((tokens) => tokens.removeApp('ada')))
      assert.equal(await write((tokens) => tokens.removeApp('ada')), false)
      assert.equal((await tokens.listOf('ada')).length, 1)
    })
  })

  /** Ada and Bob, without tokens. */
  async function world() {
    const { connect } = await place()
    const database = connect()
    await withPeople(database, { now: () => noon }, 'ada', 'bob')
    const write = <T>(unit: (tokens: TokenStore) => Promise<T>) => database.write((tx) => unit(tokenStore(tx)))
    return {
      write,
      tokens: tokenStore(database),
      put: (one: Parameters<TokenStore['insert']>[0]) => write((tokens) => tokens.insert(one)),
    }
  }
}

/** A folder with the migrations of ours before that one. */
function migrationsBefore(number: string, t: { after(done: () => void): void }): string {
  const ours = fileURLToPath(new URL('../../src/storage/migrations/', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-before-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const file of readdirSync(ours).filter((name) => name < number))
    copyFileSync(join(ours, file), join(folder, file))
  return folder
}

function token(id: string, given: Partial<Omit<OathToken, 'kind'> & { drift: number }>) {
  const common = {
    origin: 'hardware',
    userId: undefined,
    sealedSecret: `sealed ${id}`,
    algorithm: 'SHA1',
    digits: 6,
  } as const
  return { id, ...common, last: -1, addedAt: noon, kind: 'totp' as const, period: 60, drift: -3, ...given }
}

/** Without what is not there. */
function bare(one: object): object {
  const { period, drift, ...rest } = one as Record<string, unknown>
  const timed = rest.kind === 'totp' ? { period, drift } : {}
  return Object.fromEntries(Object.entries({ ...rest, ...timed }).filter(([, value]) => value !== undefined))
}
