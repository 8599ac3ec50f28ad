import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { ProtocolOperation } from 'ldapts'
import type { PasswordCheck } from '../../src/core/directory.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { systemClock } from '../../src/system.ts'
import { silent } from '../engine.ts'
import { scriptedLdap, tlv } from './scripted-ldap.ts'

const POLICY = '1.3.6.1.4.1.42.2.27.8.5.1'
const adaDn = 'uid=ada,dc=test'
const adaEntry = { dn: adaDn, entryUUID: '7d12d92e-7c7d-1041-9529-d506551f91c4', uid: 'ada' }
const EXPIRED = 0
const password = 'Typed-1'

/** What a server says to a bind: its result, and beside it an error of its policy or the grace sign-ins left. */
type Said = { code: number; error?: number; grace?: number }

const looksFirst = (typed: string): Said => ({ code: 49, ...(typed === password && { error: EXPIRED }) })

describe('what an LDAP server says of an account beside its result', () => {
  test('is its state', async (t) => {
    for (const [said, expected] of [
      [{ code: 49, error: 1 }, 'wrong locked'],
      [{ code: 19, error: 1 }, 'wrong locked'],
      [{ code: 49, error: 2 }, 'wrong password'],
      // 389 and FreeIPA: nsAccountLock, then FreeIPA's own lock.
      [{ code: 53, error: 1 }, 'wrong disabled'],
      [{ code: 53 }, 'wrong locked'],
      [{ code: 0, error: 2 }, 'must-change reset'],
      [{ code: 0, error: 0 }, 'right'],
      [{ code: 0 }, 'right'],
    ] as const)
      assert.equal(shown(await (await world(t, () => said)).check()), expected, JSON.stringify(said))
  })

  test('"expired" is believed of a server that looks at the password first, which one guess tells', async (t) => {
    const { check, binds } = await world(t, looksFirst)
    assert.equal(shown(await check()), 'must-change expired')
    assert.equal(binds(), 2)
    assert.equal(shown(await check()), 'must-change expired')
    assert.equal(binds(), 3, 'it is known now')
  })

  test('a server that says "expired" to any guess lets nobody change anything', async (t) => {
    const { check, change, heard, binds } = await world(t, () => ({ code: 49, error: EXPIRED }))
    assert.equal(shown(await check()), 'wrong expired')
    assert.deepEqual(await change(), { outcome: 'wrong', why: 'expired' })
    assert.equal(binds(), 3)
    assert.ok(!heard.includes('?'), 'no change was asked for')
  })

  test('a guess that is answered with a lock tells nothing of the server', async (t) => {
    const said = (typed: string) => (typed === password ? { code: 49, error: EXPIRED } : { code: 53, error: 1 })
    const { check, binds } = await world(t, said)
    for (let i = 0; i < 2; i++) assert.equal(shown(await check()), 'wrong expired')
    assert.equal(binds(), 4)
  })

  test('a hundred at once cost one guess', async (t) => {
    const { check, binds } = await world(t, looksFirst)
    const checks = await Promise.all(Array.from({ length: 100 }, check))
    assert.deepEqual(new Set(checks.map(shown)), new Set(['must-change expired']))
    assert.equal(binds(), 101)
  })

  test('an expired password that opens a few times more is changed meanwhile, where it can be', async (t) => {
    const said = () => ({ code: 0, grace: 2 })
    assert.equal(shown(await (await world(t, said)).check()), 'must-change expired')
    assert.equal(shown(await (await world(t, said, { changes: false })).check()), 'right')
  })
})

function shown(check: PasswordCheck): string {
  return 'why' in check ? `${check.outcome} ${check.why}` : check.outcome
}

/** A directory with ada, whose binds are answered so. */
async function world(t: TestContext, say: (typed: string) => Said, { changes = true } = {}) {
  const raw = ({ id, dn, operation, password }: { id: number; dn: string; operation: number; password: string }) => {
    if (operation !== ProtocolOperation.LDAP_REQ_BIND || dn !== adaDn) return undefined
    server.heard.push(`bind ${dn}`)
    return [answer(id, say(password))]
  }
  const server = await scriptedLdap({ entries: [adaEntry], raw })
  t.after(() => server.close())
  const account = { bindDn: 'cn=us,dc=test', bindPassword: new Secret('ours') }
  const place = { url: server.url, startTls: false, baseDn: 'dc=test', attributes: usualAttributes, timeoutMs: 30_000 }
  const directory = ldapDirectory(
    { ...place, ...account, changePasswords: changes },
    { log: silent, clock: systemClock },
  )
  t.after(() => directory.close())
  return {
    heard: server.heard,
    binds: () => server.heard.filter((request) => request === `bind ${adaDn}`).length,
    check: () => directory.checkPassword('ada', password),
    change: () => directory.changePassword?.('ada', password, 'Chosen-2-long'),
  }
}

/** PasswordPolicyResponseValue: warning [0] CHOICE { graceAuthNsRemaining [1] }, error [1] (draft-behera section 6.2). */
function answer(id: number, { code, error, grace }: Said): Buffer {
  const core = tlv(0x61, tlv(10, Buffer.from([code])), tlv(4), tlv(4))
  const parts = [
    ...(grace === undefined ? [] : [tlv(0xa0, tlv(0x81, Buffer.from([grace])))]),
    ...(error === undefined ? [] : [tlv(0x81, Buffer.from([error]))]),
  ]
  const control = tlv(0xa0, tlv(0x30, tlv(4, Buffer.from(POLICY)), tlv(4, tlv(0x30, ...parts))))
  return tlv(0x30, tlv(2, Buffer.from([id])), core, ...(parts.length > 0 ? [control] : []))
}
