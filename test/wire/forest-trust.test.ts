import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readForestTrust } from '../../src/protocols/ldap/forest-trust.ts'

/** As Samba 4.17 wrote it down, when it came to trust a forest of one domain: its top-level name, and the domain. */
const recorded = Buffer.from(
  '01000000020000001b000000000000005654c465507edd01000a00000068712e6578616d706c65' +
    '3d000000000000005654c465507edd01021800000001040000000000051500000071000668dff8afc685abd6b40a000000' +
    '68712e6578616d706c65020000004851',
  'hex',
)
const sid = Buffer.from('01040000000000051500000071000668dff8afc685abd6b4', 'hex')
const domain = { domain: 'hq.example', netbios: 'HQ', sid }

describe('what is written down of a forest that is trusted', () => {
  test('has its domains by name and SID', () => {
    assert.deepEqual(readForestTrust(recorded), [domain])
  })

  test('has no domain that an administrator or a conflict has disabled', () => {
    for (const flags of [1, 2]) {
      const disabled = Buffer.from(recorded)
      disabled.writeUInt32LE(flags, 8 + 4 + 0x1b + 4)
      assert.deepEqual(readForestTrust(disabled), [])
    }
  })

  test('is read as far as it is in form', () => {
    for (let length = 0; length < recorded.length; length++)
      assert.deepEqual(readForestTrust(recorded.subarray(0, length)), [], `${length}`)
    const more = Buffer.from(recorded)
    more.writeUInt32LE(0xffff_ffff, 4)
    assert.deepEqual(readForestTrust(more), [domain])
    for (const at of [8, 8 + 4 + 0x1b + 17, recorded.length - 6]) {
      const long = Buffer.from(recorded)
      long.writeUInt32LE(0xffff_fff0, at)
      assert.ok(readForestTrust(long).length <= 1, `${at}`)
    }
  })
})
