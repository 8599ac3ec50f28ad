import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { webPushService } from '../../src/outbound/delivery/push/web-push.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { appWorld } from '../app/world.ts'
import { decrypted, pushEndpoint, vapidClaims } from '../push/receiver.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`waking devices up, on ${dialect}`, () => {
    test('each device that has said how is woken, and told no more than that there is a question', async () => {
      const { device, second, endpoint, begin } = await world(await open())
      const [one, two] = [endpoint.subscription('/push/one'), endpoint.subscription('/push/two')]
      for (const [of, { subscription }] of [[device, one] as const, [second, two] as const])
        assert.deepEqual(await of.ask('setDevicePush', { subscription }), { ok: true, value: { outcome: 'done' } })
      await begin()
      await endpoint.next(2)
      const [question] = await device.questions()
      for (const { path, body, headers } of endpoint.received) {
        const told = JSON.parse(decrypted(body, path === '/push/one' ? one.keys : two.keys))
        assert.deepEqual(told, { kind: 'prompt', prompt: question?.id })
        assert.equal(vapidClaims(headers.authorization ?? '').key, device.activated.pushKey)
      }
    })

    test('the key for push services is made once, and stays', async () => {
      const database = await open()
      const { device } = await world(database)
      const own = await device.ask('readDevice')
      const [row, ...others] = await database.rows(sql`SELECT * FROM push_key`)
      assert.equal(others.length, 0)
      assert.ok(own.ok && own.value.pushKey === row?.public_key && own.value.pushKey === device.activated.pushKey)
    })

    test('no address is called that is not allowed, and none that was taken back', async () => {
      const { second, device, endpoint, begin } = await world(await open())
      const { subscription } = endpoint.subscription()
      const evil = { ...subscription, endpoint: 'https://169.254.169.254/latest/meta-data/' }
      assert.deepEqual(await second.ask('setDevicePush', { subscription: evil }), {
        ok: true,
        value: { outcome: 'unsupported' },
      })
      const seen = await second.ask('readDevice')
      assert.equal(seen.ok && seen.value.device.push, false)
      assert.ok((await device.ask('setDevicePush', { subscription })).ok)
      await begin()
      await endpoint.next()
      assert.ok((await device.ask('setDevicePush', { subscription: null })).ok)
      await begin()
      assert.equal((await device.questions()).length, 1)
      assert.equal(endpoint.received.length, 1)
    })

    test('a subscription that has ended is dropped', async () => {
      const { device, endpoint, begin } = await world(await open())
      assert.ok((await device.ask('setDevicePush', { subscription: endpoint.subscription().subscription })).ok)
      endpoint.answer(410)
      await begin()
      await endpoint.next()
      for (;;) {
        const seen = await device.ask('readDevice')
        if (seen.ok && !seen.value.device.push) break
        await sleep(10)
      }
      assert.equal((await device.questions()).length, 1)
    })

    test('how a device is woken lies sealed in the database', async () => {
      const database = await open()
      const { device, endpoint } = await world(database)
      const { subscription } = endpoint.subscription('/push/secret-path')
      assert.ok((await device.ask('setDevicePush', { subscription })).ok)
      const rows = JSON.stringify(await database.rows(sql`SELECT * FROM device`))
      for (const secret of ['secret-path', subscription.keys.auth, subscription.keys.p256dh])
        assert.ok(!rows.includes(secret))
    })
  })
}

async function world(database: Database) {
  const endpoint = await pushEndpoint()
  const pushService = webPushService({ more: [], loopback: true, contact: 'mailto:us@example.org', timeoutMs: 5_000 })
  after(() => pushService.close())
  return { endpoint, ...(await appWorld(database, { 'portal.app_devices': 2 }, { pushService })) }
}
