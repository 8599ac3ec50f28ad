import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, describe, type TestContext, test } from 'node:test'
import { Attribute, Change, Client } from 'ldapts'
import { sambaIsInstalled, startSamba } from '../../dev/hosts/samba.ts'
import { rootDn, slapdIsInstalled, startSlapd } from '../../dev/hosts/slapd.ts'
import { AppError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import type { PeopleSource, SourcePerson } from '../../src/core/sync/source.ts'
import { usualAttributes } from '../../src/outbound/directory/ldap-config.ts'
import type { PeopleConfig } from '../../src/outbound/directory/people-config.ts'
import { peopleSource } from '../../src/outbound/directory/people-source.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { silent } from '../engine.ts'
import { follower } from '../sync/follower.ts'

/** A real directory with an administrator at it. */
type World = {
  from: PeopleConfig['from']
  /** Where the test's own people are. */
  base: string
  admin: Client
  entry(name: string): Record<string, string | string[]>
  groupClass: string
  stop(): Promise<void>
}

const attributes: PeopleConfig['attributes'] = {
  ...{ firstName: 'givenName', lastName: 'sn', description: 'description', language: 'preferredLanguage' },
  languages: { call: 'employeeType', text: 'title', app: 'departmentNumber' },
  phones: { business: 'telephoneNumber', mobile: 'mobile', fax: 'facsimileTelephoneNumber', custom: undefined },
}
const timeoutMs = 30_000

async function onSlapd(): Promise<World> {
  const slapd = await startSlapd({ administrator: 'root-password' })
  const { baseDn, bindDn, bindPassword, ldapsUrl, ca } = slapd
  const ldap = {
    ...{ url: ldapsUrl, startTls: false, ca, bindDn, bindPassword: new Secret(bindPassword), baseDn },
    attributes: usualAttributes,
    timeoutMs,
  }
  return {
    from: { kind: 'ldap', ldap },
    base: baseDn,
    admin: await administrator(ldapsUrl, ca, rootDn, 'root-password'),
    entry: (name) => ({ objectClass: ['inetOrgPerson'], uid: name, cn: name, sn: name }),
    groupClass: 'groupOfNames',
    stop: slapd.stop,
  }
}

async function onSamba(): Promise<World> {
  const samba = await startSamba()
  const { domain, netbios, dns, ca, service, administrator: owner, controllers } = samba
  const windows = {
    ...{ domain, netbios, controllers: [], trusted: [], dns: [dns], security: 'ldaps' as const, ca },
    ...{ account: service.name, password: new Secret(service.password), username: 'upn' as const },
    ...{ changePasswords: false, timeoutMs },
  }
  return {
    from: { kind: 'windows', windows },
    base: samba.baseDn,
    admin: await administrator(controllers[0].ldapsUrl, ca, owner.name, owner.password),
    entry: (name) => ({
      ...{ objectClass: ['user'], sAMAccountName: name, userPrincipalName: `${name}@${domain}`, sn: name },
      userAccountControl: '544',
    }),
    groupClass: 'group',
    stop: samba.stop,
  }
}

async function administrator(url: string, ca: string, dn: string, password: string): Promise<Client> {
  const client = new Client({ url, tlsOptions: { ca } })
  await client.bind(dn, password)
  return client
}

for (const [where, installed, start] of [
  ['slapd', slapdIsInstalled(), onSlapd],
  ['Samba', sambaIsInstalled(), onSamba],
] as const) {
  if (installed) describe(`people as ${where} has them`, () => suite(start))
  else test.skip(`people as ${where} has them: it is not installed`, () => {})
}

function suite(start: () => Promise<World>) {
  let world: World
  let base: string
  // A hook has no more time than one test: a busy machine makes no domain in it.
  before(
    async () => {
      world = await start()
      base = `OU=Synced,${world.base}`
      await world.admin.add(base, { objectClass: 'organizationalUnit', ou: 'Synced' })
      for (const unit of ['A', 'B'])
        await world.admin.add(`OU=${unit},${base}`, { objectClass: 'organizationalUnit', ou: unit })
    },
    { timeout: 600_000 },
  )
  after(async () => {
    await world?.admin.unbind()
    await world?.stop()
  })

  function open(t: TestContext, changes: Partial<PeopleConfig> = {}, clock = systemClock): PeopleSource {
    const config = { from: world.from, attributes, filters: {}, pageSize: 7, most: 10_000, pageMs: 30_000, ...changes }
    const source = peopleSource(config, { log: silent, clock, random: systemRandom })
    t.after(() => source.close())
    return source
  }
  const dnOf = (name: string, unit = 'A') => `CN=${name},OU=${unit},${base}`
  const add = (name: string, more: Record<string, string | string[]> = {}, unit = 'A') =>
    world.admin.add(dnOf(name, unit), { ...world.entry(name), ...more })
  const replace = (dn: string, type: string, values: string[]) =>
    world.admin.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values }) }))
  const plainName = ({ username }: SourcePerson) => username.split('@')[0]

  test('a person comes with all that is asked for', async (t) => {
    await add('ann', {
      ...{ givenName: 'Ann', sn: 'Ng', displayName: 'Ann Ng', mail: 'ann@example.test', description: 'at the desk' },
      ...{ telephoneNumber: '+1 206 555 0101 x890', mobile: '+1 206 555 0102', preferredLanguage: 'de' },
      ...{ employeeType: 'DE', title: 'en-GB' },
    })
    const { people, catchUp } = follower(open(t), { base })
    await catchUp()
    const [ann] = people.values()
    assert.ok(ann)
    const { uid, dn, username: _, ...rest } = ann
    assert.match(uid, /^[0-9a-f-]{32,36}$/)
    assert.equal(dn.toLowerCase(), dnOf('ann').toLowerCase())
    assert.deepEqual(rest, {
      ...{ enabled: true, firstName: 'Ann', lastName: 'Ng', displayName: 'Ann Ng', mail: 'ann@example.test' },
      ...{ description: 'at the desk', group: undefined, language: 'de', extension: undefined },
      languages: { call: 'DE', text: 'en-GB' },
      phones: { business: ['+1 206 555 0101 x890'], mobile: ['+1 206 555 0102'] },
    })
    assert.equal(plainName(ann), 'ann')
  })

  test('changes alone bring what reading all brings: renames, moves, removals, groups, states', async (t) => {
    const source = open(t)
    const group = `CN=Readers,${base}`
    const names = Array.from({ length: 25 }, (_, i) => `p${i}`)
    for (const name of names) await add(name)
    await world.admin.add(group, {
      objectClass: world.groupClass,
      cn: 'Readers',
      member: names.slice(0, 5).map((name) => dnOf(name)),
    })
    const places = new Map(names.map((name) => [name, dnOf(name)]))
    const scopes = [{ base }, { base: `OU=A,${base}` }, { base, group }]
    const followers = scopes.map((scope) => follower(source, scope))
    for (const each of followers) assert.equal((await each.catchUp()).whole, true)
    assert.equal(followers[2]?.people.size, 5)

    let serial = 0
    const acts: ((name: string, dn: string) => Promise<void>)[] = [
      (_, dn) => replace(dn, 'description', [`changed ${++serial}`]),
      async (name, dn) => {
        const moved = dn.includes('OU=A,') ? dn.replace('OU=A,', 'OU=B,') : dn.replace('OU=B,', 'OU=A,')
        await world.admin.modifyDN(dn, moved)
        places.set(name, moved)
      },
      async (name, dn) => {
        const renamed = dn.replace(/^CN=[^,]+/, `CN=${name}-${++serial}`)
        await world.admin.modifyDN(dn, renamed)
        places.set(name, renamed)
      },
      async (name, dn) => {
        await world.admin.del(dn)
        places.delete(name)
      },
      async () => {
        const members = [...places.values()].filter(() => randomInt(3) === 0)
        await replace(group, 'member', [...members, ...places.values()].slice(0, Math.max(1, members.length)))
      },
      async () => {
        const name = `new${++serial}`
        await add(name)
        places.set(name, dnOf(name))
      },
    ]
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 4; i++) {
        const [name, dn] = [...places][randomInt(places.size)] ?? []
        const act = acts[randomInt(acts.length)]
        if (act && name !== undefined && dn !== undefined) await act(name, dn)
      }
      for (const [i, scope] of scopes.entries()) {
        const one = followers[i] as ReturnType<typeof follower>
        const { whole } = await one.catchUp()
        assert.equal(whole, false)
        const all = follower(source, scope)
        await all.catchUp({ whole: true })
        const sorted = (people: Map<string, SourcePerson>) =>
          [...people.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1))
        assert.deepEqual(sorted(one.people), sorted(all.people), JSON.stringify(scope))
      }
    }
  })

  test('nothing changed, nothing read; one changed, little', async (t) => {
    const one = follower(open(t), { base })
    await one.catchUp()
    const { size } = one.people
    assert.ok(size > 10)
    await one.catchUp()
    await replace(dnOf('ann'), 'description', ['moved to the other desk'])
    const { read } = await one.catchUp()
    assert.ok(read >= 1 && read < size, `${read} of ${size}`)
    assert.ok([...one.people.values()].some(({ description }) => description === 'moved to the other desk'))
  })

  test('members of groups in groups are in; a loop does no harm; a group that is not there is an error', async (t) => {
    const [outer, inner] = [`CN=Outer,${base}`, `CN=Inner,${base}`]
    for (const name of ['q1', 'q2']) await add(name, {}, 'B')
    await world.admin.add(inner, { objectClass: world.groupClass, cn: 'Inner', member: [dnOf('q1', 'B')] })
    await world.admin.add(outer, { objectClass: world.groupClass, cn: 'Outer', member: [inner, dnOf('q2', 'B')] })
    await world.admin.modify(
      inner,
      new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [outer] }) }),
    )
    const source = open(t)
    const one = follower(source, { base, group: outer })
    await one.catchUp()
    assert.deepEqual([...one.people.values()].map(plainName).sort(), ['q1', 'q2'])
    const gone = follower(source, { base, group: `CN=Gone,${base}` })
    await assert.rejects(gone.catchUp(), (error) => {
      assert.ok(error instanceof AppError && error.code === 'directory.missing')
      assert.match(error.message, /there is no group CN=Gone/)
      return true
    })
    assert.equal(gone.people.size, 0)
    for (const [scope, isThere] of [
      [{ base, group: outer }, true],
      [{ base: `OU=B,${base}` }, true],
      [{ base, group: `CN=Gone,${base}` }, false],
      [{ base: `OU=Gone,${base}` }, false],
      [{ base: 'people' }, false],
    ] as const)
      assert.equal(await source.has(scope), isThere, scope.base)
  })

  if (start === onSamba)
    test('whose primary group it is, or one in it, is in it too: it does not list them', async (t) => {
      const [users, all] = [`CN=Domain Users,CN=Users,${world.base}`, `CN=All,${base}`]
      await world.admin.add(all, { objectClass: 'group', cn: 'All', groupType: '-2147483644', member: users })
      const everybody = follower(open(t), { base })
      await everybody.catchUp()
      for (const group of [users, all]) {
        const one = follower(open(t), { base, group })
        await one.catchUp()
        assert.deepEqual([...one.people.keys()].sort(), [...everybody.people.keys()].sort())
        await replace(dnOf('ann'), 'description', [`seen by ${group}`])
        await one.catchUp()
        assert.ok([...one.people.values()].some(({ description }) => description === `seen by ${group}`))
      }
      const guests = follower(open(t), { base, group: `CN=Domain Guests,CN=Users,${world.base}` })
      await guests.catchUp()
      assert.equal(guests.people.size, 0)
    })

  if (start === onSamba)
    test('an account that has expired is one that is disabled, until it is prolonged', async (t) => {
      await add('ended', { accountExpires: '132000000000000000' })
      const one = follower(open(t), { base, filter: '(sAMAccountName=ended)' })
      const enabled = () => [...one.people.values()].map((person) => person.enabled)
      await one.catchUp()
      assert.deepEqual(enabled(), [false])
      await replace(dnOf('ended'), 'accountExpires', ['0'])
      await one.catchUp()
      assert.deepEqual(enabled(), [true])
    })

  if (start === onSamba)
    test('a contact is no user', async (t) => {
      const dn = `CN=contact,OU=B,${base}`
      await world.admin.add(dn, { objectClass: 'contact', cn: 'contact', mail: 'contact@example.test' })
      const one = follower(open(t), { base: `OU=B,${base}`, filter: '(cn=contact)' })
      await one.catchUp()
      assert.equal(one.people.size, 0)
      assert.equal((await one.catchUp()).read, 0)
    })

  if (start === onSlapd) {
    test('whoever has no user name is handed over all the same, with a number of each value', async (t) => {
      const person = {
        objectClass: 'inetOrgPerson',
        cn: 'nameless',
        sn: 'Nameless',
        mobile: ['ask me', '+1 206 555 0101'],
      }
      await world.admin.add(dnOf('nameless'), person)
      const one = follower(open(t, { filters: { person: '(sn=Nameless)' } }), { base })
      await one.catchUp()
      const found = [...one.people.values()].map(({ username, phones }) => [
        username,
        [...(phones.mobile ?? [])].sort(),
      ])
      assert.deepEqual(found, [['', ['+1 206 555 0101', 'ask me']]])
    })

    test('a scope outside of where people usually are misses no change', async (t) => {
      const { from } = world
      assert.ok(from.kind === 'ldap')
      const source = open(t, { from: { ...from, ldap: { ...from.ldap, baseDn: `OU=A,${base}` } } })
      await add('outside', {}, 'B')
      const one = follower(source, { base: `OU=B,${base}`, filter: '(uid=outside)' })
      await one.catchUp()
      await replace(dnOf('outside', 'B'), 'description', ['changed outside'])
      assert.equal((await one.catchUp()).whole, false)
      assert.deepEqual(
        [...one.people.values()].map(({ description }) => description),
        ['changed outside'],
      )
      const [uid = ''] = one.people.keys()
      assert.equal((await source.fetch([uid], `OU=B,${base}`)).length, 1)
    })

    test('a posixGroup has whom it lists by name, and whose primary group it is; groups may be elsewhere', async (t) => {
      const { from } = world
      assert.ok(from.kind === 'ldap')
      const groups = `OU=Groups,${world.base}`
      const number = 'gidNumber'
      await world.admin.add(groups, { objectClass: 'organizationalUnit', ou: 'Groups' })
      await world.admin.add(`CN=Posix,${groups}`, {
        objectClass: 'posixGroup',
        cn: 'Posix',
        [number]: '700',
        memberUid: 'x1',
      })
      await world.admin.add(`CN=Number,${groups}`, { objectClass: 'posixGroup', cn: 'Number', [number]: '701' })
      await world.admin.add(`CN=Both,${groups}`, {
        ...{ objectClass: 'groupOfNames', cn: 'Both' },
        member: [`CN=Posix,${groups}`, dnOf('x3', 'B')],
      })
      const classes = { objectClass: ['inetOrgPerson', 'posixAccount'], uidNumber: '1', homeDirectory: '/' }
      for (const [name, gid] of [
        ['x1', '1'],
        ['x2', '700'],
        ['x3', '701'],
        ['x4', '2'],
      ] as const)
        await add(name, { ...classes, [number]: gid }, 'B')
      const source = open(t, { from: { ...from, ldap: { ...from.ldap, baseDn: base, groupBaseDn: groups } } })
      for (const [group, expected] of [
        ['Posix', ['x1', 'x2']],
        ['Number', ['x3']],
        ['Both', ['x1', 'x2', 'x3']],
      ] as const) {
        const one = follower(source, { base, group: `cn=${group},${groups}` })
        await one.catchUp()
        assert.deepEqual([...one.people.values()].map(plainName).sort(), expected)
        await replace(dnOf('x4', 'B'), number, ['700'])
        await one.catchUp()
        assert.equal(
          [...one.people.values()].some(({ username }) => username === 'x4'),
          group !== 'Number',
        )
        await replace(dnOf('x4', 'B'), number, ['2'])
        await one.catchUp()
        assert.deepEqual([...one.people.values()].map(plainName).sort(), expected)
      }
      assert.deepEqual(
        (await source.find('group', 'Posi', 5)).map(({ name }) => name),
        ['Posix'],
      )
    })

    test('a server that is back from a backup is read whole', async (t) => {
      const source = open(t)
      const { cursor = '' } = await source.read({ base }, undefined, async () => {})
      const later = cursor.replaceAll(/"\d{4}(\d{10}\.)/g, '"2099$1')
      assert.notEqual(later, cursor)
      assert.equal((await source.read({ base }, later, async () => {})).whole, true)
      assert.equal((await source.read({ base }, cursor, async () => {})).whole, false)
    })

    test('who changed is read again when they cannot be found by their id', async (t) => {
      const source = open(t)
      const scope = { base: `OU=B,${base}` }
      await add('leaver', {}, 'B')
      const first = await source.read(scope, undefined, async () => {})
      for (const name of ['leaver', ...Array.from({ length: 8 }, (_, i) => `late${i}`)]) {
        if (name !== 'leaver') await add(name, {}, 'B')
        else await replace(dnOf(name, 'B'), 'description', ['about to leave'])
      }
      // Gone after the list, and before their page of entries: the first page is taken in between.
      let left = false
      const { cursor, present } = await source.read(scope, first.cursor, async (page) => {
        if (left || page.length === 0) return
        left = true
        await world.admin.del(dnOf('late7', 'B'))
      })
      assert.ok(left && present.size > 8)
      assert.equal(cursor, undefined)
    })

    test('where only times tell of changes, a clock of ours that is ahead misses none', async (t) => {
      const ahead = { now: () => new Date(Date.now() + 3_600_000) }
      // Spelled so, it is below no naming context that we recognise, and no change sequence numbers are found.
      const scope = { base: base.replace('dc=example', 'dc=ex\\61mple'), filter: '(uid=ann)' }
      const one = follower(open(t, {}, ahead), scope)
      await one.catchUp()
      await replace(dnOf('ann'), 'description', ['changed an hour ago, by our clock'])
      assert.equal((await one.catchUp()).whole, false)
      assert.equal([...one.people.values()][0]?.description, 'changed an hour ago, by our clock')
    })
  }

  test('containers and groups are found by a part of their name', async (t) => {
    const source = open(t)
    assert.deepEqual(
      (await source.find('container', 'ynce', 5)).map(({ name }) => name),
      ['Synced'],
    )
    assert.deepEqual(
      (await source.find('group', 'Oute', 5)).map(({ name }) => name),
      ['Outer'],
    )
    assert.deepEqual(await source.find('group', '*)(cn=*', 5), [])
    assert.equal((await source.find('container', '', 2)).length, 2)
  })

  test('a base that is not there, more than asked for, and a filter: an error, or just those', async (t) => {
    const take = async () => {}
    await assert.rejects(open(t).read({ base: `OU=Gone,${world.base}` }, undefined, take), {
      code: 'directory.missing',
    })
    await assert.rejects(open(t, { most: 3 }).read({ base }, undefined, take), { code: 'directory.unreachable' })
    const one = follower(open(t), { base, filter: '(preferredLanguage=de)' })
    await one.catchUp()
    assert.deepEqual([...one.people.values()].map(plainName), ['ann'])
  })
}
