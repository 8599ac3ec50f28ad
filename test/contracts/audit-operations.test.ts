import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Name, names } from '../../src/contract/contract.ts'
import type { EventName } from '../../src/core/audit/events.ts'
import type { Directory } from '../../src/core/directory.ts'
import { type CallSimulator, callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'
import type { Database, Rows } from '../../src/storage/sql/database.ts'
import { type Query, sql } from '../../src/storage/sql/query.ts'
import { codeFor, newDevice, withDevice } from '../app/device.ts'
import { askingDirectory, rightReplies } from '../asking-directory.ts'
import { changingDirectory, chosenPassword } from '../changing-directory.ts'
import { alicePhone, engineWorld, handClock, password, shownBy, silent, site } from '../engine.ts'
import { codeOfHardware, hardwareToken } from '../hardware.ts'
import { authenticator } from '../passkey/authenticator.ts'
import { syncChanges } from '../sync/audited.ts'
import { type FakeSource, fakeSource } from '../sync/fake-source.ts'
import { dialects } from './dialects.ts'

/** Operations that change nothing that the audit is about. A new operation has a place here or in `changes`. */
const reading: readonly Name[] = [
  'readSite',
  'readMe',
  'readServer',
  'readSecondStep',
  'awaitSecondStep',
  'readSetup',
  'readPhoneProof',
  'awaitPhoneProof',
  'readTokenOffer',
  'listTokens',
  'readCallProof',
  'awaitCallProof',
  'readPin',
  'readAccount',
  'readQuestions',
  'listActivity',
  'listPasskeys',
  'readActivation',
  'awaitActivation',
  'listDevices',
  'readDevice',
  'listPrompts',
  'awaitPrompts',
  // A question, that is of no worth until it was answered.
  'askPasskey',
  'beginPasskeySignIn',
  'readDirectoryChallenge',
  'listSyncItems',
  'findInDirectory',
  'previewSyncItem',
  'listSyncRuns',
  'readRemovals',
]

type World = Awaited<ReturnType<typeof engineWorld>> & { voice: CallSimulator; source: FakeSource }
type Act = () => Promise<{ ok: boolean }>
type Change = [operation: Name, ready: (world: World) => Promise<Act>, records: EventName]

/** Every operation that changes something: what leads up to it, the call itself, and the event that it leaves. */
const changes: readonly Change[] = [
  [
    'addUser',
    async ({ api, operator }) =>
      () =>
        api.addUser(operator, { username: 'carol', password }),
    'user.added',
  ],
  [
    'setPassword',
    async ({ api, operator }) =>
      () =>
        api.setPassword(operator, { username: 'alice', password: 'another-password' }),
    'user.password-set',
  ],
  [
    'unlockUser',
    async (world) => {
      await (await wrongly(world))()
      return () => world.api.unlockUser(world.operator, { username: 'alice' })
    },
    'user.unlocked',
  ],
  [
    'disableUser',
    async ({ api, operator }) =>
      () =>
        api.disableUser(operator, { username: 'alice' }),
    'user.disabled',
  ],
  [
    'enableUser',
    async ({ api, operator }) => {
      await api.disableUser(operator, { username: 'alice' })
      return () => api.enableUser(operator, { username: 'alice' })
    },
    'user.enabled',
  ],
  [
    'removeUser',
    async ({ api, operator }) =>
      () =>
        api.removeUser(operator, { username: 'alice' }),
    'user.removed',
  ],
  [
    'setServiceAccount',
    async ({ api, operator }) =>
      () =>
        api.setServiceAccount(operator, { name: 'portal', password: 'a-long-password-of-it' }),
    'service-account.set',
  ],
  [
    'beginSignIn',
    async ({ api, from }) =>
      () =>
        api.beginSignIn(from, { username: 'bob', password }),
    'password.right',
  ],
  [
    'sendText',
    async ({ api, from, begin, clock }) => {
      const session = await begin('alice')
      clock.advance(2)
      return () => api.sendText({ ...from, session }, {})
    },
    'text.asked',
  ],
  [
    'answerSecondStep',
    async ({ api, from, begin, codeAfter }) => {
      const { value: session, code } = await codeAfter(alicePhone, () => begin('alice'))
      return () => api.answerSecondStep({ ...from, session }, { method: 'text', code })
    },
    'second-step.passed',
  ],
  ['answerSecondStep', wrongly, 'second-step.wrong'],
  [
    'signOut',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.signOut(session, {})
    },
    'session.ended',
  ],
  [
    'chooseLanguage',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.chooseLanguage(session, { language: 'de' })
    },
    'language.chosen',
  ],
  [
    'provePhone',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.provePhone(session, { country: 'US', number: '2065550177' })
    },
    'phone.proof-asked',
  ],
  [
    'confirmPhone',
    async (world) => {
      const session = await signedIn(world)
      const { code } = await world.codeAfter('+12065550177', () =>
        world.api.provePhone(session, { country: 'US', number: '2065550177' }),
      )
      return () => world.api.confirmPhone(session, { code })
    },
    'phone.proven',
  ],
  [
    'finishPhoneProof',
    async (world) => {
      const { api, engine, database, clock, codeAfter } = world
      const session = await signedIn(world)
      await database.write((tx) => tx.rows(sql`UPDATE users SET text_mode = 'two-way' WHERE username = 'alice'`))
      const phone = '+12065550177'
      const { code } = await codeAfter(phone, () => api.provePhone(session, { country: 'US', number: phone }))
      const reply = { from: phone, to: '12345', text: code, providerId: 'r1', provider: 'simulator', at: clock.now() }
      await engine.replies.take(reply)
      return () => api.finishPhoneProof(session, {})
    },
    'phone.proven',
  ],
  [
    'startPrompt',
    async ({ api, from, begin, clock }) => {
      const session = await begin('carl')
      clock.advance(2)
      return () => api.startPrompt({ ...from, session }, { method: 'call' })
    },
    'call.asked',
  ],
  [
    'finishSecondStep',
    async (world) => {
      const session = await world.begin('carl')
      await confirmed(world, carlPhone)
      return () => world.api.finishSecondStep({ ...world.from, session }, { method: 'call' })
    },
    'second-step.passed',
  ],
  [
    'proveCall',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.proveCall(session, { country: 'US', number: '2065550177' })
    },
    'phone.proof-asked',
  ],
  [
    'finishCallProof',
    async (world) => {
      const session = await signedIn(world)
      await withBackup(world, session)
      return () => world.api.finishCallProof(session, {})
    },
    'backup-phone.proven',
  ],
  [
    'removeBackupPhone',
    async (world) => {
      const session = await signedIn(world)
      await withBackup(world, session)
      await world.api.finishCallProof(session, {})
      return () => world.api.removeBackupPhone(session, {})
    },
    'backup-phone.removed',
  ],
  [
    'offerToken',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.offerToken(session, {})
    },
    'token.offered',
  ],
  [
    'confirmToken',
    async ({ api, from, begin, clock }) => {
      const session = { ...from, session: await begin('bob') }
      const offer = await api.offerToken(session, {})
      assert.ok(offer.ok)
      return () => api.confirmToken(session, { code: shownBy(offer.value.uri, clock.now()) })
    },
    'enrolment.done',
  ],
  [
    'choosePin',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.choosePin(session, { pin: '7391' })
    },
    'pin.chosen',
  ],
  [
    'choosePin',
    async (world) => {
      const session = await world.toNewPin()
      return () => world.api.choosePin({ ...world.from, session }, { pin: '7391' })
    },
    'second-step.passed',
  ],
  [
    'choosePin',
    async (world) => {
      await world.api.setPin(world.operator, { username: 'alice', pin: '7391' })
      const session = await signedIn(world)
      return () => world.api.choosePin(session, { pin: '8264', old: '7392' })
    },
    'pin.wrong',
  ],
  [
    'setPin',
    async ({ api, operator }) =>
      () =>
        api.setPin(operator, { username: 'alice', pin: '7391' }),
    'user.pin-set',
  ],
  [
    'removePin',
    async ({ api, operator }) => {
      await api.setPin(operator, { username: 'alice', pin: '7391' })
      return () => api.removePin(operator, { username: 'alice' })
    },
    'user.pin-removed',
  ],
  [
    'setMode',
    async ({ api, operator }) =>
      () =>
        api.setMode(operator, { username: 'alice', method: 'text', mode: 'one-way-pin' }),
    'user.mode-set',
  ],
  [
    'chooseMethod',
    async (world) => {
      const session = await signedIn(world)
      await world.proveToken(session.session)
      return () => world.api.chooseMethod(session, { method: 'oath' })
    },
    'method.chosen',
  ],
  [
    'offerPasskey',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.offerPasskey(session, {})
    },
    'passkey.offered',
  ],
  [
    'confirmPasskey',
    async (world) => {
      const session = await signedIn(world)
      const credential = await made(world, session)
      return () => world.api.confirmPasskey(session, { credential, name: 'Laptop' })
    },
    'passkey.added',
  ],
  [
    'renamePasskey',
    async (world) => {
      const session = await signedIn(world)
      const { id } = await withPasskey(world, session)
      return () => world.api.renamePasskey(session, { id, name: 'Phone' })
    },
    'passkey.renamed',
  ],
  [
    'removePasskey',
    async (world) => {
      const session = await signedIn(world)
      const { id } = await withPasskey(world, session)
      return () => world.api.removePasskey(session, { id })
    },
    'passkey.removed',
  ],
  [
    'answerPasskey',
    async (world) => {
      const { browser } = await withPasskey(world, await signedIn(world))
      const half = { ...world.from, session: await world.begin('alice') }
      const asked = await world.api.askPasskey(half, {})
      assert.ok(asked.ok && asked.value.outcome === 'asked')
      const credential = browser.get(asked.value.options)
      return () => world.api.answerPasskey(half, { credential })
    },
    'second-step.passed',
  ],
  [
    'finishPasskeySignIn',
    async (world) => {
      const { browser } = await withPasskey(world, await signedIn(world))
      const asked = await world.api.beginPasskeySignIn(world.from, {})
      assert.ok(asked.ok && asked.value.outcome === 'asked')
      const { id, options } = asked.value
      const credential = browser.get(options)
      return () => world.api.finishPasskeySignIn(world.from, { id, credential })
    },
    'passkey.signed-in',
  ],
  [
    'beginIntegratedSignIn',
    async ({ api, from }) =>
      () =>
        api.beginIntegratedSignIn({ ...from, proven: 'alice' }, {}),
    'sign-in.integrated',
  ],
  [
    'changeExpiredPassword',
    async ({ api, from }) =>
      async () =>
        api.changeExpiredPassword(from, { username: 'dora', password, chosen: chosenPassword }),
    'password.right',
  ],
  [
    'answerDirectoryChallenge',
    async ({ api, from }) =>
      async () => {
        const asked = await api.beginSignIn(from, { username: 'carol', password })
        assert.ok(asked.ok && asked.value.outcome === 'challenged')
        const { challenge } = asked.value
        return api.answerDirectoryChallenge(from, { challenge, reply: rightReplies.right })
      },
    'password.right',
  ],
  [
    'answerOwnQuestions',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.answerOwnQuestions(session, { answers })
    },
    'questions.answered',
  ],
  [
    'answerQuestions',
    async (world) => {
      const set = await world.api.answerOwnQuestions(await signedIn(world), { answers })
      assert.ok(set.ok && set.value.outcome === 'done')
      const session = { ...world.from, session: await world.begin('alice') }
      return () => world.api.answerQuestions(session, { answers })
    },
    'second-step.passed',
  ],
  [
    'makeRecoveryCodes',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.makeRecoveryCodes(session, {})
    },
    'recovery.made',
  ],
  [
    'answerSecondStep',
    async (world) => {
      const [code = ''] = await withRecoveryCodes(world)
      const session = { ...world.from, session: await world.begin('alice') }
      return () => world.api.answerSecondStep(session, { method: 'recovery', code })
    },
    'recovery.used',
  ],
  [
    'enterToken',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.enterToken(session, { secret: 'JBSWY3DPEHPK3PXP', kind: 'hotp' })
    },
    'token.entered',
  ],
  [
    'importTokens',
    async ({ api, operator }) =>
      () =>
        api.importTokens(operator, { tokens: [hardwareToken('S')] }),
    'token.imported',
  ],
  [
    'assignToken',
    async ({ api, operator }) => {
      await api.importTokens(operator, { tokens: [hardwareToken('S')] })
      return () => api.assignToken(operator, { serial: 'S', username: 'bob' })
    },
    'token.assigned',
  ],
  [
    'unassignToken',
    async (world) => {
      await withHardware(world)
      return () => world.api.unassignToken(world.operator, { serial: 'S' })
    },
    'token.unassigned',
  ],
  [
    'revokeToken',
    async (world) => {
      await withHardware(world)
      return () => world.api.revokeToken(world.operator, { serial: 'S' })
    },
    'token.revoked',
  ],
  [
    'resyncTokenOf',
    async (world) => {
      await withHardware(world)
      const codes = { first: codeOfHardware('S', 500), second: codeOfHardware('S', 501) }
      return () => world.api.resyncTokenOf(world.operator, { serial: 'S', ...codes })
    },
    'token.resynchronised',
  ],
  [
    'resyncToken',
    async (world) => {
      await withHardware(world)
      const session = await signedIn(world)
      const codes = { first: codeOfHardware('S', 500), second: codeOfHardware('S', 501) }
      return () => world.api.resyncToken(session, codes)
    },
    'token.resynchronised',
  ],
  [
    'removeToken',
    async (world) => {
      const session = await signedIn(world)
      await world.proveToken(session.session)
      return () => world.api.removeToken(session, {})
    },
    'token.removed',
  ],
]

/** The same for the mobile app. */
const ofDevices: readonly Change[] = [
  [
    'offerActivation',
    async (world) => {
      const session = await signedIn(world)
      return () => world.api.offerActivation(session, {})
    },
    'activation.offered',
  ],
  [
    'activateDevice',
    async (world) => {
      const code = await codeFor(world.api, await signedIn(world))
      return () => newDevice(world).activate(code)
    },
    'device.added',
  ],
  [
    'startAppProof',
    async (world) => {
      const { setup } = await settingUp(world)
      return () => world.api.startAppProof(setup, {})
    },
    'app.proof-asked',
  ],
  [
    'finishAppProof',
    async (world) => {
      const { setup, device } = await settingUp(world)
      await world.api.startAppProof(setup, {})
      const read = await world.api.readActivation(setup, {})
      assert.ok(read.ok)
      await device.answer('approve', { number: read.value.proof?.number ?? '' })
      return () => world.api.finishAppProof(setup, {})
    },
    'enrolment.done',
  ],
  [
    'renameDevice',
    async (world) => {
      const session = await signedIn(world)
      const { id } = await withDevice(world, session.session)
      return () => world.api.renameDevice(session, { id: id(), name: 'Tablet' })
    },
    'device.renamed',
  ],
  [
    'removeDevice',
    async (world) => {
      const session = await signedIn(world)
      const { id } = await withDevice(world, session.session)
      return () => world.api.removeDevice(session, { id: id() })
    },
    'device.removed',
  ],
  [
    'answerPrompt',
    async (world) => {
      const { device } = await asked(world)
      const [question] = await device.questions()
      assert.ok(question)
      const { id: prompt, challenge } = question
      return () => device.ask('answerPrompt', { prompt, challenge, verdict: 'deny' })
    },
    'app.denied',
  ],
  [
    'setDevicePush',
    async (world) => {
      const device = await withDevice(world, (await signedIn(world)).session)
      return () => device.ask('setDevicePush', { subscription: null })
    },
    'device.push-set',
  ],
  [
    'nameDevice',
    async (world) => {
      const device = await withDevice(world, (await signedIn(world)).session)
      return () => device.ask('nameDevice', { name: 'Tablet' })
    },
    'device.renamed',
  ],
  [
    'leaveAccount',
    async (world) => {
      const device = await withDevice(world, (await signedIn(world)).session)
      return () => device.ask('leaveAccount')
    },
    'device.removed',
  ],
]

test('each operation of the contract is known to change something, or not to', () => {
  const known = new Set([...reading, ...[...changes, ...ofDevices, ...syncChanges].map(([operation]) => operation)])
  assert.deepEqual([...known].sort(), [...names].sort())
})

/** On SQLite only: that a unit which throws leaves nothing is held on both by `database.test.ts` and `audit.test.ts`. */
describe('no change without its event', () => {
  for (const [operation, ready, records] of [...changes, ...ofDevices, ...syncChanges]) {
    test(`${operation} (${records})`, async () => {
      const [, open] = dialects.find(([dialect]) => dialect === 'SQLite') ?? []
      assert.ok(open)
      const database = await open()
      const refusing = refusingAudit(database)
      const clock = handClock()
      const voice = callSimulator({ clock, log: silent })
      const source = fakeSource()
      const around = (inner: Directory) => changingDirectory(askingDirectory(inner))
      const world = await engineWorld(refusing.database, { clock, voice, settings: all, around, people: source })
      if (operation === 'answerDirectoryChallenge') await world.add('carol')
      if (operation === 'changeExpiredPassword') await world.add('dora')
      await world.add('carl', { phone: carlPhone, method: 'call' })
      const act = await ready({ ...world, voice, source })
      const state = await stateOf(database)

      refusing.on()
      await assert.rejects(act(), /audit is refused/)
      refusing.off()
      assert.deepEqual(await stateOf(database), state, 'nothing happened, since its event could not be written')

      const [last] = await database.rows(sql`SELECT max(seq) AS seq FROM audit`)
      const answer = await act()
      assert.ok(answer.ok, JSON.stringify(answer))
      assert.notDeepEqual(await stateOf(database), state)
      const events = await database.rows(sql`SELECT what FROM audit WHERE seq > ${Number(last?.seq)}`)
      const left = events.map(({ what }) => what)
      assert.ok(left.includes(records), left.join())
    })
  }
})

async function signedIn({ from, signIn }: World): Promise<{ session: string }> {
  return { ...from, session: await signIn('alice', alicePhone) }
}

const all = {
  'portal.methods': ['text', 'call', 'app', 'oath', 'passkey'],
  'portal.passkey_sign_in': true,
  'portal.recovery_codes': true,
  'portal.questions_fallback': true,
  'sync.automatic': false,
}
const answers = [
  { id: 'toy', answer: 'Bruno' },
  { id: 'street', answer: 'Mill Lane' },
  { id: 'job', answer: 'Bakery' },
  { id: 'book', answer: 'Momo' },
]
const carlPhone = '+12065550102'

async function withRecoveryCodes(world: World): Promise<string[]> {
  const made = await world.api.makeRecoveryCodes(await signedIn(world), {})
  assert.ok(made.ok && made.value.outcome === 'made')
  return made.value.codes
}

async function confirmed({ voice }: World, phone: string): Promise<void> {
  const ringing = () => voice.phones.calls(phone).find(({ state }) => state === 'ringing')
  while (!ringing()) await sleep(5)
  const id = ringing()?.id ?? ''
  await voice.phones.answer(id)
  await voice.phones.press(id, '#')
}

async function withBackup(world: World, session: { session: string }): Promise<void> {
  await world.api.proveCall(session, { slot: 'backup', country: 'US', number: '2065550188' })
  await confirmed(world, '+12065550188')
}

/** Bob in User Setup, with a device that he has activated in it. */
async function settingUp(world: World) {
  const setup = { ...world.from, session: await world.begin('bob') }
  const device = newDevice(world)
  assert.ok((await device.activate(await codeFor(world.api, setup))).ok)
  return { setup, device }
}

/** Alice, who has chosen the app, asked on her device. */
async function asked(world: World) {
  const session = await signedIn(world)
  const device = await withDevice(world, session.session)
  assert.ok((await world.api.chooseMethod(session, { method: 'app' })).ok)
  await world.begin('alice')
  return { session, device }
}

async function made({ api }: World, session: { session: string }, browser = authenticator(site)): Promise<string> {
  const offer = await api.offerPasskey(session, {})
  assert.ok(offer.ok)
  return browser.create(offer.value.options)
}

async function withPasskey(world: World, session: { session: string }) {
  const browser = authenticator(site)
  const credential = await made(world, session, browser)
  const added = await world.api.confirmPasskey(session, { credential, name: 'Laptop' })
  const own = await world.api.listPasskeys(session, {})
  assert.ok(added.ok && own.ok)
  return { browser, id: own.value.passkeys[0]?.id ?? assert.fail('no passkey') }
}

/** Alice has been given a token with a button. */
async function withHardware({ api, operator }: World): Promise<void> {
  await api.importTokens(operator, { tokens: [hardwareToken('S')] })
  await api.assignToken(operator, { serial: 'S', username: 'alice' })
}

async function wrongly({ api, from, begin }: World): Promise<Act> {
  const session = { ...from, session: await begin('alice') }
  return () => api.answerSecondStep(session, { method: 'text', code: 'no code' })
}

/** A database that can be told to refuse every new entry of the audit. */
function refusingAudit(database: Database) {
  let refuses = false
  const over = (tx: Rows): Rows => ({
    rows(query) {
      const writesAudit = /INSERT INTO audit \(/.test(query.parts.join('?'))
      return refuses && writesAudit ? Promise.reject(new Error('the audit is refused')) : tx.rows(query)
    },
  })
  return {
    database: { ...database, write: (unit) => database.write((tx) => unit(over(tx))) } satisfies Database as Database,
    on: () => {
      refuses = true
    },
    off: () => {
      refuses = false
    },
  }
}

const told: readonly Query[] = [
  sql`SELECT * FROM users ORDER BY id`,
  sql`SELECT * FROM sign_in ORDER BY id`,
  sql`SELECT id, token_hash, proven_at, ended_at FROM session ORDER BY id`,
  sql`SELECT * FROM challenge ORDER BY id`,
  sql`SELECT * FROM oath_token ORDER BY id`,
  sql`SELECT * FROM token_offer ORDER BY id`,
  sql`SELECT * FROM passkey ORDER BY id`,
  sql`SELECT * FROM recovery_code ORDER BY id`,
  sql`SELECT * FROM security_answer ORDER BY id`,
  sql`SELECT * FROM passkey_challenge ORDER BY id`,
  sql`SELECT * FROM device ORDER BY id`,
  sql`SELECT * FROM activation ORDER BY id`,
  sql`SELECT id, state, outcome FROM prompt ORDER BY id`,
  sql`SELECT * FROM pin ORDER BY id`,
  sql`SELECT * FROM service_account ORDER BY name`,
  sql`SELECT id FROM delivery ORDER BY id`,
  sql`SELECT * FROM sync_item ORDER BY id`,
  sql`SELECT * FROM sync_waiting ORDER BY id`,
]

/** All but what is counted apart from the audit on purpose: the throttle, known addresses, and when somebody was seen. */
async function stateOf(database: Database): Promise<unknown[]> {
  return Promise.all(told.map((query) => database.rows(query)))
}
