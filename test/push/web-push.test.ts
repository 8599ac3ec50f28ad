import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { PushKeys } from '../../src/core/methods/app/push-keys.ts'
import { isPushAddress } from '../../src/outbound/delivery/push/push-hosts.ts'
import { webPushService } from '../../src/outbound/delivery/push/web-push.ts'
import { decrypted, encrypted, pushEndpoint, vapidClaims } from './receiver.ts'

const bytes = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'base64url')

describe('the receiver of these tests', () => {
  test('decrypts the example of RFC 8291 Appendix A, and makes it', () => {
    const plain = 'When I grow up, I want to be a watermelon'
    const keys = {
      privateKey: bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
      publicKey: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
      auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
    }
    const body = bytes(`DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml
      mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT
      pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN`)
    const sender = {
      privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
      salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
    }

    assert.equal(decrypted(body, keys), plain)
    assert.deepEqual(encrypted(plain, keys, sender), body)
    body[100] = (body[100] ?? 0) ^ 1
    assert.throws(() => decrypted(body, keys))
  })
})

describe('a push', () => {
  test('is readable by the device alone, signed by us for that service, and says how long it keeps', async () => {
    const { endpoint, push } = await world()
    const { keys, subscription } = endpoint.subscription('/push/a?b=c')
    assert.equal(await push({ subscription, seconds: 90 }), 'taken')
    const [{ path, headers, body } = assert.fail()] = endpoint.received
    assert.equal(path, '/push/a?b=c')
    assert.equal(decrypted(body, keys), 'told')
    assert.throws(() => decrypted(body, endpoint.subscription().keys))
    assert.deepEqual(
      [headers['content-encoding'], headers.ttl, headers.urgency, headers.topic],
      ['aes128gcm', '90', 'high', 'topic'],
    )
    const { claims, key } = vapidClaims(headers.authorization ?? '')
    assert.deepEqual([claims.aud, claims.sub, key], [endpoint.origin, 'mailto:us@example.org', ours.publicKey])
    const lasts = Number(claims.exp) - Date.now() / 1_000
    assert.ok(lasts > 0 && lasts <= 24 * 3_600)
  })

  test('to a subscription that has ended says so, and a redirect is not followed', async () => {
    const { endpoint, push } = await world()
    for (const status of [404, 410]) {
      endpoint.answer(status)
      assert.equal(await push(), 'gone')
    }
    for (const [status, code] of [
      [413, 'delivery.refused'],
      [400, 'delivery.refused'],
      [403, 'delivery.refused'],
      [301, 'delivery.refused'],
      [307, 'delivery.refused'],
      [429, 'delivery.failed'],
      [500, 'delivery.failed'],
      [503, 'delivery.failed'],
    ] as const) {
      endpoint.answer(status, { location: `${endpoint.origin}/elsewhere` })
      await assert.rejects(push(), { code }, String(status))
    }
    assert.ok(endpoint.received.every(({ path }) => path === '/push/1'))
  })

  test('to nobody who listens is unreachable', async () => {
    const { push, endpoint } = await world()
    const { subscription } = endpoint.subscription()
    await assert.rejects(push({ subscription: { ...subscription, endpoint: 'http://127.0.0.1:1/x' } }), {
      code: 'delivery.unreachable',
    })
  })

  test('is not sent to an address that is not allowed any more', async () => {
    const { endpoint, push } = await world({ loopback: false })
    assert.equal(await push(), 'gone')
    assert.equal(endpoint.received.length, 0)
  })

  test('is accepted with keys that are keys', async () => {
    const { endpoint, service } = await world()
    const { subscription } = endpoint.subscription()
    assert.ok(service.accepts(subscription))
    const { p256dh, auth } = subscription.keys
    const off = Buffer.from(p256dh, 'base64url')
    off[64] = (off[64] ?? 0) ^ 1
    for (const keys of [
      { p256dh, auth: 'AA' },
      { p256dh: 'AA', auth },
      { p256dh: off.toString('base64url'), auth },
    ])
      assert.equal(service.accepts({ ...subscription, keys }), false)
  })
})

test('pushes go to the services of browsers over TLS, and to what the operator names', () => {
  const strict = { more: ['push.example.org', '*.up.example.net'], loopback: false }
  for (const address of [
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://updates.push.services.mozilla.com/wpush/v2/x',
    'https://wns2-by3p.notify.windows.com/w/?token=x',
    'https://web.push.apple.com/x',
    'https://PUSH.example.org/x',
    'https://a.b.up.example.net/x',
  ])
    assert.ok(isPushAddress(address, strict), address)
  for (const address of [
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com:8443/x',
    'https://user@fcm.googleapis.com/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://evil.example/fcm.googleapis.com',
    'https://evilfcm.googleapis.com/x',
    'https://push.services.mozilla.com/x',
    'https://notpush.apple.com/x',
    'https://.push.apple.com/x',
    'https://fcm.googleapis.com@169.254.169.254/x',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/x',
    'https://127.0.0.1/x',
    'http://localhost/x',
    'https://0x7f000001/x',
    'https://up.example.net/x',
    'file:///etc/passwd',
    'gopher://fcm.googleapis.com/x',
    'javascript:alert(1)',
    '//fcm.googleapis.com/x',
    '',
  ])
    assert.equal(isPushAddress(address, strict), false, address)
  const lax = { more: [], loopback: true }
  assert.ok(isPushAddress('http://127.0.0.1:4711/x', lax) && isPushAddress('http://[::1]:4711/x', lax))
  assert.equal(isPushAddress('http://127.0.0.1.example.org/x', lax), false)
  assert.equal(isPushAddress('http://10.0.0.1/x', lax), false)
})

const ecdh = createECDH('prime256v1')
const ours: PushKeys = { publicKey: ecdh.generateKeys('base64url'), privateKey: ecdh.getPrivateKey('base64url') }

async function world({ loopback = true } = {}) {
  const endpoint = await pushEndpoint()
  const service = webPushService({ more: [], loopback, contact: 'mailto:us@example.org', timeoutMs: 30_000 })
  after(() => service.close())
  const standard = { ...endpoint.subscription(), body: 'told', keys: ours, seconds: 60, topic: 'topic' }
  const push = (changed: Partial<Parameters<typeof service.send>[0]> = {}) =>
    service.send({ ...standard, ...changed }, new AbortController().signal)
  return { endpoint, service, push }
}
