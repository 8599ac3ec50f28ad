import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readGeneralizedTime } from '../../src/outbound/directory/generalized-time.ts'
import type { Session } from '../../src/outbound/directory/ldap-session.ts'
import { goesOn, hasChanged, type Mark } from '../../src/outbound/directory/people-cursor.ts'
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

  test('one line of changes goes on; another controller’s, a backup’s and fewer replicas’ do not', () => {
    const usn = (invocation: string, usn: number) => ({ kind: 'usn', invocation, usn }) as const
    const csn = (newest: Record<string, string>) => ({ kind: 'csn', newest }) as const
    const [one, other] = [stamp('000001'), stamp('000002')]
    const cases: [since: Mark, now: Mark, goes: boolean][] = [
      [usn('a', 5), usn('a', 5), true],
      [usn('a', 5), usn('b', 9), false],
      [usn('a', 5), usn('a', 4), false],
      [csn({ '001': one }), csn({ '001': one, '002': other }), true],
      [csn({ '001': one, '002': other }), csn({ '001': one }), false],
      [csn({ '001': other }), csn({ '001': one }), false],
      [csn({ '001': one }), { kind: 'time', at: '20260101120000Z' }, false],
    ]
    for (const [since, now, goes] of cases) assert.equal(goesOn(since, now), goes, JSON.stringify([since, now]))
    // Of each provider by its own line; of one that was not there before it is new.
    const changed = (entryCSN: string) => hasChanged({ dn: 'cn=ann', entryCSN }, csn({ '001': one, '002': other }))
    assert.deepEqual(
      ['#000000#001#000000', '#000001#001#000000', '#000001#002#000000', '#000000#003#000000'].map((end) =>
        changed(`20260101120000.000001Z${end}`),
      ),
      [false, true, false, true],
    )
  })

  test('a group whose members come in parts is no group with those of the first part', async () => {
    const group = { dn: 'CN=all,DC=example', member: [], 'member;range=0-1499': ['CN=ann,DC=example'] }
    const session = {
      server: { url: 'ldaps://ad.example' },
      client: { search: async () => ({ searchEntries: [group], searchReferences: [] }) },
      cookie: () => Buffer.alloc(0),
      tooLong: () => [],
      crowdedOut: () => [],
    } as unknown as Session
    await assert.rejects(membersOf(session, 'DC=example', group.dn, { pageSize: 10, most: 10 }), /more members/)
  })
})

/** Of the first replica at one time, or of the second at a later one. */
function stamp(micro: string): string {
  return `20260101120000.${micro}Z#000000#00${micro === '000001' ? 1 : 2}#000000`
}
