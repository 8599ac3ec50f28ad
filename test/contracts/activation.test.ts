import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Call } from '../../src/contract/caller.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { codeFor, newDevice, withDevice } from '../app/device.ts'
import { alicePhone, engineWorld } from '../engine.ts'
import { dialects } from './dialects.ts'

const refused = { ok: false, refusal: 'activation.refused' } as const

for (const [dialect, open] of dialects) {
  describe(`activating the mobile app, on ${dialect}`, () => {
    test('a device brings the code, is on the account, and says so signed', async () => {
      const { session, api, device, whats } = await world(await open())
      const before = await api.readActivation(session, {})
      assert.ok(before.ok && before.value.activation === undefined)
      const code = await codeFor(api, session)
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)

      const activated = await device.activate(code.toLowerCase().replaceAll('-', ' '), { name: '  My\n phone\u202e ' })
      assert.ok(activated.ok && activated.value.outcome === 'activated')
      const { account, oath, pushKey } = activated.value
      assert.equal(activated.value.device.name, 'My phone')
      assert.equal(account.username, 'alice')
      assert.match(oath.secret, /^[A-Z2-7]{32}$/)
      assert.equal(Buffer.from(pushKey, 'base64url').length, 65)

      const read = await api.readActivation(session, {})
      assert.ok(read.ok)
      assert.deepEqual([read.value.activation?.state, read.value.activation?.code], ['used', undefined])
      assert.equal(read.value.activation?.device?.name, 'My phone')
      const own = await api.listDevices(session, {})
      assert.ok(own.ok)
      assert.deepEqual(
        [own.value.devices.map(({ name }) => name), own.value.most, own.value.mayAdd],
        [['My phone'], 1, true],
      )
      const itself = await device.ask('readDevice')
      assert.ok(itself.ok && itself.value.state === 'active' && itself.value.device.name === 'My phone')
      assert.ok((await whats()).includes('device.added'))
    })

    test('of fifty devices that bring one code at once, one is activated', async () => {
      const engine = await world(await open(), { 'portal.app_devices': 10 })
      const code = await codeFor(engine.api, engine.session)
      const all = await Promise.all(Array.from({ length: 50 }, () => newDevice(engine).activate(code)))
      assert.equal(all.filter((answer) => answer.ok && answer.value.outcome === 'activated').length, 1)
      assert.equal((await engine.rows()).length, 1)
    })

    test('of five codes that are brought at once, as many count as the person may have devices', async () => {
      const engine = await world(await open(), { 'portal.app_devices': 3 })
      const sessions = [engine.session, ...(await engine.sessions(4))]
      const codes = await Promise.all(sessions.map((session) => codeFor(engine.api, session)))
      const all = await Promise.all(codes.map((code) => newDevice(engine).activate(code)))
      assert.equal(all.filter((answer) => answer.ok && answer.value.outcome === 'activated').length, 3)
      assert.equal(all.filter((answer) => !answer.ok && answer.refusal === 'device.too-many').length, 2)
      assert.deepEqual(await engine.api.offerActivation(engine.session, {}), { ok: false, refusal: 'device.too-many' })
    })

    test('a code that is used, expired, replaced by a newer one, or of a session that has ended, activates nothing', async () => {
      const { session, api, clock, device, sessions } = await world(await open(), { 'portal.app_devices': 5 })
      const [other = session] = await sessions(1)
      const ended = await codeFor(api, other)
      await api.signOut(other, {})
      assert.deepEqual(await device.activate(ended), refused)
      const first = await codeFor(api, session)
      const second = await codeFor(api, session)
      assert.deepEqual(await device.activate(first), refused)
      assert.ok((await device.activate(second)).ok)
      assert.deepEqual(await device.activate(second), refused)

      const late = await codeFor(api, session)
      clock.advance(10)
      assert.deepEqual(await device.activate(late), refused)
    })

    test('a wrong code costs the right one nothing but a try, and after five of them it is dead', async () => {
      const { session, api, device, from } = await world(await open())
      const code = await codeFor(api, session)
      const wrong = code.slice(0, -1) + (code.endsWith('7') ? '8' : '7')
      for (let i = 0; i < 5; i++) assert.deepEqual(await device.activate(wrong), refused)
      assert.deepEqual(await device.activate(code), refused)
      const read = await api.readActivation(session, {})
      assert.equal(read.ok && read.value.activation?.state, 'over')
      assert.ok(from.address)
    })

    test('whoever guesses has to wait, and nobody at another address', async () => {
      const { session, api, clock, from } = await world(await open())
      const stranger = newDevice({ api, clock, from: { ...from, address: '203.0.113.66' } })
      for (let i = 0; i < 10; i++) assert.deepEqual(await stranger.activate('0000-0000-0000'), refused)
      const waits = await stranger.activate('0000-0000-0000')
      assert.ok(waits.ok && waits.value.outcome === 'wait')
      assert.ok((await newDevice({ api, clock, from }).activate(await codeFor(api, session))).ok)
    })

    test('a key that did not sign the code, and a point that is none, are malformed', async () => {
      const { session, api, device, from } = await world(await open())
      const code = await codeFor(api, session)
      const proof = device.signature(`sallyport-activation-v1\nother\n${device.key}`)
      const off = Buffer.from(device.key, 'base64url')
      off[64] = (off[64] ?? 0) ^ 1
      const point = off.toString('base64url')
      const sound = { code, publicKey: device.key, proof, name: 'x' }
      const broken = {
        ...sound,
        publicKey: point,
        proof: device.signature(`sallyport-activation-v1\n${code}\n${point}`),
      }
      for (const input of [sound, broken, { ...sound, proof: 'AA' }])
        assert.deepEqual(await api.activateDevice(from, input), { ok: false, refusal: 'input.malformed' })
      assert.ok((await device.activate(code)).ok)
    })

    test('a device takes the place of another, which is dead from then on', async () => {
      const engine = await world(await open())
      const { session, api } = engine
      const old = await withDevice(engine, session.session, { name: 'Old' })
      assert.deepEqual(await api.offerActivation(session, {}), { ok: false, refusal: 'device.too-many' })
      assert.deepEqual(await api.offerActivation(session, { replaces: 'x' }), { ok: false, refusal: 'device.unknown' })
      const code = await codeFor(api, session, old.id())
      const fresh = newDevice(engine)
      assert.ok((await fresh.activate(code, { name: 'New' })).ok)
      assert.deepEqual(await old.ask('readDevice'), { ok: false, refusal: 'caller.refused' })
      assert.ok((await fresh.ask('readDevice')).ok)
      assert.ok((await engine.whats()).includes('device.replaced'))
    })

    test('the code, and the seed of the device, are in no table as they are', async () => {
      const engine = await world(await open())
      const code = await codeFor(engine.api, engine.session)
      const rows = JSON.stringify(await engine.database.rows(sql`SELECT * FROM activation`))
      assert.ok(!rows.includes(code) && !rows.includes(code.replaceAll('-', '')))
      const activated = await engine.device.activate(code)
      assert.ok(activated.ok && activated.value.outcome === 'activated')
      assert.ok(!JSON.stringify(await engine.rows()).includes(activated.value.oath.secret))
    })

    test('is not offered where the settings do not have it', async () => {
      for (const settings of [{ 'portal.methods': ['text'] }, { 'portal.allow_app': false }]) {
        const { session, api } = await world(await open(), settings)
        assert.deepEqual(await api.offerActivation(session, {}), { ok: false, refusal: 'method.unavailable' })
      }
    })
  })
}

/** Alice, signed in by text, where the mobile app is offered; and a device that nobody knows yet. */
async function world(database: Database, settings: Record<string, unknown> = {}) {
  const engine = await engineWorld(database, { settings: { 'portal.methods': ['text', 'app'], ...settings } })
  const { from, clock } = engine
  const session = { ...from, session: await engine.signIn('alice', alicePhone) } satisfies Call
  return {
    ...engine,
    session,
    device: newDevice(engine),
    /** More sessions of Alice. */
    async sessions(count: number) {
      const all: Call[] = []
      for (let i = 0; i < count; i++) {
        clock.advance(1)
        all.push({ ...from, session: await engine.signIn('alice', alicePhone) })
      }
      return all
    },
    rows: () => database.rows(sql`SELECT * FROM device`),
    whats: async () => (await database.rows(sql`SELECT what FROM audit ORDER BY seq`)).map(({ what }) => String(what)),
  }
}
