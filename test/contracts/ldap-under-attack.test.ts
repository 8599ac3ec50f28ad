import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type SlapdHost, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import { slapdPeople } from '../../dev/hosts/slapd-people.ts'
import type { PasswordCheck } from '../../src/core/directory.ts'
import { AppError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { ldapDirectory } from '../../src/outbound/directory/ldap.ts'
import { type LdapConfig, usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import { systemClock } from '../../src/system.ts'
import { MAY_TAKE_MS, silent } from '../engine.ts'
import { hostileTcp } from './hostile-tcp.ts'

const { ada, grace, umlaut } = slapdPeople
const TRIES = 1250

if (slapdIsInstalled()) describe('sign-ins by an LDAP directory', suite)
else test.skip('sign-ins by an LDAP directory, under attack: slapd is not installed (Debian package slapd)', () => {})

function suite() {
  let one: SlapdHost
  let other: SlapdHost
  before(async () => {
    const hosts = await Promise.all([startSlapd(), startSlapd()])
    ;[one, other] = hosts
  })
  after(() => Promise.all([one?.stop(), other?.stop()]))

  for (const way of ['LDAPS', 'StartTLS'] as const) {
    test(`let nobody in by mistake, whatever is done to the bytes on the way (${way}, ${TRIES} tries)`, async (t) => {
      const seed = systemClock.now().getTime() & 0x7fffffff
      t.diagnostic(`seed ${seed}`)
      const to = new URL(way === 'LDAPS' ? one.ldapsUrl : one.ldapUrl)
      const hostile = await hostileTcp(Number(to.port), { seed, oneIn: 12 })
      t.after(() => hostile.close())
      const url = `${to.protocol}//localhost:${hostile.port}`
      const directory = open(t, { url, startTls: way === 'StartTLS', timeoutMs: 1_000 })

      const counts = { right: 0, wrong: 0, out: 0 }
      const signIn = async (i: number) => {
        const person = [ada, grace, umlaut][i % 3] ?? ada
        const isRight = i % 2 === 0
        try {
          const check = await directory.checkPassword(person.uid, isRight ? person.password : `${person.password}x`)
          if (check.outcome !== 'right') assert.equal(check.outcome, 'wrong', 'never anything else')
          else {
            assert.ok(isRight, 'a wrong password was taken')
            assert.equal(check.person.username, person.uid, 'taken for somebody else')
          }
          if (check.outcome === 'wrong') assert.ok(!isRight, 'a right password was called wrong')
          counts[check.outcome === 'right' ? 'right' : 'wrong']++
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          counts.out++
        }
      }
      const judged = () => counts.right > 50 && counts.wrong > 50
      // A slow machine answers few in time: then there are more.
      for (let rounds = 0; rounds === 0 || (rounds < 5 && !judged()); rounds++) await inTurns(TRIES, 40, signIn)

      t.diagnostic(JSON.stringify({ ...counts, ...hostile.done }))
      assert.ok(counts.out > 50, 'otherwise nothing was spoilt')
      assert.ok(Math.min(...Object.values(hostile.done)) > 0, 'every damage was done')
      assert.ok(judged(), 'otherwise nothing was judged')

      hostile.calm()
      for (const person of [ada, grace, umlaut]) {
        const check = await answered(() => directory.checkPassword(person.uid, person.password))
        assert.ok(check.outcome === 'right' && check.person.username === person.uid)
      }
    })
  }

  test('fail for none of 100 when one of two servers dies among them', async (t) => {
    const directory = open(t, { url: [one.ldapsUrl, other.ldapsUrl], ca: one.ca + other.ca })
    const asked = (await other.log()).length
    let halted: Promise<void> | undefined
    await inTurns(100, 10, async (i) => {
      if (i === 30) halted = one.halt()
      const person = i % 2 ? ada : grace
      const right = await directory.checkPassword(person.uid, person.password)
      assert.equal(right.outcome, 'right', `sign-in ${i}`)
    })
    await halted
    assert.ok((await other.log()).length > asked, 'the other took over')
    await one.start()
  })

  test('fail for none of 100 when one of two servers hangs among them, and none waits for it', {
    timeout: 60_000,
  }, async (t) => {
    const directory = open(t, { url: [one.ldapsUrl, other.ldapsUrl], ca: one.ca + other.ca, timeoutMs: 120_000 })
    t.after(() => one.thaw())
    await inTurns(100, 10, async (i) => {
      if (i === 30) one.freeze()
      const person = i % 2 ? ada : grace
      const right = await directory.checkPassword(person.uid, person.password)
      assert.equal(right.outcome, 'right', `sign-in ${i}`)
    })
  })

  function open(t: TestContext, changes: Partial<LdapConfig>) {
    const config: LdapConfig = {
      ...{ url: one.ldapsUrl, startTls: false, ca: one.ca, baseDn: one.baseDn, bindDn: one.bindDn },
      ...{ bindPassword: new Secret(one.bindPassword), attributes: usualAttributes, timeoutMs: 30_000 },
      ...changes,
    }
    const directory = ldapDirectory(config, { log: silent, clock: systemClock })
    t.after(() => directory.close())
    return directory
  }
}

/** What a directory says that has a second to answer in, on a machine that may be slow for a moment. */
async function answered(ask: () => Promise<PasswordCheck>): Promise<PasswordCheck> {
  for (const deadline = Date.now() + MAY_TAKE_MS; ; ) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof AppError) || Date.now() > deadline) throw error
    }
  }
}

/** `count` calls, `atOnce` of them at a time. */
async function inTurns(count: number, atOnce: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
