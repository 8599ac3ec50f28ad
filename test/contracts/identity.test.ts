import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Directory } from '../../src/core/directory.ts'
import { fillLikenesses } from '../../src/storage/fill-likenesses.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { alicePhone, engineWorld, handClock, password } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

const wrong = { ok: false, refusal: 'credentials.wrong' }

for (const [dialect, open] of dialects) {
  describe(`who somebody is in the directory, on ${dialect}`, () => {
    test('a name that the directory gave to somebody else opens nothing', async () => {
      const { api, from, directory, database, begin } = await world()
      await begin('alice')
      personOf(directory, 'alice').uid = 'uid-of-the-new-alice'

      assert.deepEqual(await api.beginSignIn(from, { username: 'alice', password }), wrong)

      const [event] = await database.rows({ parts: ['SELECT what FROM audit ORDER BY seq DESC LIMIT 1'], values: [] })
      assert.equal(event?.what, 'identity.conflict')
      const open = await database.rows({ parts: ['SELECT id FROM sign_in'], values: [] })
      assert.equal(open.length, 1)
    })

    test('whoever is renamed keeps the record with its second step, and the old name is free', async () => {
      const { api, from, directory, begin, codeAfter } = await world()
      await codeAfter(alicePhone, () => begin('alice'))
      personOf(directory, 'alice').username = 'alice.jones'

      const { value: half, code } = await codeAfter(alicePhone, () => begin('Alice.Jones'))
      const passed = await api.answerSecondStep({ ...from, session: half }, { method: 'text', code })
      assert.ok(passed.ok && passed.value.outcome === 'passed')
      const account = await api.readAccount({ ...from, session: passed.value.session }, {})
      assert.ok(account.ok)
      assert.equal(account.value.username, 'alice.jones')

      directory.people.push({ uid: 'uid-another', username: 'alice' })
      const another = await api.beginSignIn(from, { username: 'alice', password })
      assert.ok(another.ok && another.value.outcome === 'begun' && another.value.next === 'user-setup')
    })

    test('whoever was added by name, and comes by several windows at once, is let in by each', async () => {
      const { api, database } = await world()
      const all = Array.from({ length: 20 }, (_, i) =>
        api.beginSignIn({ address: `198.51.100.${i}` }, { username: 'alice', password }),
      )
      for (const each of await Promise.all(all)) assert.ok(each.ok && each.value.outcome === 'begun')
      const events = await database.rows(sql`SELECT what FROM audit WHERE what LIKE 'identity.%'`)
      assert.deepEqual(
        events.map(({ what }) => what),
        ['identity.bound'],
      )
    })

    test('whose name here cannot be one is refused, and the audit says so', async () => {
      const { api, from, directory, database } = await world()
      directory.people.push({ uid: 'uid-odd', username: 'odd' })
      const { checkPassword } = directory
      directory.checkPassword = async (username, typed) => {
        const check = await checkPassword(username, typed)
        return check.outcome === 'right' ? { ...check, person: { ...check.person, username: 'o\u0007dd' } } : check
      }
      assert.deepEqual(await api.beginSignIn(from, { username: 'odd', password }), wrong)
      const [event] = await database.rows(sql`SELECT what, facts FROM audit ORDER BY seq DESC LIMIT 1`)
      assert.deepEqual({ ...event }, { what: 'password.unknown-user', facts: '{"why":"unknown"}' })
    })

    test('details that cannot be kept are left out, and keep nobody out', async () => {
      const { directory, begin, database } = await world()
      Object.assign(personOf(directory, 'alice'), {
        displayName: 'Al\0ice\n\u001b[2JAdams',
        mail: 'a@x.test\r\nBcc: b',
      })
      Object.assign(personOf(directory, 'bob'), { displayName: 'x'.repeat(257), mail: ' bob@example.test ' })
      for (const name of ['alice', 'bob']) for (const _ of ['bound', 'refreshed']) await begin(name)
      const rows = await database.rows(sql`SELECT display_name, mail FROM users ORDER BY username`)
      assert.deepEqual(
        rows.map(({ display_name, mail }) => [display_name, mail]),
        [
          ['Al ice [2JAdams', null],
          [null, 'bob@example.test'],
        ],
      )
    })

    test('another mail address is told to the one from before, once, in however many windows it shows', async () => {
      const { api, directory, begin, database } = await world()
      personOf(directory, 'bob').mail = 'bob@old.example'
      for (const _ of ['bound', 'refreshed']) await begin('bob')
      personOf(directory, 'bob').mail = 'bob@new.example'
      const all = Array.from({ length: 8 }, (_, i) =>
        api.beginSignIn({ address: `198.51.100.${i}` }, { username: 'bob', password }),
      )
      for (const each of await Promise.all(all)) assert.ok(each.ok && each.value.outcome === 'begun')
      const mails = await database.rows(sql`SELECT recipient FROM delivery WHERE kind = 'mail'`)
      assert.deepEqual(
        mails.map(({ recipient }) => recipient),
        ['bob@old.example'],
      )
    })

    test('of somebody who is synchronised a sign-in changes nothing: the rules of their item do', async () => {
      const { directory, begin, database } = await world()
      await begin('alice')
      await database.write((tx) =>
        tx.rows(sql`INSERT INTO sync_item (id, name, position, scope, rules) VALUES ('i', 'Staff', 1, '{}', '{}')`),
      )
      await database.write((tx) =>
        tx.rows(
          sql`UPDATE users SET sync_item = 'i', display_name = 'Alice Adams', mail = 'own@example.test' WHERE username = 'alice'`,
        ),
      )
      Object.assign(personOf(directory, 'alice'), { displayName: undefined, mail: 'other@example.test' })
      await begin('alice')
      const [row] = await database.rows(sql`SELECT display_name, mail FROM users WHERE username = 'alice'`)
      assert.deepEqual([row?.display_name, row?.mail], ['Alice Adams', 'own@example.test'])
    })

    test("a rename to a name that is another user's here leaves both records as they are", async () => {
      const { api, from, directory, begin, database } = await world()
      await begin('alice')
      await begin('bob')
      directory.people.splice(0, directory.people.length, { uid: 'uid-alice', username: 'bob' })

      const answer = await api.beginSignIn(from, { username: 'bob', password })

      assert.ok(answer.ok && answer.value.outcome === 'begun' && answer.value.next === 'second-step', 'it is Alice')
      const rows = await database.rows({
        parts: ["SELECT username FROM users WHERE directory_uid IN ('uid-alice', 'uid-bob') ORDER BY 1"],
        values: [],
      })
      assert.deepEqual(
        rows.map(({ username }) => username),
        ['alice', 'bob'],
      )
    })
  })

  describe(`somebody by another of their names, on ${dialect}`, () => {
    test('is tried under that one too, and the audit knows whose password was guessed at', async () => {
      const { api, from, begin, database } = await world()
      await begin('alice')
      assert.deepEqual(await api.beginSignIn(from, { username: 'al', password: 'a guess' }), wrong)
      assert.deepEqual(await api.beginSignIn(from, { username: 'nobody', password }), wrong)
      const events =
        await database.rows(sql`SELECT what, username FROM audit LEFT JOIN users ON users.id = audit.user_id
        WHERE what LIKE 'password.%' ORDER BY seq`)
      assert.deepEqual(
        events.map(({ what, username }) => [what, username]),
        [
          ['password.right', 'alice'],
          ['password.wrong', 'alice'],
          ['password.unknown-user', null],
        ],
      )
    })

    test('is let in where they are known, however many strangers guess', async () => {
      const { api, signIn, begin } = await world()
      await signIn('al', alicePhone)
      await begin('al')
      const outcomes = []
      for (let i = 0; i < 32; i++) {
        const stranger = { address: `198.51.${i}.1` }
        const answer = await api.beginSignIn(stranger, { username: 'al', password: 'a guess' })
        outcomes.push(answer.ok ? answer.value.outcome : 'wrong')
      }
      assert.deepEqual(outcomes.slice(29), ['wrong', 'wait', 'wait'])
      await begin('al')
    })

    async function world() {
      const inner = peopleDirectory('alice', 'bob')
      const directory: Directory = {
        ...inner,
        async checkPassword(username, typed) {
          const check = await inner.checkPassword(username === 'al' ? 'alice' : username, typed)
          const [whom] = inner.people
          return check.outcome === 'wrong' && username === 'al' ? { ...check, whom } : check
        },
      }
      return engineWorld(await open(), { directory, clock: handClock() })
    }
  })

  describe(`who somebody is where the directory has no ids (RADIUS), on ${dialect}`, () => {
    test('somebody new arrives by name, and is one user in every spelling', async () => {
      const { api, from, database } = await world()
      for (const username of ['dora', ' DORA ', '\uff44ora']) {
        const begun = await api.beginSignIn(from, { username, password })
        assert.ok(begun.ok && begun.value.outcome === 'begun', username)
      }
      const rows = await database.rows(sql`SELECT directory, directory_uid FROM users WHERE username_key = 'dora'`)
      assert.deepEqual(
        rows.map((row) => ({ ...row })),
        [{ directory: 'radius', directory_uid: 'dora' }],
      )
    })

    test('a name that a server may take for that of somebody else here lets nobody in: they would enrol a second step of their own', async () => {
      const { api, from, database, directory } = await world()
      for (const username of ['d\u00f3ra', 'D\u00d8RA', 'al\u0130ce', 'j\u00f6rg', 'jorg'])
        directory.people.push({ uid: undefined, username })
      await database.write((tx) => tx.rows(sql`UPDATE users SET directory = 'windows' WHERE username_key = 'alice'`))
      for (const [username, is] of [
        ['dora', true],
        ['d\u00f3ra', false],
        ['d\u00f8ra', false],
        ['AL\u0130CE', false],
        ['j\u00f6rg', true],
        ['jorg', false],
        ['JO\u0308RG', true],
      ] as const) {
        const answer = await api.beginSignIn(from, { username, password })
        assert.equal(answer.ok && answer.value.outcome === 'begun', is, username)
      }
      const conflicts = await database.rows(sql`SELECT what FROM audit WHERE what = 'identity.conflict'`)
      assert.equal(conflicts.length, 4)
    })

    test('nor does one that may stand for somebody who was imported: it is refused, and of several nobody is guessed', async () => {
      const { api, from, database, directory, add } = await world()
      for (const username of ['jos\u00e9', 'ren\u00e9', 'ren\u00eb']) {
        await add(username)
        await database.write((tx) =>
          tx.rows(sql`UPDATE users SET directory = 'windows', directory_uid = ${`guid ${username}`}
            WHERE username_key = ${username}`),
        )
      }
      for (const username of ['jos\u00e9', 'jose', 'ren\u00eb', 'ren\u00e9', 'rene'])
        directory.people.push({ uid: undefined, username })
      for (const [username, is] of [
        ['jose', false],
        ['jos\u00e9', true],
        ['rene', false],
        ['ren\u00eb', true],
        ['REN\u00c9', true],
      ] as const) {
        const answer = await api.beginSignIn(from, { username, password })
        assert.equal(answer.ok && answer.value.outcome === 'begun', is, username)
      }
      const conflicts = await database.rows(sql`
        SELECT username FROM audit LEFT JOIN users ON users.id = user_id WHERE what = 'identity.conflict' ORDER BY seq`)
      assert.deepEqual(
        conflicts.map(({ username }) => username),
        ['jos\u00e9', null],
      )
    })

    test('who was imported after somebody alike had come is not enrolled by that name, and keeps what they have', async () => {
      const { api, from, database, directory, add, begin } = await world()
      await begin('dora')
      await add('d\u00f8ra-too')
      await database.write((tx) =>
        tx.rows(sql`UPDATE users SET directory = 'windows', directory_uid = 'guid', username = 'd\u00f3ra',
          username_key = 'd\u00f3ra', likeness = 'dora' WHERE username_key = 'd\u00f8ra-too'`),
      )
      directory.people.push({ uid: undefined, username: 'd\u00f3ra' })
      assert.deepEqual(await api.beginSignIn(from, { username: 'd\u00f3ra', password }), wrong)
      assert.ok((await api.beginSignIn(from, { username: 'dora', password })).ok)
      await database.write((tx) =>
        tx.rows(sql`UPDATE users SET method = 'text', phone = '+12065550123' WHERE username_key = 'd\u00f3ra'`),
      )
      const owed = await api.beginSignIn(from, { username: 'd\u00f3ra', password })
      assert.ok(owed.ok && owed.value.outcome === 'begun' && owed.value.next === 'second-step')
    })

    test('what a name is like is filled in for those who were there before it was kept', async () => {
      const { api, from, database, directory } = await world()
      await database.write(async (tx) => {
        for (let i = 0; i < 600; i++)
          await tx.rows(sql`INSERT INTO users (id, directory, username, username_key, created_at)
            VALUES (${`before ${i}`}, 'ldap', ${`jos\u00e9${i}`}, ${`jos\u00e9${i}`}, 0)`)
      })
      assert.equal(await fillLikenesses(database), 600)
      assert.equal(await fillLikenesses(database), 0)
      directory.people.push({ uid: undefined, username: 'jose599' })
      assert.deepEqual(await api.beginSignIn(from, { username: 'jose599', password }), wrong)
    })

    test('two arrivals at once are one user', async () => {
      const { api, from, database } = await world()
      const begun = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          api.beginSignIn({ address: `198.51.100.${i}` }, { username: 'dora', password }),
        ),
      )
      assert.ok(begun.every((each) => each.ok && each.value.outcome === 'begun'))
      assert.equal((await database.rows(sql`SELECT id FROM users WHERE username_key = 'dora'`)).length, 1)
      assert.ok((await api.beginSignIn(from, { username: 'dora', password })).ok)
    })

    test('who was imported from another directory is that person, and keeps what the import knows of them', async () => {
      const { api, from, database } = await world()
      await database.write((tx) =>
        tx.rows(sql`UPDATE users SET directory = 'windows', directory_uid = 'guid', mail = 'alice@example.org',
          display_name = 'Alice Adams' WHERE username_key = 'alice'`),
      )
      const begun = await api.beginSignIn(from, { username: 'ALICE', password })
      assert.ok(begun.ok && begun.value.outcome === 'begun' && begun.value.next === 'second-step')
      const [row] = await database.rows(sql`SELECT username, mail, display_name, directory_uid FROM users
        WHERE username_key = 'alice'`)
      assert.deepEqual(
        [row?.username, row?.mail, row?.display_name, row?.directory_uid],
        ['alice', 'alice@example.org', 'Alice Adams', 'guid'],
      )
    })

    test('an account with a password of its own is nobody of the directory, and who is disabled stays out', async () => {
      const { api, from, database } = await world()
      await database.write((tx) => tx.rows(sql`UPDATE users SET directory = 'local' WHERE username_key = 'alice'`))
      await database.write((tx) => tx.rows(sql`UPDATE users SET disabled_at = 1 WHERE username_key = 'bob'`))
      for (const username of ['alice', 'bob'])
        assert.deepEqual(await api.beginSignIn(from, { username, password }), wrong, username)
      const events =
        await database.rows(sql`SELECT what FROM audit WHERE what IN ('identity.conflict', 'password.wrong')
        ORDER BY seq`)
      assert.deepEqual(
        events.map(({ what }) => what),
        ['identity.conflict', 'password.wrong'],
      )
    })

    async function world() {
      const directory = peopleDirectory('alice', 'bob', 'dora')
      for (const person of directory.people) person.uid = undefined
      return { ...(await engineWorld(await open(), { directory, directoryKind: 'radius' })), directory }
    }
  })

  /** Alice (text message) and Bob were imported by name; their passwords a directory knows. */
  async function world() {
    const directory = peopleDirectory('alice', 'bob')
    return { ...(await engineWorld(await open(), { directory, clock: handClock() })), directory }
  }
}

function personOf({ people }: ReturnType<typeof peopleDirectory>, username: string) {
  const person = people.find((each) => each.username === username)
  assert.ok(person)
  return person
}
