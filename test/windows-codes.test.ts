import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client, ConstraintViolationError, UnwillingToPerformError } from 'ldapts'
import { provesPassword, refusalOf } from '../src/outbound/directory/windows-codes.ts'
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
