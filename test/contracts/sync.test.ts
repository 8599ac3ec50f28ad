import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from '../../src/storage/sql/query.ts'
import { hardwareToken } from '../hardware.ts'
import { syncWorld } from '../sync/world.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`import and synchronisation, on ${dialect}`, () => {
    test('people come with what is known of them, and a second run changes nothing and writes no audit', async () => {
      const { source, counts, user, events } = await syncWorld(await open(), {
        rules: { method: 'text', language: 'de' },
      })
      source.put('ann', {
        mail: 'ann@corp.example',
        phones: { mobile: ['+12065550101'] },
        lastName: 'Adams',
        firstName: 'Ann',
      })
      source.put('ben', { phones: { mobile: ['none'] }, enabled: true })
      source.put('out', { enabled: false })

      assert.deepEqual(await counts(), { read: 3, added: 2, unusable: 1 })
      const { method, phone, display_name, language, mail } = (await user('ann')) ?? {}
      assert.deepEqual(
        { method, phone, display_name, language, mail },
        { method: 'text', phone: '+12065550101', display_name: 'Ann Adams', language: 'de', mail: 'ann@corp.example' },
      )
      assert.equal((await user('ben'))?.method, null)

      const before = (await events()).filter((what) => what !== 'sync.asked')
      assert.deepEqual(await counts(), {})
      assert.deepEqual(await counts({ whole: true }), { read: 3, unusable: 1 })
      assert.deepEqual(
        (await events()).filter((what) => what !== 'sync.asked'),
        before,
      )
    })

    test('each thing is said in the language that the directory, else the item, has for it; then nothing changes', async () => {
      const { source, run, counts, user, database, api, operator } = await syncWorld(await open(), {
        rules: { language: 'en', languages: { text: 'de', oath: 'de' }, follow: ['language'] },
      })
      source.put('ann', { language: 'de_AT', languages: { call: 'EN', text: 'en-US', app: 'tlh' } })
      source.put('ben')
      const { findings } = await run()
      assert.deepEqual(
        findings.filter(({ what }) => what === 'unusable'),
        [{ what: 'unusable', username: 'ann', detail: 'language of the app: none of en, de' }],
      )
      const spoken = async (username: string) => {
        const row = (await user(username)) ?? {}
        return [row.language, row.call_language, row.text_language, row.app_language, row.oath_language]
      }
      assert.deepEqual(await spoken('ann'), ['de', 'en', 'en', null, 'de'])
      assert.deepEqual(await spoken('ben'), ['en', null, 'de', null, 'de'])
      assert.deepEqual(await counts({ whole: true }), { read: 2, unusable: 1 })

      source.put('ann', { language: 'de', languages: { call: 'de', app: 'de' } })
      const preview = await api.previewSyncItem(operator, { name: 'staff' })
      assert.ok(preview.ok)
      assert.deepEqual(preview.value.people[0]?.languages, { call: 'de', text: 'de', app: 'de', oath: 'de' })
      assert.deepEqual(await counts(), { read: 1, changed: 1 })
      assert.deepEqual(await spoken('ann'), ['de', 'de', 'de', 'de', 'de'])
      const [last] = await database.rows(
        sql`SELECT facts FROM audit WHERE what = 'user.synchronised' ORDER BY seq DESC LIMIT 1`,
      )
      assert.match(String(last?.facts), /"fields":"callLanguage textLanguage appLanguage"/)
    })

    test('an incremental run reads who has changed, and fetches whom a group took in', async () => {
      const { source, counts, run, names } = await syncWorld(await open())
      for (const name of ['ann', 'ben', 'cid']) source.put(name)
      source.put('dan', { in: [] })
      await run()
      source.put('ann', { mail: 'ann@corp.example' })
      source.regroup('dan', ['ou=people'])

      assert.deepEqual(await counts(), { read: 2, added: 1, changed: 1 })
      const { handed, fetched } = source.calls.at(-1) ?? {}
      assert.deepEqual({ handed, fetched }, { handed: 1, fetched: 1 })
      assert.deepEqual(await names(), ['ann', 'ben', 'cid', 'dan'])
    })

    test('somebody of several items is the first one’s, and moves when that changes', async () => {
      const world = await syncWorld(await open(), { rules: { group: 'Staff' } })
      const { source, counts, user, addItem, api, operator } = world
      await addItem('board', 'ou=board', { group: 'Board', follow: ['details'] })
      source.put('ann', { in: ['ou=people', 'ou=board'] })
      source.put('ben', { in: ['ou=board'] })
      assert.deepEqual(await counts(), { read: 2, added: 2 })
      assert.deepEqual([(await user('ann'))?.user_group, (await user('ben'))?.user_group], ['Staff', 'Board'])

      await api.changeSyncItem(operator, { name: 'board', first: true })
      assert.deepEqual(await counts(), { read: 1, moved: 1, changed: 1 })
      assert.equal((await user('ann'))?.user_group, 'Board')
      source.regroup('ann', ['ou=people'])
      assert.deepEqual(await counts(), { read: 1, moved: 1, changed: 1 })
    })

    test('who was renamed is the same user; two who take each other’s names, and a chain of names, are untangled', async () => {
      const { source, run, counts, users } = await syncWorld(await open())
      for (const name of ['ann', 'ben', 'cid', 'dan']) source.put(name)
      await run()
      const ids = new Map((await users()).map((row) => [row.directory_uid, row.id]))
      source.put('ben', { uid: 'uid-ann' })
      source.put('ann', { uid: 'uid-ben' })
      source.put('dan', { uid: 'uid-cid' })
      source.put('eve', { uid: 'uid-dan' })

      assert.deepEqual(await counts(), { read: 4, renamed: 4, changed: 4 })
      const now = Object.fromEntries((await users()).map((row) => [row.username, row.directory_uid]))
      assert.deepEqual(now, { ann: 'uid-ben', ben: 'uid-ann', dan: 'uid-cid', eve: 'uid-dan' })
      for (const row of await users()) assert.equal(row.id, ids.get(row.directory_uid))
    })

    test('nobody gets another user’s account by a name, and it is told in each run until it is settled', async () => {
      const { source, run, counts, names, user } = await syncWorld(await open())
      source.put('ann')
      source.put('ben')
      await run()
      source.put('ann', { uid: 'uid-other' })
      source.put('ann', { uid: 'uid-ben', mail: 'ben@corp.example' })
      const first = await run()
      assert.equal(first.counts.conflicts, 2)
      assert.ok(
        first.findings.some(({ what, username, detail }) => what === 'conflict' && username === 'ann' && detail),
      )
      assert.deepEqual(await names(), ['ann', 'ben'])
      assert.equal((await user('ben'))?.mail, 'ben@corp.example', 'all but the name')
      assert.deepEqual(await counts(), { read: 2, conflicts: 2 })

      source.put('ann.a')
      source.people.delete('uid-ann')
      source.put('ann', { uid: 'uid-ben' })
      source.people.delete('uid-other')
      await run()
      source.put('ben', { uid: 'uid-ben' })
      assert.equal((await run()).counts.conflicts, 0)
    })

    test('a user who was added by name is tied to the directory, and keeps what they have proven', async () => {
      const { source, add, counts, user } = await syncWorld(await open())
      await add('ann', { phone: '+12065550100', method: 'text' })
      source.put('Ann', { uid: 'u', phones: { mobile: ['+12065550666'] } })
      assert.deepEqual(await counts(), { read: 1, moved: 1, changed: 1 })
      const { phone, directory_uid, method } = (await user('Ann')) ?? {}
      assert.deepEqual({ phone, directory_uid, method }, { phone: '+12065550100', directory_uid: 'u', method: 'text' })
    })

    test('whoever changes numbers in the directory takes over nobody; with the rule the owner hears of it', async () => {
      const world = await syncWorld(await open(), { rules: { method: 'text' } })
      const { source, run, user, api, operator, phones } = world
      source.put('ann', { phones: { mobile: ['+12065550100'] } })
      await run()
      source.put('ann', { phones: { mobile: ['+12065550666'] } })
      await run({ whole: true })
      assert.equal((await user('ann'))?.phone, '+12065550100')

      await api.changeSyncItem(operator, { name: 'staff', rules: { method: 'text', follow: ['phone'] } })
      await run()
      assert.equal((await user('ann'))?.phone, '+12065550666')
      const [told] = await world.database.rows(sql`SELECT recipient FROM delivery WHERE kind = 'text'`)
      assert.equal(told?.recipient, '+12065550100', 'the number from before')
      assert.equal(phones.messages('+12065550666').length, 0)
    })

    test('behind a company’s number, of another extension the owner hears as of another number', async () => {
      const { source, run, user, database } = await syncWorld(await open(), {
        rules: { method: 'call', phones: ['business'], follow: ['phone'] },
      })
      source.put('ann', { phones: { business: ['206 555 0100 x1'] } })
      await run()
      source.put('ann', { phones: { business: ['206 555 0100 x2'] } })
      await run()
      assert.equal((await user('ann'))?.phone_extension, '2')
      const told = await database.rows(sql`SELECT recipient FROM delivery WHERE kind = 'text'`)
      assert.deepEqual(
        told.map(({ recipient }) => recipient),
        ['+12065550100'],
      )
    })

    test('a backup phone comes along, is called after the phone, and follows only where it is to', async () => {
      const rules = { method: 'call', phones: ['business'], backupPhones: ['business', 'home'] }
      const { source, run, user, database, api, operator } = await syncWorld(await open(), { rules })
      source.put('ann', { phones: { business: ['206 555 0100 x1'], home: ['206 555 0102 x2'] } })
      await run()
      const backup = async () => {
        const { backup_phone, backup_extension } = (await user('ann')) ?? {}
        return [backup_phone, backup_extension]
      }
      assert.deepEqual(await backup(), ['+12065550102', '2'])
      source.put('ann', { phones: { business: ['206 555 0100 x1'], home: ['206 555 0666'] } })
      await run()
      assert.deepEqual(await backup(), ['+12065550102', '2'])

      await api.changeSyncItem(operator, { name: 'staff', rules: { ...rules, follow: ['phone'] } as never })
      await run()
      assert.deepEqual(await backup(), ['+12065550666', null])
      const told = await database.rows(sql`SELECT recipient, pace_key FROM delivery WHERE kind = 'text'`)
      assert.deepEqual(
        told.map(({ recipient, pace_key }) => [recipient, String(pace_key).split('/')[1]]),
        [['+12065550100', 'backup-phone']],
      )
    })

    test('whoever has no usable name is told by the place in the directory, once until it changes there', async () => {
      const { source, run, counts } = await syncWorld(await open())
      source.put('', { uid: 'uid-nameless' })
      const { findings } = await run()
      assert.deepEqual(
        findings.map(({ what, username }) => [what, username]),
        [['unusable', 'cn=uid-nameless']],
      )
      assert.deepEqual(await counts(), {})
      source.put('ann', { uid: 'uid-nameless' })
      assert.deepEqual(await counts(), { read: 1, added: 1 })
    })

    test('who is disabled there cannot sign in here, and comes back; whom an operator has disabled stays so', async () => {
      const { source, database, directory, counts, begin, names, events } = await syncWorld(await open())
      source.put('ann')
      source.put('ben')
      source.put('cid')
      await counts()
      directory.people.push({ uid: 'uid-ann', username: 'ann' })
      const session = await begin('ann')
      await database.write((tx) => tx.rows(sql`UPDATE users SET disabled_at = 1 WHERE username_key = 'cid'`))
      source.put('ann', { enabled: false })

      assert.deepEqual(await counts(), { read: 1, disabled: 1 })
      assert.deepEqual(await names(), ['ben'])
      assert.equal((await events('user.disabled')).length, 1)
      await assert.rejects(begin('ann'))
      assert.notEqual(session, undefined)
      assert.deepEqual(await counts(), {})

      source.put('ann', { enabled: true })
      source.put('cid', { enabled: true })
      assert.deepEqual(await counts(), { read: 2, enabled: 1 })
      assert.deepEqual(await names(), ['ann', 'ben'])
    })

    test('who is gone is disabled and comes back, or is removed, as the item says; hardware tokens stay', async () => {
      const world = await syncWorld(await open(), { items: false })
      const { source, api, operator, database, addItem, counts, names, user, events } = world
      await addItem('kept', 'ou=kept')
      await addItem('dropped', 'ou=dropped', { vanished: 'remove' })
      for (const name of ['ann', 'ada']) source.put(name, { in: ['ou=kept'] })
      for (const name of ['ben', 'bob']) source.put(name, { in: ['ou=dropped'] })
      await counts()
      await api.importTokens(operator, { tokens: [hardwareToken('S')] })
      assert.ok((await api.assignToken(operator, { serial: 'S', username: 'ben' })).ok)
      source.regroup('ann', [])
      source.regroup('ben', [])

      assert.deepEqual(await counts(), { disabled: 1, removed: 1 })
      assert.deepEqual(await names(), ['ada', 'bob'])
      assert.equal((await user('ann'))?.disabled_why, 'gone')
      const [token] = await database.rows(sql`SELECT user_id FROM oath_token WHERE serial = 'S'`)
      assert.equal(token?.user_id, null)
      assert.deepEqual([(await events('user.removed')).length, (await events('token.unassigned')).length], [1, 1])
      assert.deepEqual(await counts(), {})

      source.regroup('ann', ['ou=kept'])
      assert.deepEqual(await counts(), { read: 1, enabled: 1 })
    })

    test('whoever is removed while they are signing in is a stranger at once', async () => {
      const world = await syncWorld(await open(), { rules: { vanished: 'remove', method: 'text' } })
      const { source, directory, api, from, begin, run, database } = world
      for (const name of ['ann', 'ben']) source.put(name, { phones: { mobile: ['+12065550101'] } })
      await run()
      directory.people.push({ uid: 'uid-ann', username: 'ann' })
      const half = { ...from, session: await begin('ann') }
      assert.ok((await api.readSecondStep(half, {})).ok)
      source.people.delete('uid-ann')
      await run()
      assert.equal((await api.readSecondStep(half, {})).ok, false)
      const left = await database.rows(sql`SELECT id FROM sign_in UNION SELECT id FROM challenge`)
      assert.deepEqual(left, [])
    })

    test('an item that is removed leaves its people, and no run touches them', async () => {
      const { source, api, operator, run, names, addItem } = await syncWorld(await open())
      await addItem('others')
      source.missing.add('ou=nowhere')
      const nowhere = { base: 'ou=nowhere' }
      const refused = { ok: false, refusal: 'sync-item.nowhere' }
      assert.deepEqual(await api.addSyncItem(operator, { name: 'typo', scope: nowhere, rules: {} as never }), refused)
      assert.deepEqual(await api.changeSyncItem(operator, { name: 'others', scope: nowhere }), refused)
      source.put('ann')
      await run()
      const removed = await api.removeSyncItem(operator, { name: 'staff' })
      assert.deepEqual(removed, { ok: true, value: { outcome: 'done', released: 1 } })
      source.people.clear()
      assert.equal((await run({ whole: true })).outcome, 'done')
      assert.deepEqual(await names(), ['ann'])
    })

    test('who was deleted there and made anew is a new user once the operator has removed the old one', async () => {
      const world = await syncWorld(await open())
      const { source, run, counts, user, names, api, operator, directory, begin } = world
      source.put('ann')
      source.put('ben')
      await run()
      const old = await user('ann')
      source.people.delete('uid-ann')
      source.put('ann', { uid: 'uid-anew' })
      assert.deepEqual(await counts(), { read: 1, disabled: 1, conflicts: 1 })
      const { findings } = await run()
      assert.match(findings.find(({ what }) => what === 'conflict')?.detail ?? '', /who is disabled/)
      directory.people.push({ uid: 'uid-anew', username: 'ann' })
      await assert.rejects(begin('ann'))

      assert.deepEqual(await api.removeUser(operator, { username: 'Ann' }), { ok: true, value: { outcome: 'done' } })
      assert.deepEqual(await api.removeUser(operator, { username: 'Ann' }), { ok: false, refusal: 'user.unknown' })
      assert.deepEqual(await counts(), { read: 1, added: 1 })
      assert.deepEqual(await names(), ['ann', 'ben'])
      assert.notEqual((await user('ann'))?.id, old?.id)
      await begin('ann')
    })

    test('whom the operator disables stays so, also where the directory had disabled them before', async () => {
      const { source, run, names, api, operator } = await syncWorld(await open())
      source.put('ann')
      source.put('ben')
      await run()
      source.put('ann', { enabled: false })
      await run()
      assert.ok((await api.disableUser(operator, { username: 'ann' })).ok)
      source.put('ann', { enabled: true })
      await run()
      assert.deepEqual(await names(), ['ben'])
      assert.ok((await api.enableUser(operator, { username: 'ann' })).ok)
      await run({ whole: true })
      assert.deepEqual(await names(), ['ann', 'ben'])
    })

    test('who was left out by a run, and why, can be read afterwards, of the newest runs that had something to tell', async () => {
      const { source, run, api, operator, database } = await syncWorld(await open())
      source.put('ann', { phones: { mobile: ['ask me'] } })
      const { findings } = await run()
      assert.equal(findings.length, 2)
      const read = async (details: boolean) => {
        const answer = await api.listSyncRuns(operator, { details, most: 100 })
        assert.ok(answer.ok)
        return answer.value.runs.map((each) => each.findings)
      }
      await run()
      assert.equal(JSON.stringify(await read(true)), JSON.stringify([[], findings]))
      assert.deepEqual(await read(false), [undefined, undefined])
      await database.write(async (tx) => {
        for (let i = 0; i < 50; i++)
          await tx.rows(sql`
            INSERT INTO sync_run (id, begun_by, began_at, ended_at, whole, outcome, counts, findings)
            SELECT ${`copy${i}`}, begun_by, began_at + ${i + 1}, ended_at, whole, outcome, counts, ${JSON.stringify(findings)}
            FROM sync_run WHERE findings IS NULL AND id NOT LIKE 'copy%'`)
      })
      await run()
      assert.equal((await read(true)).filter((each) => each?.length === 2).length, 50)
    })

    test('a dry run says what a run then does, and changes nothing', async () => {
      const world = await syncWorld(await open(), { pageSize: 3 })
      const { source, run, users, events } = world
      for (let i = 0; i < 8; i++) source.put(`p${i}`)
      await run()
      source.put('p1', { uid: 'uid-p0' })
      source.put('p0', { uid: 'uid-p1' })
      source.put('p2', { mail: 'two@corp.example' })
      source.people.delete('uid-p3')
      source.put('p4', { enabled: false })
      source.put('p5', { uid: 'uid-new' })
      for (const uid of ['one', 'other']) source.put('twin', { uid })
      const before = [await users(), await events()]
      const said = await run({ dryRun: true })
      assert.deepEqual([await users(), await events()], before)
      const done = await run()
      assert.deepEqual(said.counts, done.counts)
      assert.deepEqual(said.counts, { ...said.counts, added: 1, changed: 3, renamed: 2, disabled: 2, conflicts: 2 })
    })

    test('a preview shows the first people, and what cannot be used of them', async () => {
      const { source, api, operator, users } = await syncWorld(await open(), { pageSize: 2 })
      for (const name of ['ann', 'ben', 'cid'])
        source.put(name, { phones: { mobile: ['ask me'], business: ['206 555 0100'] } })
      const answer = await api.previewSyncItem(operator, { name: 'staff', most: 2 })
      assert.ok(answer.ok)
      const { people, more } = answer.value
      assert.deepEqual(
        people.map(({ username, what, phone, complaints }) => [username, what, phone, complaints]),
        [
          ['ann', 'add', '+1 206 555 0100', ['mobile phone: not a telephone number']],
          ['ben', 'add', '+1 206 555 0100', ['mobile phone: not a telephone number']],
        ],
      )
      assert.equal(more, true)
      assert.equal((await users()).length, 0)
    })

    test('a preview shows extensions, and whose settings an item before has', async () => {
      const { source, api, operator, run, addItem } = await syncWorld(await open(), { rules: { method: 'text' } })
      source.put('ann', { phones: { mobile: ['206 555 0100'] } })
      const shown = async (name: string) => {
        const answer = await api.previewSyncItem(operator, { name })
        assert.ok(answer.ok)
        return answer.value.people.map(({ username, what, phone, of }) => [username, what, phone, of])
      }
      assert.deepEqual(await shown('staff'), [['ann', 'add', '+1 206 555 0100', undefined]])
      await run()
      source.put('ben', { phones: { business: ['206 555 0100 x890'] } })
      await addItem('later', 'ou=people', { method: 'call' })
      assert.deepEqual(await shown('later'), [
        ['ann', 'nothing', undefined, 'staff'],
        ['ben', 'add', '+1 206 555 0100 x890', undefined],
      ])
    })

    test('what is found in a directory is in order, and it is said where there is more', async () => {
      const { source, api, operator } = await syncWorld(await open(), {})
      const named = (name: string) => ({ dn: `cn=${name},dc=example`, name })
      source.find = async () => ['Staff', 'admins', 'Boards'].map(named)
      const answer = await api.findInDirectory(operator, { kind: 'group', text: 'a', most: 2 })
      assert.deepEqual(answer, { ok: true, value: { found: [named('admins'), named('Staff')], more: true } })
    })

    test('the name of an item is one line, of what a terminal shows', async () => {
      const { api, operator } = await syncWorld(await open(), {})
      for (const name of ['', ' ', 'a\nb', 'a\u001b[2J', 'x'.repeat(65)]) {
        const answer = await api.addSyncItem(operator, { name, scope: { base: 'ou=people' }, rules: {} as never })
        assert.deepEqual(answer, { ok: false, refusal: 'input.malformed' }, JSON.stringify(name))
      }
    })

    test('newcomers are mailed how to begin, each in their language', async () => {
      const { source, run, database } = await syncWorld(await open(), { rules: { method: 'text', mailNew: true } })
      source.put('ann', { mail: 'ann@corp.example', phones: { mobile: ['+12065550101'] } })
      source.put('ben', { mail: 'ben@corp.example', language: 'de' })
      source.put('cid')
      await run()
      await run({ whole: true })
      const mails = await database.rows(sql`SELECT recipient FROM delivery WHERE kind = 'mail' ORDER BY recipient`)
      assert.deepEqual(
        mails.map(({ recipient }) => recipient),
        ['ann@corp.example', 'ben@corp.example'],
      )
    })

    test('whose mail address changes hears of it at the one from before, and nobody at a first one or of capitals', async () => {
      const { source, run, counts, database } = await syncWorld(await open())
      const text = { phones: { mobile: ['+12065550101'] } }
      source.put('ann', { mail: 'ann@old.example', ...text })
      source.put('ben')
      source.put('cid', { mail: 'Cid@old.example' })
      source.put('dan', { mail: 'dan@old.example' })
      await run()
      source.put('ann', { mail: 'ann@new.example' })
      source.put('ben', { mail: 'ben@new.example' })
      source.put('cid', { mail: 'cid@OLD.example' })
      source.put('dan', { mail: undefined })
      assert.deepEqual(await counts(), { read: 4, changed: 4 })
      await run({ whole: true })
      const told = await database.rows(sql`SELECT kind, recipient FROM delivery ORDER BY kind, recipient`)
      assert.deepEqual(
        told.map(({ kind, recipient }) => [kind, recipient]),
        [
          ['mail', 'ann@old.example'],
          ['mail', 'dan@old.example'],
          ['text', '+12065550101'],
        ],
      )
    })

    test('of more than so many in one run the first are told, then administrators once, and the counts say it', async () => {
      for (const [most, recipients] of [
        [2, ['admin@corp.example', 'p0@old.example', 'p1@old.example']],
        [0, []],
      ] as const) {
        const settings = { 'sync.mail_notices': most }
        const { source, run, database, events } = await syncWorld(await open(), { settings, pageSize: 2 })
        for (let i = 0; i < 5; i++) source.put(`p${i}`, { mail: `p${i}@old.example` })
        await run()
        for (let i = 0; i < 5; i++) source.put(`p${i}`, { mail: `p${i}@new.example` })
        const said = await run({ dryRun: true })
        const { counts } = await run()
        assert.deepEqual(said.counts, counts)
        assert.deepEqual([counts.changed, counts.untold], [5, 5 - most])
        const told = await database.rows(sql`SELECT recipient FROM delivery ORDER BY recipient`)
        assert.deepEqual(
          told.map(({ recipient }) => recipient),
          recipients,
        )
        assert.equal((await events('notices.withheld')).length, 1)
      }
    })

    test('1,000 people are taken in, and looked at again', async () => {
      const { source, counts, users } = await syncWorld(await open(), { pageSize: 500 })
      for (let i = 0; i < 1_000; i++) source.put(`person${i}`, { mail: `p${i}@corp.example` })
      assert.deepEqual(await counts(), { read: 1_000, added: 1_000 })
      assert.deepEqual(await counts({ whole: true }), { read: 1_000 })
      assert.equal((await users()).length, 1_000)
    })
  })
}
