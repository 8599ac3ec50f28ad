import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type Advance,
  advanceCall,
  beginCall,
  type CallEnd,
  type CallEvent,
  type CallOutcome,
  type CallSetup,
  type CallState,
  isFraudCode,
  type Verdict,
} from '../../src/core/methods/call/dialogue.ts'
import { type CallStep, withRecordings } from '../../src/core/methods/call/step.ts'

const answered: CallEvent = { kind: 'answered' }
const keys = (text: string): CallEvent => ({ kind: 'keys', keys: text })
const verdict = (verdict: Verdict): CallEvent => ({ kind: 'verdict', verdict })
const ended = (how: CallEnd): CallEvent => ({ kind: 'ended', how })
const silence = keys('')

/** What happens, what is said or judged, and what has come of it at the end. `!` after what is said: then it hangs up. */
type Row = [
  what: string,
  setup: Partial<CallSetup>,
  events: CallEvent[],
  said: string[],
  outcome: CallOutcome | undefined,
]

const pin = { mode: 'pin' } as const
const number = { mode: 'number' } as const
const blocking = { fraudBlocks: true }

const rows: Row[] = [
  ['# confirms', {}, [answered, keys('#')], ['greeting.standard fraud.hint', 'success!'], 'confirmed'],
  [
    'a key before # does not confirm',
    {},
    [answered, keys('5#'), keys('5'), keys('*#')],
    ['greeting.standard fraud.hint', 'retry.standard', 'retry.standard', 'denied!'],
    'no-answer',
  ],
  [
    'silence is asked again, then counts as no answer',
    {},
    [answered, silence, silence, silence],
    ['greeting.standard fraud.hint', 'retry.standard', 'retry.standard', 'denied!'],
    'no-answer',
  ],
  [
    '# at the last try confirms',
    {},
    [answered, silence, silence, keys('#')],
    ['greeting.standard fraud.hint', 'retry.standard', 'retry.standard', 'success!'],
    'confirmed',
  ],
  ['one try is one try', { tries: 1 }, [answered, silence], ['greeting.standard fraud.hint', 'denied!'], 'no-answer'],
  [
    'an extension is named first',
    { extension: '12' },
    [answered],
    ['extension greeting.standard fraud.hint'],
    undefined,
  ],
  [
    'without a fraud code none is offered, and 0# is no report',
    { fraudCode: undefined },
    [answered, keys('0#')],
    ['greeting.standard', 'retry.standard'],
    undefined,
  ],
  [
    'the right PIN confirms',
    pin,
    [answered, keys('1234#'), verdict('right')],
    ['greeting.pin fraud.hint', 'pin 1234?', 'success!'],
    'confirmed',
  ],
  [
    'a wrong PIN is asked for again',
    pin,
    [answered, keys('1235#'), verdict('wrong'), keys('1234#'), verdict('right')],
    ['greeting.pin fraud.hint', 'pin 1235?', 'wrong.pin', 'pin 1234?', 'success!'],
    'confirmed',
  ],
  [
    'three wrong PINs are told apart from no answer, also with silence at the end',
    pin,
    [answered, keys('1#'), verdict('wrong'), keys('2#'), verdict('wrong'), silence],
    ['greeting.pin fraud.hint', 'pin 1?', 'wrong.pin', 'pin 2?', 'wrong.pin', 'denied!'],
    'wrong-pin',
  ],
  [
    'a PIN of which nothing more is judged ends the call',
    pin,
    [answered, keys('1235#'), verdict('spent')],
    ['greeting.pin fraud.hint', 'pin 1235?', 'denied!'],
    'wrong-pin',
  ],
  [
    'a PIN without #, with another key in it, or too long is not judged',
    pin,
    [answered, keys('1234'), keys('12*4#'), keys(`${'1'.repeat(15)}#`)],
    ['greeting.pin fraud.hint', 'retry.pin', 'retry.pin', 'denied!'],
    'no-answer',
  ],
  [
    'a PIN of 14 digits is judged',
    pin,
    [answered, keys('12345678901234#')],
    ['greeting.pin fraud.hint', 'pin 12345678901234?'],
    undefined,
  ],
  ['# alone is no PIN', pin, [answered, keys('#')], ['greeting.pin fraud.hint', 'retry.pin'], undefined],
  [
    'the right number confirms',
    number,
    [answered, keys('42#'), verdict('right')],
    ['greeting.number fraud.hint', 'number 42?', 'success!'],
    'confirmed',
  ],
  [
    'wrong numbers',
    number,
    [answered, keys('24#'), verdict('wrong'), keys('142#'), keys('#')],
    ['greeting.number fraud.hint', 'number 24?', 'wrong.number', 'retry.number', 'denied!'],
    'wrong-number',
  ],
  [
    '0# reports fraud, in each mode',
    pin,
    [answered, keys('0#')],
    ['greeting.pin fraud.hint', 'fraud.reported!'],
    'fraud',
  ],
  [
    '0 without # reports nothing',
    {},
    [answered, keys('0')],
    ['greeting.standard fraud.hint', 'retry.standard'],
    undefined,
  ],
  [
    'another code, when the setting says so',
    { fraudCode: '911' },
    [answered, keys('0#'), keys('911#')],
    ['greeting.standard fraud.hint', 'retry.standard', 'fraud.reported!'],
    'fraud',
  ],
  [
    'fraud after a wrong PIN is fraud',
    pin,
    [answered, keys('1#'), verdict('wrong'), keys('0#')],
    ['greeting.pin fraud.hint', 'pin 1?', 'wrong.pin', 'fraud.reported!'],
    'fraud',
  ],
  [
    'where it blocks, 1 confirms it',
    blocking,
    [answered, keys('0#'), keys('1')],
    ['greeting.standard fraud.hint', 'fraud.confirm', 'fraud.blocked! block'],
    'fraud',
  ],
  [
    '1# confirms it as well, at the second asking',
    blocking,
    [answered, keys('0#'), silence, keys('1#')],
    ['greeting.standard fraud.hint', 'fraud.confirm', 'fraud.confirm', 'fraud.blocked! block'],
    'fraud',
  ],
  [
    'not confirmed, it is reported all the same and blocks nobody',
    blocking,
    [answered, keys('0#'), keys('#'), keys('2')],
    ['greeting.standard fraud.hint', 'fraud.confirm', 'fraud.confirm', 'fraud.reported!'],
    'fraud',
  ],
  [
    'hung up before confirming, it is reported all the same',
    blocking,
    [answered, keys('0#'), ended('hung-up')],
    ['greeting.standard fraud.hint', 'fraud.confirm', '-'],
    'fraud',
  ],
  ...(['no-answer', 'busy', 'unreachable', 'declined', 'hung-up'] as const).map(
    (how): Row => [`a phone that is ${how}`, {}, [ended(how)], ['-'], how],
  ),
  ['hung up while asked', {}, [answered, ended('hung-up')], ['greeting.standard fraud.hint', '-'], 'hung-up'],
  [
    'a line that breaks while asked counts as hung up',
    {},
    [answered, ended('unreachable')],
    ['greeting.standard fraud.hint', '-'],
    'hung-up',
  ],
  [
    'hung up while the PIN is judged: the verdict comes too late',
    pin,
    [answered, keys('1234#'), ended('hung-up'), verdict('right')],
    ['greeting.pin fraud.hint', 'pin 1234?', '-', '!'],
    'hung-up',
  ],
  [
    'hanging up after the success changes nothing',
    {},
    [answered, keys('#'), ended('hung-up')],
    ['greeting.standard fraud.hint', 'success!', '-'],
    'confirmed',
  ],
  ['keys before the answer', {}, [keys('#'), answered], ['!', 'greeting.standard fraud.hint'], undefined],
  ['answered twice', {}, [answered, answered], ['greeting.standard fraud.hint', '!'], undefined],
  ['a verdict nobody asked for', pin, [answered, verdict('right')], ['greeting.pin fraud.hint', '!'], undefined],
  [
    'keys while it is judged',
    pin,
    [answered, keys('1#'), keys('2#'), verdict('wrong')],
    ['greeting.pin fraud.hint', 'pin 1?', '!', 'wrong.pin'],
    undefined,
  ],
  [
    'anything after the end',
    {},
    [answered, keys('0#'), keys('#'), answered, verdict('right')],
    ['greeting.standard fraud.hint', 'fraud.reported!', '!', '!', '!'],
    'fraud',
  ],
]

describe('a call', () => {
  for (const [what, setup, events, said, outcome] of rows) {
    test(what, () => {
      const steps = call(setup, events)
      assert.deepEqual(steps.map(inWords), said)
      assert.deepEqual(outcomesOf(steps), outcome === undefined ? [] : [outcome])
    })
  }

  test('says company, extension and code, digits apart', () => {
    const [first] = call({ extension: '12', fraudCode: '911' }, [answered])
    assert.ok(first?.next === 'say')
    assert.deepEqual(first.step.say[0]?.holes, { company: 'Contoso', extension: '1 2', fraudCode: '9 1 1' })
    assert.equal(first.step.language, 'en')
  })

  test('waits for # alone in standard mode only, and for one key more than an answer has', () => {
    const gather = (setup: Partial<CallSetup>) => {
      const [first] = call(setup, [answered])
      assert.ok(first?.next === 'say')
      return first.step.after
    }
    assert.deepEqual(gather({}), { kind: 'gather', seconds: 5, mostKeys: 1, hashAlone: true })
    assert.deepEqual(gather({ fraudCode: '911' }), { kind: 'gather', seconds: 5, mostKeys: 3, hashAlone: true })
    assert.deepEqual(gather(pin), { kind: 'gather', seconds: 5, mostKeys: 15, hashAlone: false })
    assert.deepEqual(gather(number), { kind: 'gather', seconds: 5, mostKeys: 3, hashAlone: false })
  })

  test('is not begun with a code that a PIN or a number could be, or without a try', () => {
    for (const code of ['', '00', '0000', '#', 'a', '٣']) assert.equal(isFraudCode(code), false, code)
    assert.throws(() => beginCall(setupOf({ fraudCode: '12' })), RangeError)
    assert.throws(() => beginCall(setupOf({ tries: 0 })), RangeError)
  })

  test('plays a recording where there is one in its language', () => {
    const step: CallStep = {
      language: 'de',
      say: [
        { key: 'greeting.pin', holes: {} },
        { key: 'fraud.hint', holes: {} },
      ],
      after: { kind: 'hang-up' },
    }
    const say = withRecordings(step, (key, language) => (key === 'greeting.pin' ? `/${language}.wav` : undefined)).say
    assert.deepEqual(
      say.map(({ recording }) => recording),
      ['/de.wav', undefined],
    )
  })
})

describe('whatever events come, in whatever order', () => {
  const anyKeys = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('#', '1234#', '42#', '#', '42#', '0#', '0', '1', '1#', '*#', '##', '') },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789*#'), maxLength: 20 }) },
    { weight: 1, arbitrary: fc.string() },
  )
  const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
    { weight: 1, arbitrary: fc.constant(answered) },
    { weight: 6, arbitrary: anyKeys.map(keys) },
    { weight: 4, arbitrary: fc.constantFrom<Verdict>('right', 'wrong', 'spent').map(verdict) },
    { weight: 1, arbitrary: fc.constantFrom<CallEnd>('hung-up', 'no-answer', 'busy').map(ended) },
  )
  const anySetup = fc.record({
    mode: fc.constantFrom('standard' as const, 'pin' as const, 'number' as const),
    fraudCode: fc.constantFrom(undefined, '0', '911'),
    fraudBlocks: fc.boolean(),
    tries: fc.integer({ min: 1, max: 5 }),
  })
  // Half of them begin with the answer, so that many get anywhere.
  const anyStart = fc.constantFrom<CallEvent[]>([], [answered])
  const anyCall = fc
    .tuple(anySetup, anyStart, fc.array(anyEvent, { maxLength: 40 }))
    .map(([setup, start, events]) => [setup, [...start, ...events]] as const)
  const runs = { numRuns: 3000 }

  test('only # confirms in standard mode, and only a right verdict on what was judged in the others', () => {
    let confirmed = 0
    fc.assert(
      fc.property(anyCall, ([setup, events]) => {
        const steps = call(setup, events)
        const at = steps.findIndex(({ outcome }) => outcome === 'confirmed')
        if (at < 0) return
        confirmed++
        if (setup.mode === 'standard') assert.deepEqual(events[at], keys('#'))
        else {
          assert.deepEqual(events[at], verdict('right'))
          assert.ok(steps.slice(0, at).some(({ next }) => next === 'judge'))
        }
        assert.ok(events.slice(0, at).some(({ kind }) => kind === 'answered'))
        assert.ok(!events.slice(0, at).some(({ kind }) => kind === 'ended'))
      }),
      runs,
    )
    assert.ok(confirmed > 100, `${confirmed} of the calls got that far`)
  })

  test('there is one outcome at most, none is taken back, and only fraud where it blocks is blocked for', () => {
    fc.assert(
      fc.property(anyCall, ([setup, events]) => {
        const steps = call(setup, events)
        assert.ok(outcomesOf(steps).length <= 1)
        for (const block of steps.filter(({ block }) => block)) {
          assert.ok(setup.fraudBlocks)
          assert.deepEqual(outcomesOf(steps.slice(0, steps.indexOf(block))), ['fraud'])
        }
      }),
      runs,
    )
  })

  test('it ends: a person is asked no more often than there are tries, and after the end nothing is said', () => {
    fc.assert(
      fc.property(anyCall, ([setup, events]) => {
        const steps = call(setup, [...events, ended('hung-up'), answered, keys('#'), verdict('right')])
        const asked = steps.filter((step) => step.next === 'say' && step.step.after.kind === 'gather')
        assert.ok(asked.length <= setup.tries + 2)
        assert.deepEqual(steps.slice(events.length + 1).map(inWords), ['!', '!', '!'])
        assert.equal(outcomesOf(steps).length, 1)
      }),
      runs,
    )
  })

  test('its state is plain JSON', () => {
    fc.assert(
      fc.property(anyCall, ([setup, events]) => {
        const stored = (state: CallState): CallState => JSON.parse(JSON.stringify(state))
        assert.deepEqual(call(setup, events, stored).map(inWords), call(setup, events).map(inWords))
      }),
      { numRuns: 300 },
    )
  })
})

/** A call about Contoso in English, three tries, fraud by 0# that blocks nobody. */
function setupOf(setup: Partial<CallSetup>): CallSetup {
  return {
    mode: 'standard',
    language: 'en',
    company: 'Contoso',
    fraudCode: '0',
    fraudBlocks: false,
    tries: 3,
    ...setup,
  }
}

function call(setup: Partial<CallSetup>, events: readonly CallEvent[], between = (state: CallState) => state) {
  let state = beginCall(setupOf(setup))
  return events.map((event) => {
    const advance = advanceCall(between(state), event)
    state = advance.state
    return advance
  })
}

function outcomesOf(steps: readonly Advance[]): CallOutcome[] {
  return steps.flatMap(({ outcome }) => outcome ?? [])
}

function inWords(advance: Advance): string {
  if (advance.next === 'nothing') return '-'
  if (advance.next === 'judge') return `${advance.judge.what} ${advance.judge.keys}?`
  const { say, after } = advance.step
  return `${say.map(({ key }) => key).join(' ')}${after.kind === 'hang-up' ? '!' : ''}${advance.block ? ' block' : ''}`
}
