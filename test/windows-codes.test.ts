import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client, ConstraintViolationError, UnwillingToPerformError } from 'ldapts'
import { barOf, provesPassword, refusalOf } from '../src/outbound/directory/windows-codes.ts'
import { changeUnicodePwd } from '../src/outbound/directory/windows-password.ts'

// What Windows says and Samba, which the other tests ask, does not.

test('each reason for which Windows refuses a bind is told apart', () => {
  const said = (data: string) =>
    refusalOf(`80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${data}, v4563\0`)
  for (const [data, why, isRight] of [
    ['525', 'unknown', false],
    ['52e', 'password', false],
    ['52f', 'restricted', true],
    ['530', 'hours', true],
    ['531', 'workstation', true],
    ['533', 'disabled', true],
    ['569', 'restricted', true],
    ['701', 'account-expired', true],
    ['775', 'locked', false],
    ['beef', 'password', false],
  ] as const) {
    const refusal = said(data)
    assert.deepEqual(refusal, { why }, data)
    assert.equal(provesPassword(why), isRight, data)
  }
  assert.deepEqual([said('532'), said('773')], [{ mustChange: 'expired' }, { mustChange: 'reset' }])
  assert.deepEqual(refusalOf('Invalid Credentials'), { why: 'password' })
})

test('each reason for which Windows refuses a change is told apart', async () => {
  const about = 'SvcErr: DSID-031A124C, problem 5003, data 0'
  const rules = { outcome: 'refused', why: 'rules' }
  for (const [error, said] of [
    [new ConstraintViolationError(`0000052D: ${about}`), rules],
    [new UnwillingToPerformError(`0000052D: ${about}`), rules],
    [new UnwillingToPerformError(`0000001F: ${about}`), { outcome: 'refused', why: 'not-allowed' }],
    [new ConstraintViolationError(`00000056: ${about}`), { outcome: 'wrong', why: 'password' }],
    [new ConstraintViolationError(`00000775: ${about}`), undefined],
    [new Error('ECONNRESET'), undefined],
  ] as const) {
    const client = { modify: () => Promise.reject(error) } as unknown as Client
    const change = { dn: 'CN=Ada,DC=corp,DC=example', old: 'Right-pass-1', chosen: 'Chosen-pass-2' }
    assert.deepEqual(await changeUnicodePwd(client, change), said, error.message)
  }
})

test('an account is open as far as nothing in its entry is against it, and what cannot be read is', () => {
  // A Monday, 13:30 UTC.
  const now = new Date('2026-11-23T13:30:00Z')
  const ticks = (at: Date) => String((BigInt(at.getTime()) + 11_644_473_600_000n) * 10_000n)
  const hours = (...open: number[]) => {
    const bits = Buffer.alloc(21)
    for (const hour of open) bits.writeUInt8(bits.readUInt8(hour >> 3) | (1 << (hour & 7)), hour >> 3)
    return bits
  }
  for (const [state, bar] of [
    [{}, undefined],
    [{ control: '514' }, 'disabled'],
    [{ control: undefined }, 'disabled'],
    [{ control: 'soon' }, 'disabled'],
    [{ computed: '16' }, 'locked'],
    [{ control: '514', computed: '16' }, 'disabled'],
    [{ expires: '9223372036854775807' }, undefined],
    [{ expires: ticks(new Date(now.getTime() + 1000)) }, undefined],
    [{ expires: ticks(now) }, 'account-expired'],
    [{ expires: 'never' }, 'account-expired'],
    [{ hours: hours(24 + 13) }, undefined],
    [{ hours: hours(24 + 12, 24 + 14, 13, 48 + 13) }, 'hours'],
    [{ hours: Buffer.alloc(20, 0xff) }, 'hours'],
    [{ hours: hours(), computed: '16' }, 'hours'],
  ] as const) {
    assert.equal(barOf({ control: '512', ...state }, now), bar, JSON.stringify(state))
  }
})
