import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type FreeRadiusHost, startFreeRadius } from '../../dev/hosts/freeradius.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { engineWorld } from '../engine.ts'
import { dialects } from './dialects.ts'
import { radiusDirectoryAt } from './radius-world.ts'

const chosen = 'Größe & "$(id)`'
const erin = { uid: undefined, username: 'erin' }
const wrong = { ok: false, refusal: 'credentials.wrong' }

let host: FreeRadiusHost
before(async () => {
  host = await startFreeRadius()
})
after(() => host?.stop())

describe('an expired password at FreeRADIUS, by MS-CHAP', () => {
  test('is told to whoever has it, and to no guess; a lock is told to any guess, and is no proof of the password', async () => {
    const { checkPassword } = directoryOf()
    const { people } = host
    assert.deepEqual(await checkPassword('erin', 'wrong'), { outcome: 'wrong', why: 'password' })
    assert.deepEqual(await checkPassword('CORP\\erin', people.erin), {
      outcome: 'must-change',
      why: 'expired',
      person: erin,
    })
    for (const password of [people.fay, 'wrong'])
      assert.deepEqual(await checkPassword('fay', password), { outcome: 'wrong', why: 'disabled' })
  })

  test('is changed by the old one, and by no other, to what the rules there allow', async () => {
    host.expireErin()
    const { checkPassword, changePassword } = directoryOf()
    const change = (old: string, wanted: string) => changePassword?.('erin', old, wanted)
    const refused = { outcome: 'refused', why: 'rules' }
    assert.deepEqual(await change(host.people.erin, 'short'), refused)
    assert.deepEqual(await change(host.people.erin, 'x'.repeat(257)), refused, 'which could not be typed here')
    assert.deepEqual(await change('wrong', chosen), refused, 'FreeRADIUS does not say which it was')
    assert.equal((await checkPassword('erin', host.people.erin)).outcome, 'must-change')

    assert.deepEqual(await change(host.people.erin, chosen), { outcome: 'changed' })
    assert.deepEqual(await checkPassword('erin', chosen), { outcome: 'right', person: erin })
    assert.deepEqual(await checkPassword('erin', host.people.erin), { outcome: 'wrong', why: 'password' })
    assert.deepEqual(await changePassword?.('alice', host.people.alice, chosen), refused, 'not set up for her')
  })

  test('of two changes at once by the same old one, one counts at the most', async () => {
    host.expireErin()
    const { checkPassword, changePassword } = directoryOf()
    const wanted = ['First-chosen-1', 'Second-chosen-2']
    const changes = await Promise.all(wanted.map((each) => changePassword?.('erin', host.people.erin, each)))
    const checks = await Promise.all(wanted.map((each) => checkPassword('erin', each)))
    assert.equal(checks.filter(({ outcome }) => outcome === 'right').length, 1, JSON.stringify(changes))
  })

  test('is not changed where that is not set', async () => {
    assert.equal(directoryOf({ changePasswords: false }).changePassword, undefined)
  })
})

for (const [dialect, open] of dialects) {
  test(`on ${dialect}, Erin signs in, chooses a new password, and is led on; a stranger learns nothing`, async () => {
    host.expireErin()
    const { api, from, database } = await world(await open())
    const { erin: password } = host.people
    for (const username of ['erin', 'fay', 'nobody'])
      assert.deepEqual(await api.beginSignIn(from, { username, password: 'a guess' }), wrong, username)
    assert.deepEqual(await api.beginSignIn(from, { username: 'fay', password: host.people.fay }), wrong)

    const told = { outcome: 'must-change', why: 'expired', changeable: true }
    assert.deepEqual(await api.beginSignIn(from, { username: 'erin', password }), { ok: true, value: told })
    const short = await api.changeExpiredPassword(from, { username: 'erin', password, chosen: 'short' })
    assert.deepEqual(short, { ok: false, refusal: 'password.rules' })
    const changed = await api.changeExpiredPassword(from, { username: 'corp\\erin', password, chosen })
    assert.ok(changed.ok && changed.value.outcome === 'begun', JSON.stringify(changed))
    const again = await api.beginSignIn(from, { username: 'erin', password: chosen })
    assert.ok(again.ok && again.value.outcome === 'begun')

    const events = await database.rows(sql`SELECT what, facts FROM audit WHERE what LIKE 'password%' ORDER BY seq`)
    const whys = events.map(({ what, facts }) => [what, JSON.parse(String(facts))?.why])
    assert.deepEqual(whys, [
      ['password.unknown-user', 'password'],
      ['password.unknown-user', 'disabled'],
      ['password.unknown-user', 'password'],
      ['password.unknown-user', 'disabled'],
      ['password.unknown-user', 'expired'],
      ['password.changing', undefined],
      ['password.not-changed', 'rules'],
      ['password.unknown-user', 'expired'],
      ['password.changing', undefined],
      ['password.changed', undefined],
      ['password.right', undefined],
      ['password.right', undefined],
    ])
  })

  test(`on ${dialect}, a change there ends nothing of a local user who has the same name`, async () => {
    host.expireErin()
    const { api, from, database, add } = await world(await open())
    await add('erin')
    await database.write((tx) => tx.rows(sql`UPDATE users SET directory = 'local'`))
    const input = { username: 'erin', password: host.people.erin, chosen }
    assert.deepEqual(await api.changeExpiredPassword(from, input), wrong)
    const [event] = await database.rows(sql`SELECT user_id FROM audit WHERE what = 'password.changed'`)
    assert.deepEqual({ ...event }, { user_id: null })
  })
}

function directoryOf(options: { changePasswords?: boolean } = {}) {
  const { port, secret } = host
  // Each answer takes a program's start.
  const patience = { firstWait: 15_000, sendings: 2 }
  return radiusDirectoryAt({
    ports: [port],
    secret,
    method: 'ms-chap-v2',
    changePasswords: true,
    ...patience,
    ...options,
  })
}

async function world(database: Parameters<typeof engineWorld>[0]) {
  return engineWorld(database, { directory: directoryOf(), directoryKind: 'radius', seeded: false })
}
