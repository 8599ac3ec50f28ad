import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { barOf, hasEnded, isDisabled, isLocked } from '../src/outbound/directory/ldap-state.ts'

const entry = (more: Record<string, string | string[]>) => ({ dn: 'uid=ann,dc=test', uid: 'ann', ...more })
/** The 20,000th day after 1970 begins. */
const day = (n: number) => new Date(n * 86_400_000)

describe('what an entry of a directory says of its account', () => {
  test('it has ended from the day of shadowExpire on, and never where that is no day', () => {
    const ends = (shadowExpire: string | string[], now: Date) => hasEnded(entry({ shadowExpire }), now)
    assert.equal(ends('20000', new Date(day(20_000).getTime() - 1)), false)
    assert.equal(ends('20000', day(20_000)), true)
    assert.equal(ends('0', day(20_000)), true)
    for (const never of ['-1', '', 'soon', [], '99999999999999999999'])
      assert.equal(ends(never, day(20_000)), false, JSON.stringify(never))
    assert.equal(hasEnded(entry({}), day(20_000)), false)
    assert.equal(hasEnded(entry({ shadowExpire: '1', userAccountControl: '512' }), day(20_000)), false)
  })

  test('it is disabled by what each kind of server has for that, however it is spelled', () => {
    for (const disabled of [
      { nsaccountlock: 'TRUE' },
      { nsAccountLock: 'true' },
      { loginDisabled: 'TRUE' },
      { userAccountControl: '514' },
      { pwdAccountLockedTime: '000001010000Z' },
    ])
      assert.equal(isDisabled(entry(disabled)), true, JSON.stringify(disabled))
    for (const enabled of [{}, { nsAccountLock: 'false' }, { userAccountControl: '512' }, { loginDisabled: [] }])
      assert.equal(isDisabled(entry(enabled)), false, JSON.stringify(enabled))
  })

  test('a lock by guesses is a lock, and not disabled', () => {
    const locked = entry({ pwdAccountLockedTime: '20260101120000Z' })
    assert.deepEqual([isLocked(locked), isDisabled(locked), isLocked(entry({}))], [true, false, false])
  })

  test('for whoever asks without a bind it is over at the time that each kind of server has for that', () => {
    const now = new Date('2026-11-24T12:00:00Z')
    for (const over of [
      { krbPrincipalExpiration: '20261124120000Z' },
      { loginexpirationtime: '20261124130000+0100' },
      { pwdEndTime: '20200101000000Z' },
      { shadowExpire: '1' },
      { userAccountControl: '512', accountExpires: '132000000000000000' },
    ])
      assert.equal(barOf(entry(over), now), 'account-expired', JSON.stringify(over))
    for (const open of [
      { krbPrincipalExpiration: '20261124120001Z' },
      { loginExpirationTime: 'never' },
      { userAccountControl: '512', accountExpires: '0' },
      {},
    ])
      assert.equal(barOf(entry(open), now), undefined, JSON.stringify(open))
    const locked = { pwdAccountLockedTime: '20260101120000Z' }
    assert.equal(barOf(entry(locked), now), 'locked')
    assert.equal(barOf(entry({ ...locked, nsAccountLock: 'true' }), now), 'disabled')
  })
})
