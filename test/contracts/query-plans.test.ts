import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSealer } from '../../src/core/audit/sealer.ts'
import { verifyAudit } from '../../src/core/audit/verify.ts'
import { createSweeper } from '../../src/core/housekeeping/sweep.ts'
import { callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'
import { auditChain, sealedLog } from '../../src/storage/audit-chain-store.ts'
import { leaseStore } from '../../src/storage/lease-store.ts'
import { leftovers } from '../../src/storage/leftover-store.ts'
import type { Database, Rows } from '../../src/storage/sql/database.ts'
import { type Query, sql, textOf } from '../../src/storage/sql/query.ts'
import { codeFor, newDevice, withDevice } from '../app/device.ts'
import { askingDirectory, rightReplies } from '../asking-directory.ts'
import { alicePhone, engineWorld, handClock, password, silent, site } from '../engine.ts'
import { codeOfHardware, hardwareToken } from '../hardware.ts'
import { authenticator } from '../passkey/authenticator.ts'
import { type FakeSource, fakeSource } from '../sync/fake-source.ts'
import { dialects } from './dialects.ts'

/** From end to end, or from one row to the end in the order of the table, which is no better. */
const reading = /^SCAN|USING INTEGER PRIMARY KEY \(rowid[<>]/

/** Steps of plans that read a table or an index from end to end, and why that is right. */
const allowed: [step: RegExp, reason: string][] = [
  [/^SCAN \d+ CONSTANT ROWS?$|^SCAN CONSTANT ROW$/, 'values, not a table'],
  [/^SCAN link VIRTUAL TABLE/, 'the list of a batch, which comes with the query'],
  [/^SCAN data_key USING INDEX/, 'the keyring is read whole at the start; it has a row for each rotation'],
  [/^SCAN sync_item( USING INDEX sync_item_order)?$/, 'an operator makes a handful of them'],
  [/^SCAN sync_waiting( USING INDEX .*)?$/, 'one list waits, and few were rejected'],
  [/^SCAN sync_run USING INDEX sync_run_open$/, 'the index holds only what goes on'],
  [/^SCAN sync_run USING INDEX sync_run_began$/, 'the newest, from the end of the index'],
  [/^SCAN audit USING (COVERING )?INDEX audit_unsealed$/, 'the index holds only what the last second brought'],
]

/** One statement that reads all of a table holds up everyone, since SQLite works in our own process. */
describe('on SQLite no query reads a whole table', () => {
  let recorded: Map<string, Query>
  let plan: (text: string) => Promise<string[]>

  before(async () => {
    const [, open] = dialects.find(([dialect]) => dialect === 'SQLite') ?? []
    assert.ok(open)
    const database = await open()
    const recording = recorder(database)
    recorded = recording.queries
    plan = (text) => planOf(database, text)
    await everything(recording.database)
  })

  test('not in signing in, User Setup, the account, the queue of texts, sealing and sweeping', async () => {
    assert.ok(recorded.size > 60, `the flows ran: ${recorded.size} queries`)
    const scans: string[] = []
    for (const text of recorded.keys()) {
      for (const step of await plan(text)) {
        if (reading.test(step) && !allowed.some(([known]) => known.test(step))) scans.push(`${step}: ${text.trim()}`)
      }
    }
    assert.deepEqual(scans, [])
  })

  test('nor sorts what it reads, or makes an index for one query', async () => {
    const sorts: string[] = []
    for (const text of recorded.keys()) {
      for (const step of await plan(text)) {
        // Only those alike in time are sorted among themselves: a handful.
        if (/TEMP B-TREE (?!FOR LAST TERM)|AUTOMATIC/.test(step)) sorts.push(`${step}: ${text.trim()}`)
      }
    }
    assert.deepEqual(sorts, [])
  })

  test('a batch is sealed by the keys of its rows, not by the list for each row', async () => {
    const [text] = [...recorded.keys()].filter((each) => each.includes('json_each'))
    assert.ok(text)
    assert.deepEqual(await plan(text), [
      'SCAN link VIRTUAL TABLE INDEX 1:',
      'SEARCH audit USING INTEGER PRIMARY KEY (rowid=?)',
    ])
  })

  test('and such a query would be found', async () => {
    assert.deepEqual(await plan('SELECT * FROM users WHERE mail = ?'), ['SCAN users'])
  })
})

/** The main flows, each once. */
async function everything(database: Database): Promise<void> {
  const callClock = handClock()
  const voice = callSimulator({ clock: callClock, log: silent })
  const methods = ['text', 'call', 'app', 'oath', 'passkey']
  const settings = {
    'company.administrators_mail': ['helpdesk@example.com'],
    'portal.methods': methods,
    'portal.passkey_sign_in': true,
    'portal.recovery_codes': true,
    'portal.questions_fallback': true,
    'call.mode': 'number',
  }
  const source = fakeSource()
  const places = { around: askingDirectory, people: source }
  const engineOf = await engineWorld(database, { clock: callClock, voice, settings, ...places })
  const world = { ...engineOf, source }
  const { engine, api, from, operator, clock, begin, signIn, codeAfter, proveToken } = world

  await api.beginSignIn(from, { username: 'alice', password: 'wrong' })
  await api.beginSignIn(from, { username: 'nobody', password })
  const half = { ...from, session: await begin('alice') }
  taken(await api.readSecondStep(half, {}))
  taken(await api.awaitSecondStep(half, { stamp: 'other', seconds: 1 }))
  taken(await api.answerSecondStep(half, { method: 'text', code: '000000' }))
  taken(await api.signOut(half, {}))
  clock.advance(20)

  const session = { ...from, session: await signIn('alice', alicePhone) }
  clock.advance(2)
  taken(await api.readAccount(session, {}))
  taken(await api.listActivity(session, {}))
  taken(await api.chooseLanguage(session, { language: 'de' }))
  taken(await api.sendText(session, {}))
  await proveToken(session.session)
  taken(await api.chooseMethod(session, { method: 'oath' }))
  clock.advance(2)
  const phone = await codeAfter('+12065550177', () => api.provePhone(session, { country: 'US', number: '2065550177' }))
  taken(await api.readPhoneProof(session, {}))
  taken(await api.confirmPhone(session, { code: phone.code }))
  const oath = { ...from, session: await begin('alice') }
  taken(await api.answerSecondStep(oath, { method: 'oath', code: '000000' }))
  taken(await api.removeToken(session, {}))
  await passkeys(world, session)
  await challenge(world)
  await devices(world, session)
  await recovery(world, session)
  taken(await api.signOut(session, { all: true }))

  await world.add('carl', { phone: '+12065550102', method: 'call' })
  const called = { ...from, session: await begin('carl') }
  const ringing = () => voice.phones.calls('+12065550102').find(({ state }) => state === 'ringing')
  while (!ringing()) await sleep(5)
  const callId = ringing()?.id ?? ''
  await engine.calls.take({ callId, providerId: callId, step: 0 })
  await voice.phones.answer(callId)
  await voice.phones.press(callId, '0#')
  await voice.phones.press(callId, '1')
  await engine.calls.take({ callId, providerId: callId, step: 'end' })
  await api.readSecondStep(called, {})
  taken(await api.unlockUser(operator, { username: 'carl' }))
  const twice = { ...from, session: await begin('carl') }
  taken(await api.readSecondStep(twice, {}))
  taken(await api.finishSecondStep(twice, { method: 'call' }))

  await replies(world)

  const setup = { ...from, session: await begin('bob') }
  taken(await api.readSetup(setup, {}))
  taken(await api.offerToken(setup, {}))
  taken(await api.readTokenOffer(setup, {}))
  taken(await api.confirmToken(setup, { code: '000000' }))

  const hardware = { serial: 'S' }
  taken(await api.importTokens(operator, { dryRun: true, tokens: [hardwareToken('S')] }))
  taken(await api.importTokens(operator, { tokens: [hardwareToken('S', { owner: 'alice' })] }))
  taken(await api.unassignToken(operator, hardware))
  taken(await api.assignToken(operator, { ...hardware, username: 'alice' }))
  taken(
    await api.resyncTokenOf(operator, { ...hardware, first: codeOfHardware('S', 8), second: codeOfHardware('S', 9) }),
  )
  taken(await api.resyncToken({ ...from, session: await begin('alice') }, { first: '000000', second: '000000' }))
  for (const which of ['all', 'unassigned'] as const) taken(await api.listTokens(operator, { which }))
  taken(await api.listTokens(operator, { username: 'alice' }))
  taken(await api.revokeToken(operator, hardware))
  const choosing = { ...from, session: await world.toNewPin() }
  taken(await api.readPin(choosing, {}))
  const chosen = await api.choosePin(choosing, { pin: '7391' })
  assert.ok(chosen.ok && chosen.value.outcome === 'chosen')
  taken(await api.choosePin({ ...from, session: chosen.value.session }, { pin: '8264', old: '7391' }))
  taken(await api.removePin(operator, { username: 'olga' }))

  taken(await api.setPassword(operator, { username: 'bob', password: 'another-password' }))
  taken(await api.unlockUser(operator, { username: 'alice' }))
  taken(await api.setServiceAccount(operator, { name: 'portal', password: 'a-long-service-password' }))
  await imports(world)
  await engine.checkServiceAccount('portal', 'a-long-service-password')
  await engine.close()
  await upkeep(database, engine.sealing, clock)
}

/** Added, renamed, gone, waiting and approved. */
async function imports({ api, operator, source }: World): Promise<void> {
  const rules = { method: 'text', mailNew: true, vanished: 'remove' } as const
  taken(await api.addSyncItem(operator, { name: 'staff', scope: { base: 'ou=people' }, rules }))
  for (const name of ['ann', 'ben'])
    source.put(name, { mail: `${name}@corp.example`, phones: { mobile: ['+12065550101'] } })
  taken(await api.synchronise(operator, {}))
  source.put('ben', { uid: 'uid-ann' })
  source.put('ann', { uid: 'uid-ben', enabled: false })
  taken(await api.synchronise(operator, { dryRun: true }))
  taken(await api.synchronise(operator, {}))
  source.mute = true
  taken(await api.synchronise(operator, {}))
  const removals = await api.readRemovals(operator, {})
  taken(await api.approveRemovals(operator, { list: (removals.ok && removals.value.list) || '' }))
  taken(await api.synchronise(operator, { whole: true }))
  taken(await api.listSyncRuns(operator, {}))
  taken(await api.previewSyncItem(operator, { name: 'staff' }))
  taken(await api.changeSyncItem(operator, { name: 'staff', newName: 'people', first: true }))
  taken(await api.listSyncItems(operator, {}))
  taken(await api.removeSyncItem(operator, { name: 'people' }))
}

async function recovery({ api, from, begin }: World, session: { session: string }): Promise<void> {
  const ids = ['toy', 'street', 'job', 'book']
  const answers = ids.map((id) => ({ id, answer: `of ${id} ${id.length}` }))
  taken(await api.answerOwnQuestions(session, { answers }))
  taken(await api.readQuestions(session, {}))
  const asked = { ...from, session: await begin('alice') }
  taken(await api.readSecondStep(asked, { way: 'questions' }))
  taken(await api.answerQuestions(asked, { answers }))
  const made = await api.makeRecoveryCodes(session, {})
  assert.ok(made.ok && made.value.outcome === 'made')
  const half = { ...from, session: await begin('alice') }
  taken(await api.answerSecondStep(half, { method: 'recovery', code: made.value.codes[0] ?? '' }))
}

/** A text that is replied to: wrong, twice the same, right with a PIN that is wrong, and right. */
async function replies({ api, database, engine, from, add, begin, codeAfter, clock }: World): Promise<void> {
  const phone = '+12065550104'
  await add('dora', { phone, method: 'text' })
  const answer = { to: '12345', provider: 'simulator', at: clock.now() }
  const reply = (text: string, providerId: string) => engine.replies.take({ ...answer, from: phone, text, providerId })
  for (const mode of ['two-way-pin', 'two-way'] as const) {
    await database.write((tx) => tx.rows(sql`UPDATE users SET text_mode = ${mode} WHERE username_key = 'dora'`))
    const asked = await codeAfter(phone, () => begin('dora'))
    const call = { ...from, session: asked.value }
    taken(await api.readSecondStep(call, {}))
    await reply('1', 'wrong')
    await reply('1', 'wrong')
    await reply(`${asked.code} 7391`, mode)
    await reply(asked.code, `${mode} again`)
    taken(await api.readSecondStep(call, {}))
    const passed = await api.finishSecondStep(call, { method: 'text' })
    if (!passed.ok || passed.value.outcome !== 'passed') continue
    const session = { ...from, session: passed.value.session }
    taken(await api.provePhone(session, { country: 'US', number: '2065550106' }))
    taken(await api.readPhoneProof(session, {}))
    taken(await api.finishPhoneProof(session, {}))
  }
}

async function challenge({ api, from, add }: World): Promise<void> {
  await add('carol')
  const asked = await api.beginSignIn(from, { username: 'carol', password })
  assert.ok(asked.ok && asked.value.outcome === 'challenged')
  taken(await api.readDirectoryChallenge(from, asked.value))
  taken(await api.answerDirectoryChallenge(from, { ...asked.value, reply: rightReplies.right }))
}

async function passkeys({ api, from, begin }: World, session: { session: string }): Promise<void> {
  const browser = authenticator(site)
  const offer = await api.offerPasskey(session, {})
  assert.ok(offer.ok)
  taken(await api.confirmPasskey(session, { credential: browser.create(offer.value.options), name: 'Laptop' }))
  const half = { ...from, session: await begin('alice') }
  const asked = await api.askPasskey(half, {})
  assert.ok(asked.ok && asked.value.outcome === 'asked')
  const answered = { credential: browser.get(asked.value.options, { counter: 0 }) }
  taken(await api.answerPasskey(half, answered))
  const alone = await api.beginPasskeySignIn(from, {})
  assert.ok(alone.ok && alone.value.outcome === 'asked')
  taken(await api.finishPasskeySignIn(from, { id: alone.value.id, credential: browser.get(alone.value.options) }))
  const own = await api.listPasskeys(session, {})
  assert.ok(own.ok)
  const id = own.value.passkeys[0]?.id ?? ''
  taken(await api.renamePasskey(session, { id, name: 'Phone' }))
  taken(await api.removePasskey(session, { id }))
}

async function devices(world: World, session: { session: string }): Promise<void> {
  const { api, from, begin } = world
  const old = await withDevice(world, session.session)
  const device = newDevice(world)
  taken(await device.activate(await codeFor(api, session, old.id())))
  taken(await api.listDevices(session, {}))
  taken(await api.chooseMethod(session, { method: 'app' }))
  const half = { ...from, session: await begin('alice') }
  taken(await api.readSecondStep(half, {}))
  const waits = await device.ask('awaitPrompts', { stamp: '', seconds: 1 })
  taken(waits)
  taken(await device.answer('approve', { number: '00' }))
  taken(await api.startPrompt(half, { method: 'app' }))
  const view = await api.readSecondStep(half, {})
  assert.ok(view.ok)
  taken(await device.answer('approve', { number: view.value.app?.number ?? '' }))
  taken(await api.finishSecondStep(half, { method: 'app' }))
  taken(await device.ask('nameDevice', { name: 'Tablet' }))
  taken(await device.ask('setDevicePush', { subscription: null }))
  taken(await device.ask('readDevice'))
  taken(await api.removeDevice(session, { id: device.id() }))
  const setup = { ...from, session: await begin('bob') }
  const fresh = newDevice(world)
  taken(await fresh.activate(await codeFor(api, setup)))
  taken(await api.startAppProof(setup, {}))
  taken(await fresh.answer('deny'))
  taken(await api.finishAppProof(setup, {}))
}

type World = Awaited<ReturnType<typeof engineWorld>> & { source: FakeSource }

function taken(answer: { ok: boolean }): void {
  assert.ok(answer.ok, JSON.stringify(answer))
}

async function upkeep(
  database: Database,
  keyring: Awaited<ReturnType<typeof engineWorld>>['engine']['sealing'],
  clock: Awaited<ReturnType<typeof engineWorld>>['clock'],
): Promise<void> {
  const stores = (tx: Rows) => ({
    chain: auditChain(tx, database.dialect),
    leases: leaseStore(tx),
    leftovers: leftovers(tx),
  })
  const needs = {
    write: <T>(unit: (over: ReturnType<typeof stores>) => Promise<T>) => database.write((tx) => unit(stores(tx))),
    clock,
    log: silent,
    holder: 'test',
  }
  const sealer = createSealer({ ...needs, keyring, waiting: auditChain(database, database.dialect) }, { most: 5 })
  const sweeper = createSweeper(needs)
  after(() => Promise.all([sealer.close(), sweeper.close()]))
  await sealer.sealNow()
  await sweeper.sweepNow()
  assert.equal((await verifyAudit({ log: sealedLog(database), keyring })).broken, undefined)
}

function recorder(database: Database): { database: Database; queries: Map<string, Query> } {
  const queries = new Map<string, Query>()
  const over = (rows: Rows): Rows => ({
    rows(query) {
      queries.set(textOf(query, 'sqlite'), query)
      return rows.rows(query)
    },
  })
  return {
    queries,
    database: { ...database, ...over(database), write: (unit) => database.write((tx) => unit(over(tx))) },
  }
}

async function planOf(database: Database, text: string): Promise<string[]> {
  const parts = `EXPLAIN QUERY PLAN ${text}`.split('?')
  const query = { parts, values: parts.slice(1).map(() => null) }
  return (await database.rows(query)).map(({ detail }) => String(detail))
}
