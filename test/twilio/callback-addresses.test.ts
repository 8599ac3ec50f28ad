import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CallbackPlace, callbackAddresses } from '../../src/protocols/callback-addresses.ts'

const key = Buffer.alloc(32, 7)
const publicUrl = 'https://mfa.example.org'
const places: CallbackPlace[] = [
  { kind: 'voice', id: 'c1', step: 0 },
  { kind: 'voice', id: 'c1', step: 1 },
  { kind: 'voice', id: 'c2', step: 0 },
  { kind: 'call-status', id: 'c1' },
  { kind: 'text-status', id: 'c1' },
]
const secretIn = (address: string) => address.split('/').at(-1) ?? ''

describe('the address of a callback', () => {
  const { addressOf, isSecretOf } = callbackAddresses({ publicUrl, key })

  test('stands below the public address and ends with its secret', () => {
    for (const [place, path] of [
      [places[0], '/telephony/voice/c1/0/'],
      [places[3], '/telephony/status/call/c1/'],
      [places[4], '/telephony/status/text/c1/'],
    ] as const) {
      const address = addressOf(place ?? assert.fail())
      assert.ok(address.startsWith(publicUrl + path), address)
      assert.match(secretIn(address), /^[\w-]{43}$/)
    }
    const below = callbackAddresses({ publicUrl: `${publicUrl}/mfa/`, key })
    assert.match(
      below.addressOf({ kind: 'call-status', id: 'a/b' }),
      /^https:\/\/mfa\.example\.org\/mfa\/telephony\/status\/call\/a%2Fb\//,
    )
  })

  test('has a secret that is good for it, and for no other step, call or kind', () => {
    for (const place of places) {
      for (const other of places) assert.equal(isSecretOf(other, secretIn(addressOf(place))), place === other)
      for (const wrong of ['', 'x', secretIn(addressOf(place)).slice(1)]) assert.ok(!isSecretOf(place, wrong))
    }
  })

  test('has another secret with another key, and none with a short one', () => {
    const place = places[0] ?? assert.fail()
    const other = callbackAddresses({ publicUrl, key: Buffer.alloc(32, 8) })
    assert.ok(!other.isSecretOf(place, secretIn(addressOf(place))))
    assert.throws(() => callbackAddresses({ publicUrl, key: Buffer.alloc(31) }), RangeError)
  })

  test('is not made from what is no plain address', () => {
    for (const wrong of ['', 'mfa.example.org', 'ftp://a.example', 'https://a.example?x=1', 'https://a.example/#x'])
      assert.throws(() => callbackAddresses({ publicUrl: wrong, key }), RangeError, wrong)
  })
})
