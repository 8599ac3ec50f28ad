import assert from 'node:assert/strict'
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { pinProblems } from '../../src/core/pin/rules.ts'
import type { Log } from '../../src/core/ports.ts'
import { fromBase32 } from '../../src/protocols/base32.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { codeFor, newDevice } from '../app/device.ts'
import { alicePhone, engineWorld, shownBy } from '../engine.ts'
import { migratedPlaces } from './dialects.ts'

for (const [dialect, place] of migratedPlaces) {
  describe(`secrets, on ${dialect}`, () => {
    test('none is in the log, the audit, any table or any error after a whole story', async () => {
      const { where, database, dumps, logged, errors, canaries, typedAsName } = await story(await place())
      const tables = dumps.join('\n')
      const told = [...logged, ...errors].join('\n')

      // What must be there shows that we look in the right place.
      for (const there of ['carol', alicePhone, 'second-step.passed']) assert.ok(tables.includes(there), there)
      assert.ok(logged.length >= 2 && errors.length >= 3, told)

      for (const [name, secret] of canaries) {
        assert.deepEqual(found(secret, tables), [], `${name}, in a table`)
        assert.deepEqual(found(secret, told), [], `${name}, in the log or in an error`)
      }
      const lasting = dumps.join('\n')
      assert.deepEqual(found(typedAsName, lasting), [], 'a password typed as the user name')
      assert.deepEqual(found(typedAsName, told), [], 'a password typed as the user name, in the log')

      if (database.dialect === 'sqlite') {
        // Pages that are not in use any more, too.
        const file = [where, `${where}-wal`]
          .filter((each) => existsSync(each))
          .map((each) => readFileSync(each, 'latin1'))
        for (const [name, secret] of canaries) {
          // Six digits stand somewhere in any file.
          if (!isCode(secret)) assert.deepEqual(found(secret, file.join('\n')), [], `${name}, in the file`)
        }
      }
    })
  })
}

type Place = Awaited<ReturnType<(typeof migratedPlaces)[number][1]>>

/** Everything that a secret comes along with: right, wrong, malformed, in the wrong box, and while the database fails. */
async function story({ where, connect }: Place) {
  const database = connect()
  const { log, logged } = recordingLog()
  const canaries = new Map<string, string | Uint8Array>()
  const secret = <T extends string | Uint8Array>(name: string, value: T): T => {
    canaries.set(name, value)
    return value
  }
  const dumps: string[] = []
  const errors: string[] = []
  const look = async () => dumps.push(await dump(database))
  const failing = async (act: Promise<unknown>) => {
    await act.then(
      () => assert.fail('it should have failed'),
      (error: unknown) => errors.push(inspect(error, { depth: 8, showHidden: true })),
    )
  }

  const masterKey = secret('master key', randomBytes(32))
  const { engine, api, from, operator, clock, begin, codeAfter, proveToken } = await engineWorld(database, {
    atFullCost: true,
    log,
    masterKey,
    settings: {
      'portal.methods': ['text', 'app', 'oath', 'passkey'],
      'portal.recovery_codes': true,
      'portal.questions_fallback': true,
    },
  })

  // Passwords.
  const right = secret('password', canary('right'))
  await api.addUser(operator, {
    username: 'carol',
    password: secret('first password', canary('first')),
    phone: '+12065550188',
    method: 'text',
  })
  await api.setPassword(operator, { username: 'carol', password: right })
  const typedAsName = canary('typed-as-name')
  await api.beginSignIn(from, { username: typedAsName, password: 'x' })
  await api.beginSignIn(from, { username: 'carol', password: secret('wrong password', canary('wrong')) })
  await api.beginSignIn(from, { username: 'nobody', password: secret('password of nobody', canary('nobody')) })
  await api.beginSignIn(from, { username: 'carol', password: secret('long password', canary('long').repeat(40)) })

  // The second step by text.
  const asked = await codeAfter('+12065550188', () => begin('carol', from, right))
  const half = { ...from, session: secret('token of a sign-in', asked.value) }
  const code = secret('texted code', asked.code)
  await look()
  await api.answerSecondStep(half, { method: 'text', code: secret('typed instead of a code', canary('code')) })
  const passed = await api.answerSecondStep(half, { method: 'text', code })
  assert.ok(passed.ok && passed.value.outcome === 'passed')
  const session = { ...from, session: secret('token of a session', passed.value.session) }

  // An authenticator app.
  const { uri, code: proof } = await proveToken(session.session)
  const oathSecret = new URL(uri).searchParams.get('secret') ?? ''
  secret('OATH secret', oathSecret)
  secret('OATH secret, as bytes', fromBase32(oathSecret) ?? assert.fail('no secret'))
  secret('OATH code that proved it', proof)
  clock.advance(2)
  const again = { ...from, session: secret('token of the next sign-in', await begin('carol', from, right)) }
  const shown = secret('OATH code', shownBy(uri, clock.now()))
  const renewed = await api.answerSecondStep(again, { method: 'oath', code: shown })
  assert.ok(renewed.ok && renewed.value.outcome === 'passed')
  secret('token of the next session', renewed.value.session)
  await api.readAccount(
    { ...from, session: secret('made-up token', `se_${randomBytes(32).toString('base64url')}`) },
    {},
  )
  await look()

  // Recovery codes, one of them used.
  const fresh = { ...from, session: renewed.value.session }
  const { value: list } = await codeAfter('+12065550188', () => api.makeRecoveryCodes(fresh, {}))
  assert.ok(list.ok && list.value.outcome === 'made')
  for (const [i, each] of list.value.codes.entries()) {
    secret(`recovery code ${i}`, each)
    secret(`recovery code ${i}, unbroken`, each.replaceAll('-', ''))
  }
  const [usedUp = ''] = list.value.codes
  const recovering = { ...from, session: (await codeAfter('+12065550188', () => begin('carol', from, right))).value }
  const { value: recovered } = await codeAfter('+12065550188', () =>
    api.answerSecondStep(recovering, { method: 'recovery', code: usedUp.toLowerCase() }),
  )
  assert.ok(recovered.ok && recovered.value.outcome === 'passed')
  await look()

  // Security questions, answered in setting them and at sign-in.
  const answers = ['toy', 'street', 'job', 'book'].map((id) => ({ id, answer: secret(`answer to ${id}`, canary(id)) }))
  for (const { answer } of answers) secret(`${answer}, normalised`, answer.replaceAll('-', ''))
  const asking = { ...from, session: recovered.value.session }
  const { value: set } = await codeAfter('+12065550188', () => api.answerOwnQuestions(asking, { answers }))
  assert.ok(set.ok && set.value.outcome === 'done')
  const judged = { ...from, session: (await codeAfter('+12065550188', () => begin('carol', from, right))).value }
  const wronged = [...answers.slice(1), { id: 'toy', answer: secret('wrong answer', canary('wrong-answer')) }]
  await api.answerQuestions(judged, { answers: wronged })
  const { value: remembered } = await codeAfter('+12065550188', () => api.answerQuestions(judged, { answers }))
  assert.ok(remembered.ok && remembered.value.outcome === 'passed')
  await look()

  // A device of the mobile app.
  const phone = newDevice({ api, clock, from })
  const owner = { ...from, session: remembered.value.session }
  const activation = secret('activation code', await codeFor(api, owner))
  secret('activation code, unbroken', activation.replaceAll('-', ''))
  await look()
  const { value: activated } = await codeAfter('+12065550188', () => phone.activate(activation))
  assert.ok(activated.ok && activated.value.outcome === 'activated')
  secret('OATH secret of the device', activated.value.oath.secret)
  secret('OATH secret of the device, as bytes', fromBase32(activated.value.oath.secret) ?? assert.fail('no secret'))
  await phone.activate(secret('activation code that is none', canary('activation')))
  const made = { prompt: secret('prompt that is none', canary('prompt')), challenge: 'x', verdict: 'approve' }
  await phone.ask('answerPrompt', { ...made, pin: secret('PIN typed on the device', canary('pin')), number: '10' })
  await look()

  // PINs: chosen, changed, typed wrong, typed beside a code; set and made by the operator.
  const digits = (name: string) => secret(name, strongPin())
  const owning = { ...from, session: remembered.value.session }
  const [firstPin, secondPin] = [digits('first PIN'), digits('second PIN')]
  await codeAfter('+12065550188', () => api.choosePin(owning, { pin: firstPin }))
  await api.choosePin(owning, { pin: digits('PIN not chosen'), old: digits('wrong old PIN') })
  await api.choosePin(owning, { pin: secret('PIN that is none', canary('pin')), old: firstPin })
  await codeAfter('+12065550188', () => api.choosePin(owning, { pin: secondPin, old: firstPin }))
  await api.setMode(operator, { username: 'carol', method: 'text', mode: 'one-way-pin' })
  clock.advance(1)
  const beside = await codeAfter('+12065550188', () => begin('carol', from, right))
  const typing = { ...from, session: beside.value }
  const typed = { method: 'text', code: secret('code beside a PIN', beside.code) } as const
  await api.answerSecondStep(typing, { ...typed, pin: digits('wrong PIN') })
  const both = await api.answerSecondStep(typing, { ...typed, pin: secondPin })
  assert.ok(both.ok && both.value.outcome === 'passed')
  await api.setPin(operator, { username: 'alice', pin: digits('PIN set by the operator') })
  const byUs = await api.setPin(operator, { username: 'alice' })
  assert.ok(byUs.ok && byUs.value.outcome === 'set')
  secret('PIN made for the operator', byUs.value.made ?? '')
  await look()

  // A service account.
  const service = secret('service password', canary('service'))
  await api.setServiceAccount(operator, { name: 'portal', password: service })
  assert.ok(await engine.checkServiceAccount('portal', service, from.address))
  await engine.checkServiceAccount('portal', secret('wrong service password', canary('service-wrong')), from.address)

  // A text that was tampered with, and a database that fails.
  clock.advance(2)
  await spoil(database)
  secret('code of the next text', (await codeAfter('+12065550188', () => api.sendText(session, {}))).code)
  while (logged.length === 0) await new Promise((next) => setTimeout(next, 5))

  // A text that is answered by a text, with a PIN.
  clock.advance(2)
  await database.write((tx) => tx.rows(sql`UPDATE users SET text_mode = 'two-way-pin' WHERE username = 'carol'`))
  const pin = secret('PIN', String(randomInt(10 ** 13, 10 ** 14)))
  const own = codeAfter('+12065550188', () => api.startPrompt(session, { method: 'text' }))
  const toReply = secret('code to reply with', (await own).code)
  const answer = { from: '+12065550188', to: '12345', provider: 'simulator', at: clock.now() }
  for (const text of [`${toReply} ${pin}`, secret('reply that is none', canary('reply')), `${toReply} please`]) {
    await engine.replies.take({ ...answer, text, providerId: randomUUID() })
  }
  await look()
  await hide(database, 'audit')
  await failing(begin('carol', from, right))
  await failing(api.choosePin(owning, { pin: digits('PIN that failed'), old: secondPin }))
  await failing(api.answerSecondStep(session, { method: 'text', code }))
  await failing(engine.replies.take({ ...answer, text: `${toReply} ${pin}`, providerId: randomUUID() }))
  await failing(
    api.setPassword(operator, { username: 'carol', password: secret('password that failed', canary('failed')) }),
  )
  await engine.close()
  await show(database, 'audit')
  await look()
  return { where, database, dumps, logged, errors, canaries, typedAsName }
}

function canary(name: string): string {
  return `canary-${name}-${randomBytes(9).toString('hex')}`
}

/** One that the rules let them have. */
function strongPin(): string {
  for (;;) {
    const pin = String(randomInt(10 ** 13, 10 ** 14))
    if (pinProblems(pin, { minLength: 4, refuseWeak: true }, [alicePhone, '+12065550188']).length === 0) return pin
  }
}

const isCode = (secret: string | Uint8Array) => typeof secret === 'string' && /^\d{6,8}$/.test(secret)

/** In which guises a secret stands in a text. A token of 256 bits is kept as its plain hash; nothing else may be. */
function found(secret: string | Uint8Array, text: string): string[] {
  const bytes = Buffer.from(secret)
  const guises: [name: string, guise: string][] = [
    ['hex', bytes.toString('hex')],
    ['base64', bytes.toString('base64').replace(/=+$/, '')],
    ['base64url', bytes.toString('base64url')],
    ['bytes', bytes.toString('latin1')],
  ]
  const isToken = typeof secret === 'string' && /^s[ie]_/.test(secret)
  if (!isToken) {
    const hash = createHash('sha256').update(bytes)
    for (const as of ['hex', 'base64', 'base64url'] as const) {
      guises.push([`SHA-256 as ${as}`, hash.copy().digest(as).replace(/=+$/, '')])
    }
  }
  // A number inside a longer number or word is a coincidence.
  const plain = isCode(secret)
    ? new RegExp(`(?<![0-9A-Za-z_-])${secret}(?![0-9A-Za-z_-])`).test(text)
    : text.includes(String(secret))
  const hidden = guises.filter(([, guise]) => guise.length > 8 && text.includes(guise)).map(([name]) => name)
  return typeof secret === 'string' && plain ? ['plain', ...hidden] : hidden
}

test('a secret would be found, in each guise', () => {
  const secret = Buffer.from('canary-0123456789')
  const guises = [
    `"why":"${secret}"`,
    secret.toString('hex'),
    secret.toString('base64'),
    createHash('sha256').update(secret).digest('base64url'),
  ]
  for (const text of guises) assert.notDeepEqual(found(secret.toString(), `row ${text} row`), [], text)
  assert.deepEqual(found('482915', 'Your code is 482915.'), ['plain'])
  assert.deepEqual(found('482915', '1764829150000'), [])
})

function recordingLog(): { log: Log; logged: string[] } {
  const logged: string[] = []
  const record = (...line: unknown[]) =>
    void logged.push(line.map((each) => inspect(each, { depth: 8, showHidden: true })).join(' '))
  return { log: { info: record, warn: record, error: record }, logged }
}

/** Every table, a line for each row. */
async function dump(database: Database): Promise<string> {
  const tables =
    database.dialect === 'sqlite'
      ? await database.rows(sql`SELECT name FROM sqlite_master WHERE type = 'table'`)
      : await database.rows(
          sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
        )
  assert.ok(tables.length >= 15)
  const lines: string[] = []
  for (const { name } of tables) {
    const rows = await database.rows({ parts: [`SELECT * FROM ${name}`], values: [] })
    lines.push(...rows.map((row) => `${name}: ${JSON.stringify(row)}`))
  }
  return lines.join('\n')
}

/** A text in the queue that does not open. */
async function spoil(database: Database): Promise<void> {
  await database.write((tx) =>
    tx.rows(sql`INSERT INTO delivery (id, kind, recipient, sealed_body, state, attempts, next_at, deadline, created_at)
      VALUES ('spoilt', 'text', ${alicePhone}, 'v1.none.none', 'queued', 0, 0, ${Number.MAX_SAFE_INTEGER}, 0)`),
  )
}

const hide = (database: Database, table: string) =>
  database.alter((tx) => tx.script(`ALTER TABLE ${table} RENAME TO ${table}_hidden`))
const show = (database: Database, table: string) =>
  database.alter((tx) => tx.script(`ALTER TABLE ${table}_hidden RENAME TO ${table}`))
