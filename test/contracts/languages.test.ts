import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { directoryItemAdd, directoryItemChange, directoryItems } from '../../src/cli/directory-items.ts'
import { atHand } from '../../src/cli/operator.ts'
import { userAdd } from '../../src/cli/user.ts'
import { userImport } from '../../src/cli/user-import.ts'
import type { LanguagesApart } from '../../src/contract/languages.ts'
import { callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { appWorld } from '../app/world.ts'
import { alicePhone, engineWorld, handClock, password, silent } from '../engine.ts'
import { dialects } from './dialects.ts'

const phone = '+12065550102'

for (const [dialect, open] of dialects) {
  describe(`the languages of one person, on ${dialect}`, () => {
    test('a call is in that of calls, a text in that of texts, whatever the person and the page read', async () => {
      const { add, ring, text } = await world(await open())
      await add({ language: 'de', languages: { call: 'de', text: 'en' } })
      assert.equal(await ring('en'), 'de')
      assert.match(await text('de'), /^Sallyport: your code is/)
    })

    test('without one of its own each is in the person’s, else in that of the page', async () => {
      const { add, ring, text, database } = await world(await open())
      await add({ language: 'de', languages: { call: 'en' } })
      assert.equal(await ring('en'), 'en')
      assert.match(await text('en'), /^Sallyport: Ihr Code ist/)
      await database.write((tx) => tx.rows(sql`UPDATE users SET language = NULL, call_language = NULL`))
      assert.equal(await ring('de'), 'de')
      assert.equal(await ring(undefined), 'en')
    })

    test('a notice by text is in that of texts, the mail beside it in the person’s', async () => {
      const { signIn, proveToken, heard, mails, database } = await world(await open())
      await database.write((tx) =>
        tx.rows(sql`
        UPDATE users SET mail = 'alice@example.com', language = 'de', text_language = 'en' WHERE username = 'alice'`),
      )
      const session = await signIn('alice', alicePhone)
      await proveToken(session)
      await heard(alicePhone, /app or token was added/)
      await until(() => mails.mails('alice@example.com').some(({ subject }) => /Authenticator-App/.test(subject)))
    })

    test('a device is told that of the app, else the person’s, and of nobody’s nothing', async () => {
      const { device, api, session, database } = await appWorld(await open())
      const told = async () => {
        const answer = await device.ask('readDevice')
        return answer.ok ? answer.value.account.language : answer.refusal
      }
      assert.equal(await told(), undefined)
      assert.ok((await api.chooseLanguage(session, { language: 'en' })).ok)
      assert.equal(await told(), 'en')
      await database.write((tx) => tx.rows(sql`UPDATE users SET app_language = 'de' WHERE username = 'alice'`))
      assert.equal(await told(), 'de')
    })

    test('who chooses one has it everywhere, or of one thing alone; and only where that is allowed', async () => {
      const { api, from, signIn, database } = await world(await open())
      const call = { ...from, session: await signIn('alice', alicePhone) }
      const seen = async () => {
        const read = await api.readAccount(call, {})
        return read.ok ? [read.value.language, read.value.languages] : read.refusal
      }
      assert.deepEqual(await seen(), [undefined, {}])
      assert.ok((await api.chooseLanguage(call, { language: 'en', of: 'text' })).ok)
      assert.deepEqual(await seen(), [undefined, { text: 'en' }])
      assert.ok((await api.chooseLanguage(call, { language: 'de' })).ok)
      assert.deepEqual(await seen(), ['de', { text: 'de' }])
      assert.ok((await api.chooseLanguage(call, { of: 'text' })).ok)
      assert.deepEqual(await seen(), ['de', {}])
      for (const wrong of [{}, { language: 'fr' }, { language: 'fr', of: 'call' }, { language: '' }] as const)
        assert.deepEqual(await api.chooseLanguage(call, wrong), { ok: false, refusal: 'language.unknown' })
      const facts = await database.rows(sql`SELECT facts FROM audit WHERE what = 'language.chosen' ORDER BY seq`)
      assert.deepEqual(
        facts.map((row) => JSON.parse(String(row.facts))),
        [{ language: 'en', of: 'text' }, { language: 'de' }, { of: 'text' }],
      )
      assert.deepEqual(await seen(), ['de', {}])
    })

    test('an operator adds nobody with one that is not spoken', async () => {
      const { api, operator } = await world(await open())
      const refused = await api.addUser(operator, { username: 'dora', languages: { oath: 'fr' } })
      assert.deepEqual(refused, { ok: false, refusal: 'language.unknown' })
    })
  })

  /** `add` is Dora, who is called; `ring` and `text` are new sign-ins of hers, from a page in that language. */
  async function world(database: Database) {
    const clock = handClock()
    const voice = callSimulator({ clock, log: silent })
    const settings = { 'portal.methods': ['text', 'call', 'oath'] }
    const engine = await engineWorld(database, { clock, voice, settings })
    const { api, from, operator, codeAfter } = engine
    const begin = async (language: string | undefined) => {
      clock.advance(30)
      const call = { ...from, language }
      return { ...call, session: await engine.begin('dora', call) }
    }
    const method = (name: string) =>
      database.write((tx) => tx.rows(sql`UPDATE users SET method = ${name} WHERE username = 'dora'`))
    return {
      ...engine,
      async add(spoken: { language?: string; languages?: LanguagesApart }) {
        const dora = { username: 'dora', phone, method: 'call', password } as const
        assert.deepEqual((await api.addUser(operator, { ...dora, ...spoken })).ok, true)
      },
      async ring(language: string | undefined): Promise<string | undefined> {
        await method('call')
        const before = voice.phones.calls(phone).length
        await begin(language)
        await until(() => voice.phones.calls(phone).length > before)
        return voice.phones.calls(phone)[0]?.language
      },
      async text(language: string): Promise<string> {
        await method('text')
        await codeAfter(phone, () => begin(language), { coded: true })
        return engine.phones.messages(phone).find(({ code }) => code !== undefined)?.text ?? ''
      },
    }
  }
}

describe('the languages of people, from the command line', () => {
  test('come with the columns of a file and the options of one person; a wrong one is told with its line', async (t) => {
    const { data, said, file } = installation(t)
    const people = file('people.csv', [
      'username,language,call_language,text_language,app_language,oath_language',
      'ann,en,de,en,de,en',
      'ben,,,,fr,',
    ])
    assert.equal(await userImport(people, { data }, {}), 1)
    assert.deepEqual(said(), ['line 3: ben: That language is not among the shipped ones.', '1 added, 1 refused.'])
    await userAdd('cid', { callLanguage: 'de', data }, {})
    await assert.rejects(userAdd('dan', { oathLanguage: 'xx', data }, {}), /language/)
    const rows = await atHand({ data }, {}, ({ database }) =>
      database.rows(sql`
        SELECT username, language, call_language, text_language, app_language, oath_language FROM users ORDER BY username`),
    )
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      [
        ['ann', 'en', 'de', 'en', 'de', 'en'],
        ['cid', null, 'de', null, null, null],
      ],
    )
  })

  test('are settings of an item, and emptied one by one', async (t) => {
    const { data, said, file } = installation(t)
    const config = file('sallyport.yaml', [
      ...['directory:', '  kind: ldap', '  ldap:', '    url: ldaps://127.0.0.1:9', '    base_dn: dc=example'],
      ...['    bind_dn: cn=sallyport', '    bind_password: not asked for'],
    ])
    const at = { data, config }
    const spoken = { language: 'en', callLanguage: 'de', appLanguage: 'de' }
    await directoryItemAdd('staff', { base: 'ou=people,dc=example', ...spoken, ...at }, {})
    await directoryItemChange('staff', { callLanguage: 'none', oathLanguage: 'en', ...at }, {})
    await assert.rejects(directoryItemChange('staff', { textLanguage: 'fr', ...at }, {}), /--text-language/)
    said()
    await directoryItems(at, {})
    assert.match(said().join('\n'), /language {3}en, app de, oath en$/)
  })

  /** A data folder of its own, and what was said of it since last asked. */
  function installation(t: TestContext) {
    const data = mkdtempSync(join(tmpdir(), 'sallyport-languages-'))
    t.after(() => rmSync(data, { recursive: true, force: true }))
    const lines: string[] = []
    for (const how of ['log', 'error'] as const) t.mock.method(console, how, (line: string) => void lines.push(line))
    const file = (name: string, content: string[]) => {
      writeFileSync(join(data, name), `${content.join('\n')}\n`)
      return join(data, name)
    }
    return { data, file, said: () => lines.splice(0) }
  }
})

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'it did not come')
    await sleep(5)
  }
}
