import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pinState } from '../src/core/pin/pin.ts'
import { PIN_LENGTH, type PinProblem, type PinRules, pinProblems, readPin } from '../src/core/pin/rules.ts'

const rules: PinRules = { minLength: 4, refuseWeak: true }
const phones = ['+12065550177', '(030) 123 45-67']
const noon = new Date('2026-11-24T12:00:00Z')

const refused: Record<PinProblem, readonly string[]> = {
  'not-digits': ['', ' ', 'abcd', '12a4', '+7306', '1'.repeat(17), '73.06', '７３０x'],
  'too-short': ['7', '730', '7 3 0'],
  repeats: ['1111', '0000', '1112', '0007', '77774', '555552', '8888888888888888'],
  run: [
    '1234',
    '4321',
    '7890',
    '0987',
    '8901',
    '2468',
    '9753',
    '1470',
    '123498',
    '983456',
    '12345678901234',
    '56780123',
  ],
  alternates: ['1212', '6969', '12121', '123123', '482482', '73067306', '7306173061', '5050505'],
  year: ['1900', '1984', '2026', '2099', '198407', '071984', '19840731', '31071984'],
  phone: ['2065', '5550', '0177', '5501', '955012', '201233', '4567', '3456', '901774'],
  common: ['2580', '1004', '112233', '159753', '147258', '789456', '11223344'],
  'used-before': [],
}
const good = [
  '7306',
  '4827',
  '9174',
  '5093',
  '830617',
  '30619428',
  '1899',
  '2100',
  '61984352',
  '94071',
  '1212734',
  '906112',
]

describe('a PIN', () => {
  for (const [problem, pins] of Object.entries(refused)) {
    for (const pin of pins) {
      test(`${pin || 'of nothing'} is refused: ${problem}`, () => {
        const problems = pinProblems(pin, rules, phones)
        assert.ok(problems.includes(problem as PinProblem), problems.join())
      })
    }
  }

  for (const pin of good) {
    test(`${pin} is good`, () => {
      assert.deepEqual(pinProblems(pin, rules, phones), [])
    })
  }

  test('has every reason told', () => {
    assert.deepEqual(pinProblems('2001', rules, ['+49 2001']), ['year', 'phone'])
    assert.deepEqual(pinProblems('0177', rules, phones), ['phone'])
    assert.deepEqual(pinProblems('0177', rules, []), [])
  })

  test('has at least as many digits as the rules say, from 4 to 14, and never fewer than 4', () => {
    const digits = '73061584920637'
    for (let minLength = 4; minLength <= 14; minLength++) {
      assert.deepEqual(pinProblems(digits.slice(0, minLength - 1), { ...rules, minLength }, []), ['too-short'])
      assert.deepEqual(pinProblems(digits.slice(0, minLength), { ...rules, minLength }, []), [])
    }
    assert.deepEqual(pinProblems('730', { ...rules, minLength: 0 }, []), ['too-short'])
    assert.deepEqual(pinProblems('7'.repeat(PIN_LENGTH.longest), { minLength: 14, refuseWeak: false }, []), [])
  })

  test('may be weak where the rules let it, but not short and not of letters', () => {
    const lax = { ...rules, refuseWeak: false }
    for (const pin of ['1111', '1234', '0177']) assert.deepEqual(pinProblems(pin, lax, phones), [])
    assert.deepEqual(pinProblems('111', lax, phones), ['too-short'])
    assert.deepEqual(pinProblems('abcd', lax, phones), ['not-digits'])
  })

  test('is the same however it is typed', () => {
    for (const typed of ['7306', ' 7306 ', '73 06', '73-06', '７３０６', '٧٣٠٦']) assert.equal(readPin(typed), '7306')
    assert.deepEqual(pinProblems('１２ ３４', rules, []), ['run'])
  })

  test('of four digits drawn by lot is good nine times of ten', () => {
    const all = Array.from({ length: 10_000 }, (_, i) => String(i).padStart(4, '0'))
    const left = all.filter((pin) => pinProblems(pin, rules, []).length === 0).length
    assert.ok(left > 9_000, `${left}`)
  })
})

describe('a PIN that was proven', () => {
  for (const [what, pin, days, state] of [
    ['is none where there is none', undefined, 0, 'none'],
    ['is good', { setAt: noon, mustChange: false }, 0, 'good'],
    ['is good as long as PINs do not expire', { setAt: new Date(0), mustChange: false }, 0, 'good'],
    ['is good the moment before its last day ends', { setAt: before(30, 1), mustChange: false }, 30, 'good'],
    ['is over when its last day has ended', { setAt: before(30), mustChange: false }, 30, 'expired'],
    ['must be changed when somebody else has set it', { setAt: noon, mustChange: true }, 30, 'must-change'],
    ['must be changed, be it as old as it may', { setAt: new Date(0), mustChange: true }, 30, 'must-change'],
  ] as const) {
    test(what, () => {
      assert.equal(pinState(pin, days, noon), state)
    })
  }
})

function before(days: number, laterMs = 0): Date {
  return new Date(noon.getTime() - days * 86_400_000 + laterMs)
}
