import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readGeneralizedTime } from '../../src/outbound/directory/generalized-time.ts'
import type { Session } from '../../src/outbound/directory/ldap-session.ts'
import { hasChanged } from '../../src/outbound/directory/people-cursor.ts'
import { membersOf } from '../../src/outbound/directory/people-members.ts'

describe('what servers say that ours does not', () => {
  test('times of each form (RFC 4517 section 3.3.13)', () => {
    const noon = Date.UTC(2026, 0, 1, 12)
    for (const said of [
      '20260101120000Z',
      '20260101120000.5Z',
      '2026010112Z',
      '202601011330+0130',
      '20260101070000-05',
    ])
      assert.equal(readGeneralizedTime(said)?.getTime(), noon, said)
    for (const said of ['20260101', 'soon', '20260101120000', undefined])
      assert.equal(readGeneralizedTime(said), undefined)
  })

  test('a change is later than another by the time, and not by how it is written', () => {
    const since = { kind: 'time', at: '20260101120000Z' } as const
    const changed = (modifyTimestamp: string) => hasChanged({ dn: 'cn=ann', modifyTimestamp }, since)
    assert.deepEqual(
      [
        changed('20260101115959Z'),
        changed('20260101120000Z'),
        changed('20260101070100-0500'),
        changed('20260101125900+0100'),
        changed('yesterday'),
      ],
      [false, true, true, false, true],
    )
  })

  test('a group whose members come in parts is no group with those of the first part', async () => {
    const group = { dn: 'CN=all,DC=example', member: [], 'member;range=0-1499': ['CN=ann,DC=example'] }
    const session = {
      server: { url: 'ldaps://ad.example' },
      client: { search: async () => ({ searchEntries: [group], searchReferences: [] }) },
      cookie: () => Buffer.alloc(0),
    } as unknown as Session
    await assert.rejects(membersOf(session, 'DC=example', group.dn, { pageSize: 10, most: 10 }), /more members/)
  })
})
