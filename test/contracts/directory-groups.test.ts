import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Directory } from '../../src/core/directory.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { engineWorld, handClock, noon, password } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const off = { ok: false, refusal: 'enrolment.off' }
const unreachable = { name: 'AppError', code: 'directory.unreachable' }
const machine = 'CORP\\sallyport'
const place = '192.0.2.7'

for (const [dialect, open] of dialects) {
  describe(`the group of those who may enrol, on ${dialect}`, () => {
    test('opens User Setup for its members alone, and bars nobody who is enrolled', async () => {
      const { api, from, directory, begin } = await world()
      directory.people.push({ uid: 'uid-carol', username: 'carol' })
      directory.groups['MFA Users'] = ['uid-bob']

      const answer = await api.beginSignIn(from, { username: 'bob', password })
      assert.ok(answer.ok && answer.value.outcome === 'begun' && answer.value.next === 'user-setup')
      assert.deepEqual(await api.beginSignIn(from, { username: 'carol', password }), off)
      assert.ok(await begin('alice'), 'enrolled, and no member')
    })

    test('tells nobody anything before the password was right', async () => {
      const { api, from, directory } = await world()
      directory.groups['MFA Users'] = ['uid-alice']
      for (const username of ['bob', 'nobody'])
        assert.deepEqual(await api.beginSignIn(from, { username, password: 'a guess' }), {
          ok: false,
          refusal: 'credentials.wrong',
        })
    })

    test('lets nobody enrol while it cannot be asked, nor where the directory has no groups', async () => {
      const directory = peopleDirectory('bob')
      const failing = await world({
        ...directory,
        inGroup: async () => {
          directory.down = true
          return directory.inGroup('uid-bob', 'MFA Users')
        },
      })
      await assert.rejects(failing.api.beginSignIn(failing.from, { username: 'bob', password }), unreachable)

      const { inGroup: _, ...groupless } = peopleDirectory('bob')
      const { api, from } = await world(groupless)
      assert.deepEqual(await api.beginSignIn(from, { username: 'bob', password }), off)
    })

    test('lets nobody enrol whom the directory gives no id', async () => {
      const directory = peopleDirectory()
      directory.groups['MFA Users'] = ['uid-bob']
      directory.people.push({ uid: undefined, username: 'bob' })
      const { api, from } = await world(directory)
      assert.deepEqual(await api.beginSignIn(from, { username: 'bob', password }), off)
    })
  })

  describe(`service accounts of the directory, on ${dialect}`, () => {
    test('are the members of the group, by their own password, asked for once a minute', async () => {
      const { check, directory, clock, events } = await world()

      for (let i = 0; i < 5; i++) assert.equal(await check(machine, password, place), true)
      assert.equal(directory.asked, 1)
      clock.advance(2)
      assert.equal(await check(machine, password, place), true)
      assert.equal(directory.asked, 2)
      assert.deepEqual(await events(), [['service-account.proven', { account: machine }]], 'told once')

      directory.groups.Machines = []
      clock.advance(2)
      assert.equal(await check(machine, password, place), false)
      assert.deepEqual((await events()).at(-1), ['service-account.refused', { account: machine, why: 'group' }])
    })

    test('are nobody else, and what is refused is not remembered', async () => {
      const { check, directory, events } = await world()

      assert.equal(await check('alice', password, place), false, 'no member')
      assert.equal(await check('nobody', password, place), false)
      assert.equal(await check(machine, '', place), false)
      assert.equal(await check(machine, 'a guess', place), false)
      assert.equal(await check(machine, 'a guess', place), false)
      assert.equal(directory.asked, 5)
      const whys = (await events()).map(([, { why }]) => why)
      assert.deepEqual(whys, ['group', 'unknown', 'password', 'password', 'password'])
      assert.equal(await check(machine, password, place), true)
    })

    test('are remembered by name and password, whole', async () => {
      const { check, directory } = await world()
      const long = 'x'.repeat(60)
      directory.people.push({ uid: 'uid-long', username: long })
      directory.groups.Machines?.push('uid-long')
      assert.equal(await check(machine, password, place), true)
      assert.equal(await check(long, password, place), true)

      directory.down = true
      assert.equal(await check(long, password, place), true, 'out of memory')
      const others = [
        [long, `${password}1`],
        [long, password.slice(0, -1)],
        [`${long}${password.slice(0, 1)}`, password.slice(1)],
        [machine, `${'y'.repeat(72)}${password}`],
        ['CORP\\SALLYPORT', password],
      ] as const
      for (const [name, given] of others) await assert.rejects(check(name, given, place), unreachable, name)
    })

    test('cannot be locked there by guesses at the SDK: they are counted with those of the sign-in page', async () => {
      const { check, api, from, directory, clock } = await world()
      for (let i = 0; i < 30; i++) assert.equal(await check('alice', `guess ${i}`, place), false)
      assert.equal(directory.asked, 4, 'password.free_tries')

      const answer = await api.beginSignIn({ ...from, address: place }, { username: 'alice', password })
      assert.ok(answer.ok && answer.value.outcome === 'wait')
      clock.advance(20)
      for (let i = 0; i < 60; i++) await check('alice', `guess ${i}`, `198.51.100.${i}`)
      assert.ok(directory.asked <= 4 + 30, `asked ${directory.asked} times by ever new addresses`)
    })

    test('are not held up where they were right before by guesses from elsewhere', async () => {
      const { check, clock } = await world()
      assert.equal(await check(machine, password, place), true)
      for (let i = 0; i < 45; i++) {
        // The waits of strangers grow to 15 minutes, and are forgotten after an hour.
        if (i > 30) clock.advance(16)
        await check(machine, `guess ${i}`, `198.51.100.${i}`)
      }
      clock.advance(2)
      // As nobody has typed it yet: what was right before is held up nowhere.
      assert.equal(await check(machine.toUpperCase(), password, '203.0.113.1'), false, 'held up elsewhere')
      assert.equal(await check(machine, password, place), true)
    })

    test('that were right lately are held up by no guesses from their own place, and give those no tries', async () => {
      const clock = standingClock()
      const { check, directory } = await world(undefined, clock)
      assert.equal(await check(machine, password, place), true)
      clock.advance(2)
      const guesses = async () => {
        const before = directory.asked
        for (let i = 0; i < 80; i++) await check(i % 2 ? machine : `name-${i}`, `guess ${i}`, place)
        return directory.asked - before
      }
      for (let i = 0; i < 2; i++) assert.ok((await guesses()) > 0)
      assert.equal(await guesses(), 0, 'all tries of that place are spent')
      assert.equal(await check('alice', password, place), false, 'of whoever was not there before as well')

      const before = directory.asked
      directory.down = true
      await assert.rejects(check(machine, password, place), unreachable)
      directory.down = false
      const all = await Promise.all(Array.from({ length: 50 }, () => check(machine, password, place)))
      assert.ok(all.every((isRight) => isRight))
      assert.equal(directory.asked, before + 2)
      assert.equal(await guesses(), 0)

      clock.advance(24 * 60)
      for (let i = 0; i < 2; i++) await guesses()
      assert.equal(await check(machine, password, place), false, 'lately is a day')
    })

    test('of which the directory knows another password cost one try, from however many places at once, and are guesses then', async () => {
      const clock = standingClock()
      const { check, directory } = await world(undefined, clock)
      assert.equal(await check(machine, password, place), true)
      clock.advance(2)
      const places = Array.from({ length: 50 }, (_, i) => `192.0.2.${i % 5}`)
      for (const each of places) await check(machine, 'a guess', each)
      const before = directory.asked
      const [gone] = directory.people.splice(
        directory.people.findIndex(({ username }) => username === machine),
        1,
      )

      const all = await Promise.all(places.map((each) => check(machine, password, each)))
      assert.ok(all.every((isRight) => !isRight))
      assert.equal(directory.asked, before + 1)

      directory.people.push(gone ?? assert.fail())
      assert.equal(await check(machine, password, '192.0.2.0'), false, 'a guess, where all tries are spent')
      assert.equal(directory.asked, before + 1)
      clock.advance(60)
      assert.equal(await check(machine, password, '192.0.2.0'), true)
    })

    test('are no outage’s victims: it costs no try', async () => {
      const { check, directory } = await world()
      directory.down = true
      for (let i = 0; i < 10; i++) await assert.rejects(check(machine, password, place), unreachable)
      directory.down = false
      assert.equal(await check(machine, password, place), true)
    })

    test('that have a row here too are asked for here alone; without the group the directory is not asked', async () => {
      const { api, operator, check, directory } = await world()
      await api.setServiceAccount(operator, { name: machine, password: 'a-long-password-of-it' })
      assert.equal(await check(machine, password, place), false)
      assert.equal(await check(machine, 'a-long-password-of-it', place), true)
      assert.equal(directory.asked, 0)

      const other = peopleDirectory(machine)
      const { engine } = await engineWorld(await open(), { directory: other })
      assert.equal(await engine.checkServiceAccount(machine, password, place), false)
      assert.equal(other.asked, 0)
    })
  })

  async function world<D extends Directory = ReturnType<typeof peopleDirectory>>(given?: D, clock = handClock()) {
    const directory = peopleDirectory('alice', 'bob', machine)
    directory.groups.Machines = [`uid-${machine}`]
    const database = await open()
    const groups = { enrolment: 'MFA Users', serviceAccounts: 'Machines' }
    const world = await engineWorld(database, { directory: given ?? directory, groups, clock })
    return {
      ...world,
      directory,
      check: world.engine.checkServiceAccount,
      async events(): Promise<[string, Record<string, unknown>][]> {
        const rows = await database.rows(
          sql`SELECT what, facts FROM audit WHERE what IN ('service-account.proven', 'service-account.refused') ORDER BY seq`,
        )
        return rows.map(({ what, facts }) => [String(what), JSON.parse(String(facts))])
      },
    }
  }
}

/** Waits that are over by themselves would be tries. */
function standingClock() {
  let at = noon.getTime()
  return {
    now: () => new Date(at),
    advance(minutes: number) {
      at += minutes * 60_000
    },
  }
}
