import assert from 'node:assert/strict'
import type { Call } from '../../src/contract/caller.ts'
import { choosePin } from '../../src/core/pin/pin.ts'
import { pinStore } from '../../src/storage/pin-store.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { alicePhone, engineWorld } from '../engine.ts'
import { quickHasher } from '../quick-hasher.ts'
import { type TestDevice, withDevice } from './device.ts'

export const PIN = '7294'

/** Two digits that are not these. */
export const otherThan = (number = '') => (number === '42' ? '43' : '42')

/**
 * Alice, who is asked in the app: her device, a second one where she may have two, and a session of hers. `begin` is a new
 * sign-in of hers, some minutes later, so that nobody has to wait for being asked too often.
 */
export async function appWorld(
  database: Database,
  settings: Record<string, unknown> = {},
  options: Omit<Parameters<typeof engineWorld>[1] & object, 'settings'> = {},
) {
  const methods = { 'portal.methods': ['text', 'app', 'oath'] }
  const engine = await engineWorld(database, { ...options, settings: { ...methods, ...settings } })
  const { api, from, clock } = engine

  async function person(username: string, phone?: string) {
    const number = phone ?? '+12065550166'
    if (!phone) await engine.add(username, { phone: number, method: 'text' })
    const session: Call = { ...from, session: await engine.signIn(username, number) }
    const two = settings['portal.app_devices'] === 2
    const device = await withDevice(engine, session.session ?? '')
    const second: TestDevice = two ? await withDevice(engine, session.session ?? '', { name: 'Tablet' }) : device
    assert.ok((await api.chooseMethod(session, { method: 'app' })).ok)
    return { session, device, second }
  }
  const alice = await person('alice', alicePhone)

  async function begin(minutesLater = 1): Promise<Call> {
    clock.advance(minutesLater)
    return { ...from, session: await engine.begin('alice') }
  }
  async function look(call: Call) {
    const read = await api.readSecondStep(call, {})
    assert.ok(read.ok && read.value.app, JSON.stringify(read))
    return read.value.app
  }
  async function approve(call: Call, by: TestDevice = alice.device): Promise<void> {
    const approved = await by.answer('approve', { number: (await look(call)).number ?? '' })
    assert.ok(approved.ok && approved.value.outcome === 'approved', JSON.stringify(approved))
  }
  async function finish(call: Call): Promise<string> {
    const answer = await api.finishSecondStep(call, { method: 'app' })
    return answer.ok ? answer.value.outcome : answer.refusal
  }
  async function startAgain(call: Call): Promise<string> {
    const answer = await api.startPrompt(call, { method: 'app' })
    return answer.ok ? answer.value.outcome : answer.refusal
  }
  async function givePin(): Promise<void> {
    const hasher = quickHasher()
    const needs = { hasher, sealing: engine.engine.sealing, pins: pinStore(database), clock }
    const policy = { minLength: 4, refuseWeak: true, history: 0, expiryDays: 0 }
    const [row] = await database.rows(sql`SELECT id FROM users WHERE username = 'alice'`)
    const asked = { userId: String(row?.id), typed: PIN, policy, phones: [], mustChange: false }
    const chosen = await choosePin({ ...needs, ids: systemIds(clock, systemRandom) }, asked)
    assert.ok(chosen.ok)
    await database.write((tx) => pinStore(tx).replace(chosen.pin, { was: 'any', keep: 0 }))
  }

  return {
    ...engine,
    ...alice,
    engineBegin: engine.begin,
    person,
    begin,
    look,
    approve,
    finish,
    startAgain,
    givePin,
    failures: async () =>
      Number((await database.rows(sql`SELECT failures FROM users WHERE username = 'alice'`))[0]?.failures),
    whats: async () => (await database.rows(sql`SELECT what FROM audit ORDER BY seq`)).map(({ what }) => String(what)),
  }
}
export type World = Awaited<ReturnType<typeof appWorld>>
