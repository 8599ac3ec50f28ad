import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import type { CallEvents } from '../../src/core/delivery/voice.ts'
import { AppError } from '../../src/core/errors.ts'
import {
  advanceCall,
  beginCall,
  type CallEvent,
  type CallMode,
  type CallState,
} from '../../src/core/methods/call/dialogue.ts'
import type { CallStep } from '../../src/core/methods/call/step.ts'
import { callSimulator } from '../../src/outbound/delivery/voice/simulator.ts'

const noon = new Date('2026-01-01T12:00:00Z')
const [ada, bob] = ['+12065550100', '+12065550177']

describe('a simulated phone', () => {
  test('rings, says what the engine says, and hears keys', async (t) => {
    const { place, phones, seen, told } = world(t)
    await place('c1', ada)
    assert.deepEqual(seen('c1'), { state: 'ringing', how: undefined, heard: [], waits: false, pressed: 0 })
    assert.equal(phones.calls()[0]?.at, noon.toISOString())

    assert.equal(await phones.answer('c1'), true)
    assert.deepEqual(seen('c1').heard, ['greeting.pin fraud.hint'])
    assert.ok(seen('c1').waits)

    for (const key of '12') await phones.press('c1', key)
    assert.equal(seen('c1').pressed, 2)
    await phones.press('c1', '34#')
    assert.deepEqual(seen('c1'), {
      ...{ state: 'over', how: 'hung-up', waits: false, pressed: 0 },
      heard: ['greeting.pin fraud.hint', 'success'],
    })
    assert.deepEqual(told, ['answered', 'keys 1234#', 'ended hung-up'])
  })

  test('takes many keys at once: each answer goes to its question', async (t) => {
    const { place, phones, seen, told } = world(t)
    await place('c1', ada)
    await phones.answer('c1')
    await phones.press('c1', '99#0#1')
    assert.deepEqual(told, ['answered', 'keys 99#', 'keys 0#', 'keys 1', 'ended hung-up'])
    assert.deepEqual(seen('c1').heard, ['greeting.pin fraud.hint', 'wrong.pin', 'fraud.confirm', 'fraud.blocked'])
  })

  test('in standard mode # alone is an answer, and two keys are one', async (t) => {
    const { place, phones, told } = world(t, { mode: 'standard' })
    await place('c1', ada)
    await phones.answer('c1')
    await phones.press('c1', '55')
    await phones.press('c1', '#')
    assert.deepEqual(told, ['answered', 'keys 55', 'keys #', 'ended hung-up'])
  })

  test('is declined, hung up, or not answered in time', async (t) => {
    const { place, phones, seen, told, pass } = world(t)
    await place('c1', ada)
    assert.equal(await phones.decline('c1'), true)
    await place('c2', ada)
    await phones.answer('c2')
    assert.equal(await phones.hangUp('c2'), true)
    await place('c3', ada)
    await pass(19)
    assert.equal(seen('c3').state, 'ringing')
    await pass(1)
    assert.deepEqual(told, ['ended declined', 'answered', 'ended hung-up', 'ended no-answer'])
    assert.deepEqual(
      ['c1', 'c2', 'c3'].map((id) => seen(id).how),
      ['declined', 'hung-up', 'no-answer'],
    )
  })

  test('is silent: then nothing was pressed, or what was pressed had no #', async (t) => {
    const { place, phones, told, pass } = world(t)
    await place('c1', ada)
    await phones.answer('c1')
    await pass(20)
    await phones.press('c1', '12')
    await pass(5)
    assert.deepEqual(told, ['answered', 'keys ', 'keys 12'])
  })

  test('is busy while it rings or talks, and no other phone is', async (t) => {
    const { place, seen, told, pass } = world(t)
    await place('c1', ada)
    await place('c2', ada)
    await place('c3', bob)
    await pass(0)
    assert.deepEqual(told, ['ended busy'])
    assert.deepEqual(
      ['c1', 'c2', 'c3'].map((id) => seen(id).state),
      ['ringing', 'over', 'ringing'],
    )
  })

  test('does nothing that cannot be done', async (t) => {
    const { place, phones, told } = world(t)
    await place('c1', ada)
    for (const id of ['c1', 'nobody']) {
      assert.equal(await phones.press(id, '#'), false)
      assert.equal(await phones.hangUp(id), false)
    }
    await phones.answer('c1')
    assert.equal(await phones.answer('c1'), false)
    assert.equal(await phones.decline('c1'), false)
    await phones.hangUp('c1')
    assert.equal(await phones.press('c1', '1234#'), false)
    assert.deepEqual(told, ['answered', 'ended hung-up'])
  })

  test('stops when the caller gives up, and leaves a call alone that is over', async (t) => {
    const { place, phones, caller, told } = world(t)
    await place('c1', ada)
    await caller.hangUp('c1')
    await caller.hangUp('c1')
    await place('c2', ada)
    await phones.answer('c2')
    await caller.hangUp('c2')
    assert.deepEqual(told, ['ended no-answer', 'answered', 'ended hung-up'])
  })

  test('hung up while the engine thinks, hears nothing more', async (t) => {
    const { place, phones, seen, told } = world(t)
    await place('c1', ada)
    await phones.answer('c1')
    await Promise.all([phones.press('c1', '1234#'), phones.hangUp('c1')])
    assert.deepEqual(seen('c1').heard, ['greeting.pin fraud.hint'])
    assert.equal(told.at(-1), 'ended hung-up')
  })

  test('goes dead when the engine fails, and says so in the log', async (t) => {
    const { place, phones, seen, logged, connect } = world(t)
    connect({
      answered: () => Promise.reject(new Error('no database')),
      keys: () => Promise.reject(new Error('no database')),
      ended: async () => {},
    })
    await place('c1', ada)
    await phones.answer('c1')
    assert.equal(seen('c1').how, 'unreachable')
    assert.deepEqual(logged, ['Error: no database'])
  })

  test('cannot be called before anybody listens, nor by who has stopped', async () => {
    const simulator = callSimulator({ clock: { now: () => noon }, log: { error: () => {} } })
    const call = { id: 'c1', to: ada, language: 'en', ringSeconds: 20 }
    const isFailed = (error: unknown) => error instanceof AppError && error.code === 'delivery.failed'
    await assert.rejects(simulator.caller.place(call, new AbortController().signal), isFailed)
    simulator.connect({ answered: () => assert.fail(), keys: () => assert.fail(), ended: () => assert.fail() })
    await assert.rejects(simulator.caller.place(call, AbortSignal.abort()), isFailed)
  })

  test('tells who looks of each change, shows calls newest first by number, and keeps two hundred', async (t) => {
    const { place, phones } = world(t)
    let rung = 0
    const leave = phones.subscribe(() => rung++)
    await place('c1', ada)
    assert.ok(rung > 0)
    leave()
    const before = rung
    await place('c2', bob)
    assert.equal(rung, before)
    assert.deepEqual(
      phones.calls().map(({ id }) => id),
      ['c2', 'c1'],
    )
    assert.deepEqual(
      phones.calls(bob).map(({ id }) => id),
      ['c2'],
    )
    for (let n = 3; n <= 203; n++) await place(`c${n}`, `+1206555${1000 + n}`)
    assert.equal(phones.calls().length, 200)
    assert.equal(phones.calls().at(-1)?.id, 'c4')
  })
})

type Test = { after(end: () => void): void }

/** The engine asks for the PIN 1234 in English; time goes on by `pass`. */
function world(t: Test, { mode = 'pin' as CallMode } = {}) {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const told: string[] = []
  const logged: string[] = []
  const states = new Map<string, CallState>()
  const advance = (id: string, event: CallEvent): CallStep => {
    const step = advanceCall(states.get(id) ?? assert.fail(id), event)
    states.set(id, step.state)
    if (step.next === 'judge') {
      const verdict = step.judge.keys === '1234' ? 'right' : 'wrong'
      return advance(id, { kind: 'verdict', verdict })
    }
    return step.next === 'say' ? step.step : { language: 'en', say: [], after: { kind: 'hang-up' } }
  }
  const events: CallEvents = {
    async answered(id) {
      told.push('answered')
      return advance(id, { kind: 'answered' })
    },
    async keys(id, keys) {
      told.push(`keys ${keys}`)
      return advance(id, { kind: 'keys', keys })
    },
    async ended(id, how) {
      told.push(`ended ${how}`)
      advance(id, { kind: 'ended', how })
    },
  }
  const log = { error: (_: string, __?: object, cause?: unknown) => void logged.push(String(cause)) }
  const simulator = callSimulator({ clock: { now: () => noon }, log })
  simulator.connect(events)
  t.after(() => simulator.close())

  return {
    ...{ ...simulator, told, logged },
    place(id: string, to: string) {
      const setup = { mode, language: 'en', company: 'Contoso', fraudCode: '0', fraudBlocks: true, tries: 3 }
      states.set(id, beginCall(setup))
      return simulator.caller.place({ id, to, language: 'en', ringSeconds: 20 }, new AbortController().signal)
    },
    seen(id: string) {
      const call = simulator.phones.calls().find((one) => one.id === id) ?? assert.fail(id)
      const { state, how, said, waits, pressed } = call
      return { state, how, heard: said.map((lines) => lines.map(({ key }) => key).join(' ')), waits, pressed }
    },
    async pass(seconds: number) {
      mock.timers.tick(seconds * 1000)
      await new Promise(setImmediate)
    },
  }
}
