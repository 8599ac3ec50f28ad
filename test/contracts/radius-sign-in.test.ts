import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FreeRadiusHost, startFreeRadius } from '../../dev/hosts/freeradius.ts'
import { AppError } from '../../src/core/errors.ts'
import { valuesOf } from '../../src/protocols/radius/attributes.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { engineWorld } from '../engine.ts'
import { answerTo } from '../radius-answer.ts'
import { dialects } from './dialects.ts'
import { packetOf, radiusDirectoryAt, radiusPeer, silentPort } from './radius-world.ts'

const wrong = { ok: false, refusal: 'credentials.wrong' }
/** Ways to write one name: their tries are one count. */
const spellings = ['alice', 'ALICE', ' alice ', 'CORP\\alice', 'alice@corp.example', 'ali\u00adce', 'corp\\ALICE']

let host: FreeRadiusHost
before(async () => {
  host = await startFreeRadius()
})
after(() => host?.stop())

test('sign-ins that a server leaves waiting hold up nobody else', async () => {
  const [[, open] = assert.fail('no database')] = dialects
  const left: (() => void)[] = []
  const peer = await radiusPeer((request, from, socket) => {
    const packet = packetOf(request)
    const isAlice = valuesOf(packet.attributes, 'userName').some((name) => String(name) === 'alice')
    const answer = () => socket.send(answerTo(packet, [], { mac: 'right' }), from.port, from.address)
    if (isAlice) answer()
    else left.push(answer)
  })
  const directory = radiusDirectoryAt({ ports: [peer.port], firstWait: 60_000, sendings: 1 })
  const { api, from, begin } = await engineWorld(await open(), { directory, directoryKind: 'radius', seeded: false })
  let over = 0
  const waiting = Array.from({ length: 50 }, (_, i) =>
    api.beginSignIn({ address: `198.51.100.${i}` }, { username: `slow${i}`, password: 'x' }).finally(() => over++),
  )
  while (left.length < 50) await sleep(5)
  assert.match(await begin('alice', from, 'x'), /^si_/)
  assert.equal(over, 0)
  for (const answer of left) answer()
  await Promise.all(waiting)
})

for (const [dialect, open] of dialects) {
  describe(`signing in with a password that FreeRADIUS knows, on ${dialect}`, () => {
    test('a person arrives at the first right password, and is one user in every spelling that the server takes', async () => {
      const { begin, from, database } = await world()
      for (const name of ['alice', 'CORP\\alice', 'alice@corp.example'])
        assert.match(await begin(name, from, host.people.alice), /^si_/)
      const rows = await database.rows(sql`SELECT username, directory FROM users`)
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [{ username: 'alice', directory: 'radius' }],
      )
    })

    test('wrong passwords are counted over all spellings, and after them the right one waits too', async () => {
      const { api, from } = await world({ 'password.free_tries': 4 })
      for (const username of spellings.slice(0, 4))
        assert.deepEqual(await api.beginSignIn(from, { username, password: 'wrong' }), wrong, username)
      for (const username of spellings) {
        const next = await api.beginSignIn(from, { username, password: host.people.alice })
        assert.ok(next.ok && next.value.outcome === 'wait', username)
      }
    })

    test('a name that nobody has, one that cannot be, and a wrong password get the same answer', async () => {
      const { api } = await world()
      const names = ['alice', 'nobody-here', 'EVIL\\alice', 'alice@evil.example', 'a\tb', '*', 'n'.repeat(256), '']
      for (const [i, username] of names.entries())
        assert.deepEqual(await api.beginSignIn({ address: `198.51.100.${i}` }, { username, password: 'x' }), wrong)
    })

    test('what the server asks back lets in with the right code, once, and with no other', async () => {
      const { api, from } = await world()
      const { challenge, code } = await challenged(api, from)
      assert.deepEqual(await api.answerDirectoryChallenge(from, { challenge, reply: '0' }), wrong)

      const again = await challenged(api, from)
      assert.notEqual(again.code, code)
      const reply = { challenge: again.challenge, reply: again.code }
      const answers = await Promise.all([1, 2, 3].map(() => api.answerDirectoryChallenge(from, reply)))
      const outcomes = answers.map((each) => (each.ok ? each.value.outcome : each.refusal)).sort()
      assert.deepEqual(outcomes, ['begun', 'gone', 'gone'])
    })

    test('while no server answers nobody is told a wrong thing, the try is given back, and nobody else waits', async () => {
      const silent = await silentPort()
      const { api, from } = await world(
        { 'password.free_tries': 1 },
        { ports: [silent.port], firstWait: 20, sendings: 1 },
      )
      for (let i = 0; i < 3; i++) {
        const trying = api.beginSignIn(from, { username: 'alice', password: host.people.alice })
        await assert.rejects(trying, (error) => error instanceof AppError && error.code === 'directory.unreachable')
      }
    })

    type Api = Awaited<ReturnType<typeof world>>['api']
    async function challenged(api: Api, from: object) {
      const asked = await api.beginSignIn(from, { username: 'carol', password: host.people.carol })
      assert.ok(asked.ok && asked.value.outcome === 'challenged')
      const { challenge } = asked.value
      const shown = await api.readDirectoryChallenge(from, { challenge })
      assert.ok(shown.ok && shown.value.outcome === 'asked')
      return { challenge, code: /\((\d{6})\)/.exec(shown.value.message)?.[1] ?? assert.fail(shown.value.message) }
    }

    async function world(
      settings: Record<string, unknown> = {},
      options: Parameters<typeof radiusDirectoryAt>[0] = { ports: [host.port] },
    ) {
      const directory = radiusDirectoryAt({ secret: host.secret, firstWait: 1_000, ...options })
      return engineWorld(await open(), { directory, directoryKind: 'radius', seeded: false, settings })
    }
  })
}
