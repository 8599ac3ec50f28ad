import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Call, Caller } from '../../src/contract/caller.ts'
import { type Answer, type Api, contract, type Name, names } from '../../src/contract/contract.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { forgedDevice, withDevice } from '../app/device.ts'
import { alicePhone, engineWorld, MAY_TAKE_MS, password, site } from '../engine.ts'
import { authenticator } from '../passkey/authenticator.ts'
import { account, remote, type Sent, sdkWorld } from '../sdk.ts'
import { dialects } from './dialects.ts'

type Level = { who: string; call: Call; is: Caller; signs?: (name: Name) => Call }

for (const [dialect, open] of dialects) {
  describe(`every operation and every level of caller, on ${dialect}`, () => {
    for (const door of ['in process', 'over HTTPS'] as const) {
      test(`opens exactly where the row names the level, ${door}`, async () => {
        const { apis, levels } = await world(await open())
        const wrong: string[] = []

        for (const name of names) {
          for (const { who, call, is, signs } of levels) {
            // No operation takes null, so whoever is let in changes nothing.
            const answer = await ask(apis[door], name, signs?.(name) ?? call, null)
            const expected = opens(name, door === 'in process' ? [is] : overHttps(is))
            const found = answer.ok ? 'ok' : answer.refusal
            if (found !== (expected ? 'input.malformed' : 'caller.refused')) wrong.push(`${name}, ${who}: ${found}`)
          }
        }

        assert.deepEqual(wrong, [])
        assert.ok(names.length > 20 && levels.length > 8)
      })
    }
  })

  describe(`a service account without a person, on ${dialect}`, () => {
    test('reads and changes no person, whatever it makes up', async () => {
      const { sdk, database, madeUp, stuffing } = await world(await open())
      const before = await dump(database)

      const answers: string[] = []
      for (const name of names) {
        for (const session of madeUp) {
          for (const input of [samples[name], { ...stuffing, ...samples[name] }]) {
            const { text } = await sdk.operate(name, sentBy(session, input))
            answers.push(text)
          }
        }
      }

      assert.deepEqual(changed(before, await dump(database)), [])
      const said = answers.join('\n')
      for (const canary of canaries) assert.ok(!said.includes(canary), `an answer says ${canary}`)
      const signIns = [
        'beginSignIn',
        'changeExpiredPassword',
        'beginPasskeySignIn',
        'finishPasskeySignIn',
        'activateDevice',
      ]
      const opened = names.filter((name) => opens(name, ['anyone', 'service account']) && !signIns.includes(name))
      assert.equal(answers.filter((text) => text.includes('"ok":true')).length, madeUp.length * 2 * opened.length)
    })

    test('cannot stand in for the operator', async () => {
      const { apis, sdk, database } = await world(await open())
      const before = await dump(database)

      for (const name of [
        'addUser',
        'setPassword',
        'unlockUser',
        'disableUser',
        'enableUser',
        'removeUser',
        'setPin',
        'removePin',
        'setMode',
        'setServiceAccount',
        'addSyncItem',
        'synchronise',
        'approveRemovals',
      ] as const) {
        const input = samples[name]
        assert.deepEqual(await ask(apis['over HTTPS'], name, { console: true }, input), refused)
        const { status, text } = await sdk.operate(name, {
          headers: { 'sallyport-console': 'true', console: 'true' },
          body: JSON.stringify({ ...input, console: true, call: { console: true } }),
        })
        assert.deepEqual([status, JSON.parse(text)], [401, refused])
      }

      assert.deepEqual(changed(before, await dump(database)), [])
    })
  })
}

describe('a person, over HTTPS', () => {
  test('signs in, looks around and leaves, with the address and browser of their own', async () => {
    const { apis, engine } = await world(await firstDialect())
    const api = apis['over HTTPS']
    const from: Call = { address: '198.51.100.9', userAgent: 'Fïrefox\u2014146', language: 'de' }

    const { value: begun, code } = await engine.codeAfter(alicePhone, () =>
      api.beginSignIn(from, { username: 'alice', password }),
    )
    assert.ok(begun.ok && begun.value.outcome === 'begun')
    const half = { ...from, session: begun.value.session }
    const view = await api.readSecondStep(half, {})
    assert.ok(view.ok)
    const waited = await api.awaitSecondStep(half, { stamp: 'another', seconds: 20 })
    assert.ok(waited.ok && waited.value.stamp !== '')
    const passed = await api.answerSecondStep(half, { method: 'text', code })
    assert.ok(passed.ok && passed.value.outcome === 'passed')

    const session = { ...from, session: passed.value.session }
    const seen = await api.readAccount(session, {})
    // JSON has no undefined: what is not known is not there.
    assert.deepEqual(seen, JSON.parse(JSON.stringify(await engine.api.readAccount(session, {}))))
    const activity = await api.listActivity(session, {})
    assert.ok(activity.ok)
    assert.deepEqual(
      [...new Set(activity.value.events.map(({ address, userAgent }) => `${address} ${userAgent}`))].includes(
        '198.51.100.9 Fïrefox?146',
      ),
      true,
    )
    assert.deepEqual(await api.signOut(session, {}), { ok: true, value: { ended: 1 } })
    assert.deepEqual(await api.readAccount(session, {}), refused)
  })

  test('adds a passkey, and signs in with it', async () => {
    const { apis, levels } = await world(await firstDialect())
    const api = apis['over HTTPS']
    const session = levels.find(({ is }) => is === 'signed in')?.call ?? assert.fail('nobody')
    const browser = authenticator(site)
    const offer = await api.offerPasskey(session, {})
    assert.ok(offer.ok)
    const credential = browser.create(offer.value.options)
    assert.deepEqual(await api.confirmPasskey(session, { credential, name: 'Läptop' }), {
      ok: true,
      value: { outcome: 'proven' },
    })
    const own = await api.listPasskeys(session, {})
    assert.ok(own.ok && own.value.passkeys[0]?.name === 'Läptop')

    const half = levels.find(({ is }) => is === 'half signed in')?.call ?? assert.fail('nobody')
    const asked = await api.askPasskey(half, {})
    assert.ok(asked.ok && asked.value.outcome === 'asked')
    const passed = await api.answerPasskey(half, { credential: browser.get(asked.value.options) })
    assert.ok(passed.ok && passed.value.outcome === 'passed')
  })

  test('a wrong password is the same answer as in process', async () => {
    const { apis } = await world(await firstDialect())

    for (const api of Object.values(apis))
      assert.deepEqual(await api.beginSignIn({ address: '198.51.100.9' }, { username: 'alice', password: 'wrong' }), {
        ok: false,
        refusal: 'credentials.wrong',
      })
  })

  test('an input that is too long is malformed, as in process', async () => {
    const { apis } = await world(await firstDialect())

    for (const api of Object.values(apis))
      assert.deepEqual(await api.beginSignIn({}, { username: 'alice', password: 'x'.repeat(100_000) }), {
        ok: false,
        refusal: 'input.malformed',
      })
  })

  test('what is no input is malformed, and changes nothing of how objects behave', async () => {
    const { sdk } = await world(await firstDialect())

    for (const body of [
      '{"username":',
      '',
      '[]',
      'null',
      '7',
      '[{"username":"alice","password":"x"}]',
      '{"__proto__":{}}',
    ]) {
      const { status, text } = await sdk.operate('beginSignIn', { body })
      assert.deepEqual([status, JSON.parse(text)], [400, { ok: false, refusal: 'input.malformed' }], body)
    }
    const polluting = '{"__proto__":{"username":"alice","password":"x"},"constructor":{"prototype":{"ok":true}}}'
    assert.equal((await sdk.operate('beginSignIn', { body: polluting })).status, 400)
    assert.equal(({} as Record<string, unknown>).username, undefined)
  })

  test('two portals of two accounts see the same person', async () => {
    const { engine, sdk, apis, levels } = await world(await firstDialect())
    await engine.api.setServiceAccount(engine.operator, { name: 'second', password: 'another-sixteen-characters' })
    const second = remote({
      ...{ url: sdk.url, fingerprint: sdk.tls.fingerprint },
      ...{ username: 'second', password: 'another-sixteen-characters' },
    })
    const session = levels.find(({ is }) => is === 'signed in')?.call.session

    const [one, two] = await Promise.all([apis['over HTTPS'], second].map((api) => api.readAccount({ session }, {})))

    assert.ok(one?.ok)
    assert.deepEqual(two, one)
    await assert.rejects(
      remote({ url: sdk.url, fingerprint: sdk.tls.fingerprint, username: 'second' }).readSite({}, {}),
      { code: 'engine.refused' },
      "one account's password is not the other's",
    )
  })

  test('a token with a line break in it is nobody’s, as in process', async () => {
    const { apis, levels } = await world(await firstDialect())
    const session = levels.find(({ is }) => is === 'signed in')?.call.session ?? ''

    for (const api of Object.values(apis))
      for (const odd of [`${session}\r\nx: y`, `${session}\u2028`, `\0${session}`, ''])
        assert.deepEqual(await api.readMe({ session: odd }, {}), { ok: true, value: { level: 'anyone' } })
  })
})

const refused = { ok: false, refusal: 'caller.refused' } as const
const canaries = ['Kanarienvogel', 'canary@', '0177', '5550177', 'carol']

/** Everything that each operation takes, so that nothing but the caller is wrong. */
const samples: { [N in Name]: Parameters<Api[N]>[1] } = {
  readSite: {},
  readMe: {},
  readServer: {},
  beginSignIn: { username: 'carol', password: 'not hers' },
  readSecondStep: {},
  awaitSecondStep: { stamp: '', seconds: 1 },
  sendText: {},
  answerSecondStep: { method: 'text', code: '123456' },
  startPrompt: { method: 'call' },
  finishSecondStep: { method: 'call' },
  proveCall: { country: 'US', number: '206 555 0111' },
  readCallProof: {},
  awaitCallProof: { stamp: '', seconds: 1 },
  finishCallProof: {},
  removeBackupPhone: {},
  offerActivation: {},
  readActivation: {},
  awaitActivation: { stamp: '', seconds: 1 },
  startAppProof: {},
  finishAppProof: {},
  listDevices: {},
  renameDevice: { id: 'x', name: 'mine' },
  removeDevice: { id: 'x' },
  activateDevice: { code: 'K7QX-2M9D-T4WB', publicKey: 'BA', proof: 'AA', name: 'mine' },
  readDevice: {},
  listPrompts: {},
  awaitPrompts: { stamp: '', seconds: 1 },
  answerPrompt: { prompt: 'x', challenge: 'x', verdict: 'approve' },
  setDevicePush: { subscription: null },
  nameDevice: { name: 'mine' },
  leaveAccount: {},
  signOut: { all: true },
  readSetup: {},
  provePhone: { country: 'US', number: '206 555 0111' },
  readPhoneProof: {},
  finishPhoneProof: {},
  awaitPhoneProof: { stamp: '', seconds: 1 },
  confirmPhone: { code: '123456' },
  offerToken: {},
  readTokenOffer: {},
  enterToken: { secret: 'JBSWY3DPEHPK3PXP', kind: 'totp' },
  confirmToken: { code: '123456' },
  resyncToken: { first: '123456', second: '123456' },
  removeToken: {},
  chooseMethod: { method: 'oath' },
  offerPasskey: {},
  confirmPasskey: { credential: '{}', name: 'mine' },
  listPasskeys: {},
  renamePasskey: { id: 'x', name: 'mine' },
  removePasskey: { id: 'x' },
  askPasskey: {},
  answerPasskey: { credential: '{}' },
  readDirectoryChallenge: { challenge: 'x' },
  beginIntegratedSignIn: {},
  changeExpiredPassword: { username: 'alice', password: 'x', chosen: 'y' },
  answerDirectoryChallenge: { challenge: 'x', reply: '123456' },
  beginPasskeySignIn: {},
  finishPasskeySignIn: { id: 'x', credential: '{}' },
  answerQuestions: { answers: [{ id: 'toy', answer: 'Bruno' }] },
  readQuestions: {},
  answerOwnQuestions: { answers: [{ id: 'toy', answer: 'Bruno' }] },
  makeRecoveryCodes: {},
  readPin: {},
  choosePin: { pin: '7391' },
  readAccount: {},
  listActivity: {},
  chooseLanguage: { language: 'de' },
  importTokens: { tokens: [] },
  listTokens: {},
  assignToken: { serial: 'S', username: 'carol' },
  unassignToken: { serial: 'S' },
  revokeToken: { serial: 'S' },
  resyncTokenOf: { serial: 'S', first: '123456', second: '123456' },
  addUser: { username: 'mallory', password: 'long enough' },
  setPassword: { username: 'carol', password: 'long enough' },
  unlockUser: { username: 'carol' },
  disableUser: { username: 'carol' },
  enableUser: { username: 'carol' },
  removeUser: { username: 'carol' },
  setPin: { username: 'carol', pin: '7391' },
  removePin: { username: 'carol' },
  setMode: { username: 'carol', method: 'call', mode: 'pin' },
  listSyncItems: {},
  addSyncItem: { name: 'all', scope: { base: 'dc=example' }, rules: {} },
  changeSyncItem: { name: 'all', first: true },
  removeSyncItem: { name: 'all' },
  findInDirectory: { kind: 'group', text: 'all' },
  previewSyncItem: { name: 'all' },
  synchronise: { whole: true },
  listSyncRuns: {},
  readRemovals: {},
  approveRemovals: { list: 'x' },
  rejectRemovals: { list: 'x' },
  setServiceAccount: { name: 'mallory', password: 'sixteen-or-more-characters' },
}

function ask(api: Api, name: Name, call: Call, input: unknown): Promise<Answer<Name>> {
  return (api[name] as (call: Call, input: unknown) => Promise<Answer<Name>>)(call, input)
}

function opens(name: Name, are: readonly Caller[]): boolean {
  return contract[name].callers.some((caller) => caller === 'anyone' || are.includes(caller))
}

/** Over the wire a service account always comes along, and nobody is at the machine. */
function overHttps(is: Caller): Caller[] {
  return is === 'console' ? ['service account'] : [is, 'service account']
}

function sentBy(session: string | undefined, input: unknown): Sent {
  return {
    // An address of its own each time, or the throttle would answer in place of the operation.
    headers: {
      'sallyport-client-address': `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`,
      ...(session !== undefined && { 'sallyport-session': session }),
    },
    body: JSON.stringify(input),
  }
}

/** All rows of all tables, but for the log of what happened, the counts of tries, and whose turn housekeeping is. */
async function dump(database: Database): Promise<Record<string, string[]>> {
  const tables =
    database.dialect === 'sqlite'
      ? await database.rows(sql`SELECT name FROM sqlite_master WHERE type = 'table'`)
      : await database.rows(sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`)
  const dumped: Record<string, string[]> = {}
  for (const name of tables.map((row) => String(row.name)).sort()) {
    if (/^(sqlite_|audit|throttle|lease)/.test(name)) continue
    const rows = await database.rows({ parts: [`SELECT * FROM ${name}`], values: [] })
    dumped[name] = rows.map((row) => JSON.stringify(row)).sort()
  }
  assert.ok((dumped.users?.length ?? 0) >= 3 && (dumped.session?.length ?? 0) >= 2, 'the dump sees the people')
  return dumped
}

function changed(before: Record<string, string[]>, now: Record<string, string[]>): string[] {
  return Object.keys({ ...before, ...now }).filter((table) => !isDeepStrictEqual(before[table], now[table]))
}

async function firstDialect(): Promise<Database> {
  const [first] = dialects
  assert.ok(first)
  return first[1]()
}

/** Alice signed in and half signed in, Bob setting up, Carol with data to steal; a portal of its own beside the engine. */
async function world(database: Database) {
  const engine = await engineWorld(database, { settings: { 'portal.methods': ['text', 'app', 'oath', 'passkey'] } })
  const { api, operator, from } = engine
  await api.setServiceAccount(operator, account)
  const carol = await api.addUser(operator, {
    username: 'carol',
    displayName: 'Kanarienvogel',
    mail: 'canary@example.org',
    phone: '+12065550177',
    method: 'text',
    password,
  })
  assert.ok(carol.ok)
  const sdk = await sdkWorld({ api, checkServiceAccount: engine.engine.checkServiceAccount })
  const [session, half, setup, choosing] = [
    await engine.signIn('alice', alicePhone),
    await engine.begin('alice'),
    await engine.begin('bob'),
    await engine.toNewPin(),
  ]
  const carols = await engine.signIn('carol', '+12065550177')
  const device = await withDevice(engine, session)
  await settled(database)

  const nobody: Caller = 'anyone'
  const levels: Level[] = [
    { who: 'nobody', call: from, is: nobody },
    { who: 'a forged session', call: { ...from, session: `se_${randomBytes(32).toString('base64url')}` }, is: nobody },
    { who: 'a forged sign-in', call: { ...from, session: `si_${randomBytes(32).toString('base64url')}` }, is: nobody },
    { who: 'a cut session', call: { ...from, session: session.slice(0, -1) }, is: nobody },
    { who: 'an extended session', call: { ...from, session: `${session}A` }, is: nobody },
    { who: 'a session as a sign-in', call: { ...from, session: session.replace('se_', 'si_') }, is: nobody },
    { who: 'a sign-in as a session', call: { ...from, session: half.replace('si_', 'se_') }, is: nobody },
    { who: 'somebody half signed in', call: { ...from, session: half }, is: 'half signed in' },
    { who: 'somebody setting up', call: { ...from, session: setup }, is: 'setting up' },
    { who: 'somebody choosing a PIN', call: { ...from, session: choosing }, is: 'choosing a PIN' },
    { who: 'somebody signed in', call: { ...from, session }, is: 'signed in' },
    { who: 'a device', call: from, is: 'device', signs: (name) => device.signs(name, 'null') },
    {
      who: 'a device that signs another call',
      call: from,
      is: nobody,
      signs: () => device.signs('readServer', 'null'),
    },
    { who: 'a forged device', call: from, is: nobody, signs: (name) => forgedDevice(engine).signs(name, 'null') },
    { who: 'a service account', call: { ...from, account: 'portal' }, is: 'service account' },
    { who: 'the operator', call: { ...from, console: true }, is: 'console' },
  ]
  const [row] = await database.rows(sql`SELECT id, token_hash FROM session WHERE user_id = ${carol.value.id}`)
  return {
    engine,
    sdk,
    database,
    levels,
    apis: { 'in process': api, 'over HTTPS': remote({ url: sdk.url, fingerprint: sdk.tls.fingerprint }) },
    /** What somebody who has read the database could think of. */
    madeUp: [
      undefined,
      'null',
      carol.value.id,
      String(row?.id),
      `se_${row?.token_hash}`,
      `si_${row?.token_hash}`,
      carols.slice(0, -1),
      `${carols}, ${carols}`,
    ],
    stuffing: {
      ...{ userId: carol.value.id, id: carol.value.id, user: 'carol', username: 'carol', name: 'carol' },
      ...{ who: { level: 'signed in', userId: carol.value.id, sessionId: String(row?.id) }, level: 'signed in' },
      ...{ session: carols, sessionId: String(row?.id), account: 'portal', console: true, callers: ['anyone'] },
    },
  }
}

/** Texts on their way have arrived: the dispatcher writes no more. */
async function settled(database: Database): Promise<void> {
  const deadline = Date.now() + MAY_TAKE_MS
  for (;;) {
    const queued = await database.rows(sql`SELECT id FROM delivery WHERE state = 'queued'`)
    if (queued.length === 0) return
    if (Date.now() > deadline) throw new Error('texts are still on their way')
    await new Promise((wait) => setTimeout(wait, 20))
  }
}
