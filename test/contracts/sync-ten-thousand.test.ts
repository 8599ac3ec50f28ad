import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Attribute, Change, type Client } from 'ldapts'
import { nameOf } from '../../dev/hosts/many-people.ts'
import { sambaIsInstalled } from '../../dev/hosts/samba.ts'
import { slapdIsInstalled } from '../../dev/hosts/slapd.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { engineWorld } from '../engine.ts'
import { type ManyWorld, manyOnSamba, manyOnSlapd, manySource, replace } from '../sync/many.ts'
import { nonZero } from '../sync/world.ts'
import { dialects } from './dialects.ts'

// The domain has all of them, though to load them costs Samba half a minute; slapd shows that it is the same there.
for (const [where, installed, count, start] of [
  ['slapd', slapdIsInstalled(), 1_000, manyOnSlapd],
  ['a Windows domain', sambaIsInstalled(), 10_000, manyOnSamba],
] as const) {
  const title = `${count.toLocaleString('en')} people of ${where}`
  if (installed) test(title, { timeout: 600_000 }, async (t) => story(t, count, await start(count)))
  else test.skip(`${title}: it is not installed`, () => {})
}

type Server = Awaited<ReturnType<typeof serverOn>>

/** One directory, whose changes come to a server on each kind of database. */
async function story(t: TestContext, count: number, world: ManyWorld): Promise<void> {
  t.after(() => world.stop())
  /** Called when a page was taken. */
  let afterPage: () => Promise<void> = async () => {}
  const servers: Server[] = []
  for (const [dialect, open] of dialects) servers.push(await serverOn(dialect, world, await open(), () => afterPage()))

  /** The directory is gone once so many pages were taken, and back after the run. */
  async function inOutage({ run }: Server, pages: number) {
    let left = pages
    afterPage = async () => {
      if (--left === 0) await world.die()
    }
    const report = await run({ whole: true })
    afterPage = async () => {}
    await world.revive()
    return report
  }

  async function changing(act: (admin: Client) => Promise<void>): Promise<void> {
    const admin = await world.connect()
    await act(admin)
    await admin.unbind()
  }

  await t.test(
    'an import that is cut off keeps what it has, and the next brings the rest, each where it belongs',
    async () => {
      const { group } = world.people
      for (const server of servers) {
        const { outcome, error, counts } = await inOutage(server, 2)
        assert.deepEqual([outcome, error], ['failed', 'directory.unreachable'], server.dialect)
        assert.equal((await server.users()).length, counts.added)
        assert.ok(counts.added > 0 && counts.added < count, `${counts.added} added`)
        const rest = count - counts.added
        assert.deepEqual(await server.counts(), { read: count, added: rest }, server.dialect)

        const items = await server.api.listSyncItems(server.operator, {})
        assert.ok(items.ok)
        // Units A to D take turns, and so do tenths: half of these are in A or C.
        assert.deepEqual(
          items.value.items.map(({ name, scope, people }) => [name, scope.group, people]),
          [
            ['A', undefined, count / 4],
            ['tenth', group, count / 20],
            ['all', undefined, count - count / 4 - count / 20],
          ],
        )
        const { display_name, mail, phone } = await server.user(nameOf(7))
        assert.deepEqual(
          { display_name, mail, phone },
          { display_name: 'Pat7 Person7', mail: 'p00007@example.org', phone: '+12065500007' },
        )
      }
    },
  )

  await t.test('nothing has changed, so nothing is changed, and the audit says nothing', async () => {
    for (const server of servers) {
      const [users, seq] = [await server.users(), await server.lastEntry()]
      assert.deepEqual(await server.counts(), {}, server.dialect)
      assert.deepEqual(await server.counts({ whole: true }), { read: count }, server.dialect)
      assert.deepEqual(await server.users(), users)
      assert.deepEqual(await server.eventsAfter(seq), {})
    }
  })

  await t.test('what has changed is brought, and nothing else', async () => {
    const { dnOf } = world.people
    const mailed = range(100, 160)
    const [renamed, moved, gone, disabled] = [
      [201, 203, 205],
      [301, 305, 309, 313],
      [501, 503, 505],
      [507, 509],
    ]
    await changing(async (admin) => {
      for (const i of mailed) await replace(admin, dnOf(i), { mail: `new${i}@example.org` })
      for (const i of renamed) await world.rename(admin, i, `renamed${i}`)
      for (const i of moved) await admin.modifyDN(dnOf(i), dnOf(i).replace('OU=B', 'OU=A'))
      for (const i of gone) await admin.del(dnOf(i))
      for (const i of disabled) await world.disable(admin, i)
      for (const i of range(0, 4)) await admin.add(dnOf(i).replace(nameOf(i), `new${i}`), world.entry(`new${i}`))
      await regroup(admin, 'delete', [10])
      await regroup(admin, 'add', [11, 13])
    })
    for (const server of servers) {
      const [before, seq] = [await server.users(), await server.lastEntry()]
      const { read, ...counts } = await server.counts()
      const expected = { added: 4, changed: 63, renamed: 3, moved: 7, disabled: 5, untold: mailed.length - 20 }
      assert.deepEqual(counts, expected, server.dialect)
      assert.ok(Number(read) >= 76 && Number(read) < 100, `${read} read`)
      assert.deepEqual(await server.eventsAfter(seq), {
        'notices.withheld': 1,
        'user.added': 4,
        'user.disabled': 5,
        'user.synchronised': 70,
      })
      const now = new Map((await server.users()).map((row) => [row.id, row]))
      const touched = before.filter((row) => JSON.stringify(row) !== JSON.stringify(now.get(row.id)))
      const whom = [...mailed, ...renamed, ...moved, ...gone, ...disabled, 10, 11, 13].map(nameOf)
      assert.deepEqual(touched.map(({ username }) => plain(username)).sort(), whom.sort(), server.dialect)
      assert.equal((await server.user('renamed201')).mail, 'p00201@example.org')
      assert.deepEqual(await server.counts({ whole: true }), { read: count + 4 - 3 }, server.dialect)
    }
  })

  await t.test(
    'when many have left, an outage takes nobody away, and neither does the next run until it is approved',
    async () => {
      const left = range(600, 606)
      await changing(async (admin) => {
        for (const i of left) await admin.del(world.people.dnOf(i))
      })
      for (const server of servers) {
        const [before, seq] = [await server.users(), await server.lastEntry()]
        const broken = await inOutage(server, 2)
        assert.deepEqual([broken.outcome, broken.error], ['failed', 'directory.unreachable'], server.dialect)
        const { outcome, counts } = await server.run()
        assert.deepEqual([outcome, nonZero(counts)], ['waiting', { waiting: 6 }], server.dialect)
        assert.deepEqual(await server.users(), before)
        assert.deepEqual(await server.eventsAfter(seq), { 'removals.waiting': 1 })

        const waiting = await server.api.readRemovals(server.operator, {})
        assert.ok(waiting.ok)
        const { list = '', losses } = waiting.value
        assert.deepEqual(losses.map(({ username }) => plain(username)).sort(), left.map(nameOf))
        assert.ok((await server.api.approveRemovals(server.operator, { list })).ok)
        assert.deepEqual(await server.counts(), { disabled: 6 }, server.dialect)
      }
    },
  )

  function regroup(admin: Client, operation: 'add' | 'delete', members: readonly number[]): Promise<void> {
    const modification = new Attribute({ type: 'member', values: members.map(world.people.dnOf) })
    return admin.modify(world.people.group, new Change({ operation, modification }))
  }
}

/** A server that imports unit A first, then the group, then whoever is left. */
async function serverOn(
  dialect: string,
  world: ManyWorld,
  database: Parameters<typeof engineWorld>[0],
  afterPage: () => Promise<void>,
) {
  const source = manySource(world, afterPage)
  const settings = { 'sync.automatic': false }
  const engine = await engineWorld(database, {
    ...{ people: source, directoryKind: world.kind, settings, seeded: false },
    directory: { checkPassword: async () => ({ outcome: 'wrong', why: 'unknown' }), close: async () => {} },
  })
  const { api, operator } = engine
  const { base, group } = world.people
  for (const [name, scope] of [
    ['A', { base: `OU=A,${base}` }],
    ['tenth', { base, group }],
    ['all', { base }],
  ] as const)
    assert.ok((await api.addSyncItem(operator, { name, scope, rules: {} as never })).ok)

  async function run(how: { whole?: boolean } = {}) {
    const answer = await api.synchronise(operator, how)
    assert.ok(answer.ok && answer.value.outcome !== 'busy', JSON.stringify(answer))
    return answer.value
  }
  const users = () => database.rows(sql`SELECT * FROM users ORDER BY id`)
  return {
    ...{ dialect, api, operator, run, users },
    /** What is not 0. */
    counts: async (how = {}) => nonZero((await run(how)).counts),
    async user(name: string) {
      const rows = await database.rows(sql`SELECT * FROM users WHERE username_key LIKE ${`${name}%`}`)
      assert.equal(rows.length, 1, name)
      return rows[0] ?? {}
    },
    async lastEntry(): Promise<number> {
      const [row] = await database.rows(sql`SELECT max(seq) AS seq FROM audit`)
      return Number(row?.seq)
    },
    /** How many of each there have been, but for what operators asked. */
    async eventsAfter(seq: number): Promise<Record<string, number>> {
      const rows = await database.rows(
        sql`SELECT what, count(*) AS times FROM audit WHERE seq > ${seq} AND what <> 'sync.asked' GROUP BY what ORDER BY what`,
      )
      return Object.fromEntries(rows.map(({ what, times }) => [String(what), Number(times)]))
    },
  }
}

/** Without a domain. */
function plain(username: unknown): string {
  return String(username).split('@')[0] ?? ''
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
