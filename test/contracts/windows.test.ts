import assert from 'node:assert/strict'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type SambaHost, sambaIsInstalled, startSamba } from '../../dev/hosts/samba.ts'
import { accounts, groups, password } from '../../dev/hosts/samba-people.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { windowsDirectory } from '../../src/outbound/directory/windows.ts'
import type { WindowsConfig } from '../../src/outbound/directory/windows-config.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { bare } from '../bare-check.ts'
import { engineWorld, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const wrong = (why: string) => ({ outcome: 'wrong', why })
const untrusted = { name: 'AppError', code: 'directory.untrusted' }
const unreachable = { name: 'AppError', code: 'directory.unreachable' }

if (sambaIsInstalled()) describe('Active Directory, on Samba', suite)
else test.skip('Active Directory, on Samba: it needs root and the Debian package samba', () => {})

function suite() {
  let samba: SambaHost
  // A hook has no more time than one test: a busy machine makes no domain in it.
  before(
    async () => {
      samba = await startSamba({ controllers: 2 })
    },
    { timeout: 600_000 },
  )
  after(() => samba?.stop())

  function open(t: TestContext, changes: Partial<WindowsConfig> = {}) {
    const config: WindowsConfig = {
      ...{ domain: samba.domain, netbios: samba.netbios, controllers: [], trusted: [], dns: [samba.dns] },
      ...{ security: 'ldaps', ca: samba.ca, account: samba.service.name, password: new Secret(samba.service.password) },
      ...{ username: 'upn', changePasswords: true, timeoutMs: 30_000 },
      ...changes,
    }
    const directory = windowsDirectory(config, { log: silent, clock: systemClock, random: systemRandom })
    t.after(() => directory.close())
    return directory
  }
  const usernameOf = async (directory: ReturnType<typeof open>, name: string) => {
    const check = await directory.checkPassword(name, password)
    return check.outcome === 'right' ? check.person.username : check
  }

  test('the controllers that DNS names are asked, over LDAPS and over StartTLS, and those that are listed', async (t) => {
    for (const changes of [
      {},
      { security: 'startTls' },
      { controllers: ['dc2.corp.example'] },
      { controllers: samba.controllers.map(({ address }) => address), dns: [] },
    ] as const) {
      const check = await open(t, changes).checkPassword('ada@corp.example', password)
      assert.ok(check.outcome === 'right')
      assert.match(check.person.uid ?? '', /^[0-9a-f]{32}$/)
      const { uid: _, ...person } = check.person
      const [displayName, mail] = ['Ada Lovelace', 'ada@corp.example']
      assert.deepEqual(person, { username: 'ada@corp.example', displayName, mail, phone: '+1 206 555 0133' })
    }
  })

  test('every form of a name is one person', async (t) => {
    const directory = open(t)
    const { cn: _, ...grace } = accounts.grace
    for (const name of [
      grace.upn,
      grace.name,
      'CORP\\ghopper',
      'corp\\GHopper',
      'corp.example\\ghopper',
      'ghopper@corp.example',
      'GHOPPER@CORP',
      ` ${grace.name} `.trim(),
    ]) {
      assert.equal(await usernameOf(directory, name), grace.upn, name)
    }
    assert.equal(await usernameOf(directory, 'eve@example.net'), 'eve@example.net')
    assert.equal(await usernameOf(directory, 'CORP\\eve'), 'eve@example.net')
    assert.equal(await usernameOf(directory, 'jörg.müller'), 'jörg.müller@corp.example')
    assert.equal(await usernameOf(directory, 'escapes'), 'escapes@corp.example')
    assert.equal(await usernameOf(open(t, { username: 'account' }), grace.upn), 'ghopper')
  })

  test('names that are nobody’s are nobody: another domain’s, parts of filters, a suffix too many', async (t) => {
    const directory = open(t)
    for (const name of [
      'OTHER\\ada',
      'ada@other.example',
      '*',
      'ada)(objectClass=*',
      'a*',
      '\\ada',
      'CORP\\',
      '@corp.example',
      'ada@corp.example@corp.example',
      'ada\\20',
      'CORP\\CORP\\ada',
    ]) {
      assert.deepEqual(await bare(directory.checkPassword(name, password)), wrong('unknown'), name)
    }
  })

  test('spellings that need no asking are one, and so share their count of tries', async (t) => {
    assert.equal(await usernameOf(open(t), 'ada @corp.example'), 'ada@corp.example')
    const spell = open(t).spellingOf
    assert.ok(spell)
    const blanks = ['CORP\\ ada', 'ada @corp.example', ' ada\u00a0@CORP ']
    for (const name of ['ada', 'CORP\\ada', 'ada@corp.example', 'ada@CORP', 'corp.example\\ada', ...blanks]) {
      assert.equal(spell(name), 'ada@corp.example')
    }
    assert.equal(spell('eve@example.net'), 'eve@example.net')
    assert.equal(spell('OTHER\\ada'), 'OTHER\\ada')
    assert.equal(open(t, { username: 'account' }).spellingOf?.('CORP\\ada'), 'ada')
  })

  test('each state of an account is told apart, and only to whoever has the password', async (t) => {
    const directory = open(t)
    const states = {
      disabled: 'disabled',
      gone: 'account-expired',
      hours: 'hours',
      desk: 'workstation',
    }
    for (const [name, why] of Object.entries(states)) {
      const check = await directory.checkPassword(name, password)
      assert.ok(check.outcome === 'wrong')
      assert.deepEqual([check.why, check.person?.username], [why, `${name}@corp.example`])
      assert.deepEqual(await bare(directory.checkPassword(name, 'Guess-no-1')), wrong('password'), name)
    }
    assert.deepEqual(await bare(directory.checkPassword('nobody', password)), wrong('unknown'))
  })

  test('an expired password and one that was reset must be changed', async (t) => {
    const directory = open(t)
    const outcome = async (name: string, given: string) => {
      const check = await bare(directory.checkPassword(name, given))
      return check.outcome === 'must-change' ? [check.why, check.person.username] : check
    }
    assert.deepEqual(await outcome('stale', password), ['expired', 'stale@corp.example'])
    assert.deepEqual(await outcome('fresh', password), ['reset', 'fresh@corp.example'])
    assert.deepEqual(await outcome('fresh', 'Guess-no-1'), wrong('password'))
  })

  test('empty passwords, and those that a server may take for empty, are not put to it', async (t) => {
    const directory = open(t)
    for (const given of ['', ' ', '\0', '\u200b']) {
      assert.deepEqual(await bare(directory.checkPassword('ada', given)), wrong('empty'))
    }
    assert.deepEqual(await bare(directory.checkPassword('ada', `${password}\0x`)), wrong('password'))
  })

  test('guesses lock an account there, and then the right password opens it no more than a wrong one', async (t) => {
    const directory = open(t, { controllers: ['dc1.corp.example'] })
    for (let i = 0; i < 3; i++) await directory.checkPassword('lockable', 'Guess-no-1')
    assert.deepEqual(await bare(directory.checkPassword('lockable', password)), wrong('locked'))
    assert.deepEqual(await bare(directory.checkPassword('lockable', 'Guess-no-1')), wrong('locked'))
    assert.equal(await directory.findPerson?.('lockable'), undefined)
  })

  test('whom somebody else has proven is found, if the account may sign in at all', async (t) => {
    const directory = open(t)
    assert.equal((await directory.findPerson?.('CORP\\ghopper'))?.username, accounts.grace.upn)
    assert.equal((await directory.findPerson?.('fresh'))?.username, 'fresh@corp.example')
    // As tickets have it: the account, or what is before the @ of the principal name, and the realm.
    for (const name of ['ghopper@CORP.EXAMPLE', 'Grace.Hopper@CORP.EXAMPLE'])
      assert.equal((await directory.findPerson?.(name))?.username, accounts.grace.upn, name)
    // Machines have tickets too.
    for (const name of ['disabled', 'gone', 'hours', 'nobody', '', 'DC1$@CORP.EXAMPLE', 'ghopper@OTHER.EXAMPLE']) {
      assert.equal(await directory.findPerson?.(name), undefined, name)
    }
  })

  test('whoever shows no password is asked for by id: what keeps an account out is told apart, and passwords do not count', async (t) => {
    const directory = open(t)
    const barOf = async (name: string) => {
      const check = await directory.checkPassword(name, password)
      const person = 'person' in check ? check.person : undefined
      return directory.barred?.(person?.uid ?? assert.fail(name))
    }
    for (const name of ['ada', 'stale', 'fresh', 'desk', 'eve@example.net'])
      assert.equal(await barOf(name), undefined, name)
    assert.deepEqual(
      [await barOf('disabled'), await barOf('gone'), await barOf('hours')],
      ['disabled', 'account-expired', 'hours'],
    )
    for (const id of ['0'.repeat(32), 'not-an-id', '*', '']) assert.equal(await directory.barred?.(id), 'unknown', id)
    await assert.rejects(
      async () => open(t, { password: new Secret('Not-ours-1') }).barred?.('0'.repeat(32)),
      unreachable,
    )
  })

  test('groups in groups count, by name or DN, and a loop of them does no harm', async (t) => {
    const directory = open(t)
    const uidOf = async (name: string) => (await directory.findPerson?.(name))?.uid ?? ''
    const [ada, grace, eve] = [
      await uidOf('ada'),
      await uidOf('grace.hopper@corp.example'),
      await uidOf('eve@example.net'),
    ]
    const members = async (group: string) =>
      Promise.all([ada, grace, eve].map(async (uid) => directory.inGroup?.(uid, group)))
    assert.deepEqual(await members('Staff'), [true, true, false])
    assert.deepEqual(await members(groups.inner), [true, true, false])
    assert.deepEqual(await members('PhoneFactor Admins'), [true, true, false])
    assert.deepEqual(await members('Domain Users'), [true, true, true], 'the primary group')
    assert.deepEqual(await members('Users'), [true, true, true], 'it is in that one')
    assert.deepEqual(await members('Domain Guests'), [false, false, false])
    assert.deepEqual(await members('No such group'), [false, false, false])
    assert.deepEqual(await members('*'), [false, false, false])
    assert.equal(await directory.inGroup?.('not-an-id', 'Staff'), false)
  })

  test('a group says who may enrol, and which accounts open the SDK', async (t) => {
    const [sqlite] = dialects
    assert.ok(sqlite)
    const [, openDatabase] = sqlite
    const groups = { enrolment: 'Staff', serviceAccounts: 'PhoneFactor Admins' }
    const given = { directory: open(t), directoryKind: 'windows', groups } as const
    const { api, from, engine } = await engineWorld(await openDatabase(), given)
    const next = async (username: string) => {
      const answer = await api.beginSignIn(from, { username, password })
      return answer.ok ? answer.value.outcome : answer.refusal
    }
    assert.equal(await next('CORP\\ada'), 'begun')
    assert.equal(await next('eve@example.net'), 'enrolment.off')
    assert.equal(await engine.checkServiceAccount('CORP\\ada', password), true)
    assert.equal(await engine.checkServiceAccount('CORP\\ada', `${password}1`), false)
    assert.equal(await engine.checkServiceAccount('eve@example.net', password), false)
  })

  test('a password is changed by whoever has the old one, by the domain’s rules', async (t) => {
    const directory = open(t, { controllers: ['dc1.corp.example'] })
    const change = (name: string, old: string, chosen: string) => directory.changePassword?.(name, old, chosen)
    assert.deepEqual(await change('fresher', 'Guess-no-1', 'Chosen-pass-2'), wrong('password'))
    assert.deepEqual(await change('fresher', password, 'short'), { outcome: 'refused', why: 'rules' })
    assert.deepEqual(await change('nobody', password, 'Chosen-pass-2'), wrong('unknown'))
    assert.deepEqual(await change('fresher', '', 'Chosen-pass-2'), wrong('empty'))
    assert.deepEqual(await change('CORP\\fresher', password, 'Chosen "päss" 2'), { outcome: 'changed' })
    assert.equal((await directory.checkPassword('fresher', 'Chosen "päss" 2')).outcome, 'right')
    assert.deepEqual(await bare(directory.checkPassword('fresher', password)), wrong('password'))
    assert.deepEqual(
      await change('fresher', 'Chosen "päss" 2', password),
      { outcome: 'refused', why: 'rules' },
      'used before',
    )
    assert.equal(open(t, { changePasswords: false }).changePassword, undefined)
  })

  test('no certificate that is trusted, no password', async (t) => {
    const other = open(t, { ca: undefined })
    await assert.rejects(other.checkPassword('ada', password), untrusted)
  })

  test('our own account being refused is an outage, and nobody’s wrong password', async (t) => {
    const directory = open(t, { password: new Secret('Not-ours-1') })
    await assert.rejects(directory.checkPassword('ada', password), unreachable)
  })

  test('of 100 sign-ins none fails when a controller hangs among them, and none waits for it', async (t) => {
    // Longer than this test may take.
    const directory = open(t, { timeoutMs: 600_000 })
    const [first] = samba.controllers
    t.after(() => first.thaw())
    const outcomes: string[] = []
    const client = async (_: unknown, number: number) => {
      for (let i = 0; i < 10; i++) {
        if (number === 0 && i === 4) first.freeze()
        outcomes.push((await directory.checkPassword('ada', password)).outcome)
      }
    }
    await Promise.all(Array.from({ length: 10 }, client))
    assert.deepEqual(
      outcomes,
      Array.from({ length: 100 }, () => 'right'),
    )
  })

  test('of 100 sign-ins none fails while a controller lives, whichever dies among them', async (t) => {
    const directory = open(t)
    const [first, second] = samba.controllers
    assert.ok(second)
    let done = 0
    const signIn = async () => {
      const check = await directory.checkPassword('ada', password)
      if (++done === 40) await first.kill()
      return check.outcome
    }
    const outcomes: string[] = []
    const client = async () => {
      for (let i = 0; i < 10; i++) outcomes.push(await signIn())
    }
    await Promise.all(Array.from({ length: 10 }, client))
    assert.deepEqual(
      outcomes,
      Array.from({ length: 100 }, () => 'right'),
    )

    await second.kill()
    await assert.rejects(directory.checkPassword('ada', password), unreachable)
    await first.start()
    assert.equal((await directory.checkPassword('ada', password)).outcome, 'right')
    await second.start()
  })
}
