import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { septetCount, toUcs2 } from '../../src/protocols/gsm0338.ts'
import { joiner, type Part } from '../../src/protocols/sms-joiner.ts'
import { alphabetOf, concatenationHeader, readUserData, splitText } from '../../src/protocols/sms-segments.ts'

const gsmText = fc.array(fc.constantFrom(...'aZ9@ é€{}[]~\n'), { maxLength: 700 }).map((letters) => letters.join(''))
const anyText = fc
  .array(fc.constantFrom(...'aж☎€', '😀', '👩‍👩‍👧'), { maxLength: 400 })
  .map((letters) => letters.join(''))

describe('a text is split', () => {
  test('where it is longer than 160 septets or 70 units, into parts of 153 or 67', () => {
    const lengths = (text: string) => splitText(text, alphabetOf(text)).map(({ length }) => length)
    assert.deepEqual(lengths('a'.repeat(160)), [160])
    assert.deepEqual(lengths('a'.repeat(161)), [153, 8])
    assert.deepEqual(lengths('a'.repeat(307)), [153, 153, 1])
    assert.deepEqual(lengths('ж'.repeat(70)), [70])
    assert.deepEqual(lengths('ж'.repeat(71)), [67, 4])
    assert.deepEqual(lengths('€'.repeat(80)), [80])
    assert.deepEqual(lengths('€'.repeat(81)), [76, 5], '152 septets: the 153rd would be an escape alone')
    assert.deepEqual(lengths('😀'.repeat(36)), [66, 6], '66 units: the 67th would be half a pair')
    assert.deepEqual(lengths(''), [0])
  })

  test('into parts that fit, are whole in themselves and make the text again', () => {
    fc.assert(
      fc.property(fc.oneof(gsmText, anyText), (text) => {
        const alphabet = alphabetOf(text)
        const parts = splitText(text, alphabet)
        assert.equal(parts.join(''), text)
        const one = parts.length === 1
        for (const part of parts) {
          assert.ok(part.isWellFormed())
          if (alphabet === 'gsm') assert.ok((septetCount(part) ?? 999) <= (one ? 160 : 153))
          else assert.ok(toUcs2(part).length <= (one ? 140 : 134))
        }
      }),
    )
  })

  test('into no more parts than a header can count', () => {
    assert.equal(splitText('a'.repeat(153 * 255), 'gsm').length, 255)
    assert.throws(() => splitText('a'.repeat(153 * 255 + 1), 'gsm'), RangeError)
  })
})

describe('a header', () => {
  test('is the one of 3GPP TS 23.040 section 9.2.3.24.1', () => {
    assert.deepEqual(concatenationHeader({ reference: 0x1a7, total: 3, place: 2 }), Uint8Array.of(5, 0, 3, 0xa7, 3, 2))
  })

  test('is read with references of 8 and of 16 bits, also behind other elements', () => {
    assert.deepEqual(readUserData(Uint8Array.of(5, 0, 3, 0xa7, 3, 2, 65)), {
      body: Uint8Array.of(65),
      part: { reference: '8:a7', total: 3, place: 2 },
    })
    assert.deepEqual(readUserData(Uint8Array.of(10, 5, 2, 1, 2, 8, 4, 1, 0xa7, 2, 1, 65)), {
      body: Uint8Array.of(65),
      part: { reference: '16:01a7', total: 2, place: 1 },
    })
  })

  test('with a place that cannot be says nothing of a part', () => {
    for (const [total, place] of [
      [0, 0],
      [3, 0],
      [3, 4],
    ] as const) {
      assert.equal(readUserData(Uint8Array.of(5, 0, 3, 1, total, place))?.part, undefined)
    }
  })

  test('that is cut off is none', () => {
    for (const bytes of [[], [1], [5, 0, 3, 1, 2], [3, 0, 3, 1, 2, 1], [1, 0, 3]]) {
      assert.equal(readUserData(Uint8Array.from(bytes)), undefined, String(bytes))
    }
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readUserData(bytes)))
  })
})

describe('parts are joined', () => {
  test('in whatever order they come, also where others are between them and some come twice', () => {
    const shuffled = fc.tuple(anyText, gsmText).chain((texts) => {
      const parts = texts.flatMap((text, index) => partsOf(text, { reference: `8:${index}` }))
      return fc.tuple(fc.constant(texts), fc.shuffledSubarray([...parts, ...parts], { minLength: 2 * parts.length }))
    })
    fc.assert(
      fc.property(shuffled, ([texts, parts]) => {
        const { add } = world()
        const wholes = new Set(parts.map(add).filter((text) => text !== undefined))
        assert.deepEqual(wholes, new Set(texts))
      }),
    )
  })

  test('again and again while nobody has taken the text, and afresh once somebody has', () => {
    const { add, forget } = world()
    const [first, last] = twoParts()
    assert.equal(add(first), undefined)
    assert.equal(add(last), 'onetwo')
    assert.equal(add(last), 'onetwo', 'the last part is sent again')
    forget(last)
    assert.equal(add(last), undefined)
  })

  test('only with parts of the same sender, receiver, reference and total', () => {
    const [first, last] = twoParts()
    for (const other of [{ from: '+2' }, { to: '2' }, { reference: '16:01' }, { total: 3 }]) {
      const { add } = world()
      add(first)
      assert.equal(add({ ...last, ...other }), undefined, JSON.stringify(other))
    }
  })

  test('with the halves of a pair that a phone has cut in two', () => {
    const { add } = world()
    const [first, last] = twoParts()
    add({ ...first, text: 'a\ud83d' })
    assert.equal(add({ ...last, text: '\ude00b' }), 'a😀b')
  })

  test('within their time', () => {
    const { add, wait, waiting } = world({ keepMs: 1_000 })
    const [first, last] = twoParts()
    add(first)
    wait(1_000)
    assert.equal(add(last), undefined)
    assert.equal(waiting(), 1)
  })

  test('and take no more room than they were given: the oldest makes place', () => {
    const { add, waiting } = world({ mostWaiting: 10 })
    for (let reference = 0; reference < 1_000; reference++) {
      add({ from: '+1', to: '1', reference: String(reference), total: 255, place: 1, text: 'x' })
      assert.ok(waiting() <= 10)
    }
    for (let place = 1; place <= 255; place++) {
      add({ from: '+1', to: '1', reference: 'long', total: 255, place, text: 'x' })
      assert.ok(waiting() <= 10)
    }
    const [first, last] = twoParts()
    add(first)
    assert.equal(add(last), 'onetwo')
  })
})

function twoParts(): [Part, Part] {
  const part = { from: '+1', to: '1', reference: '8:01', total: 2 }
  return [
    { ...part, place: 1, text: 'one' },
    { ...part, place: 2, text: 'two' },
  ]
}

function partsOf(text: string, { reference }: { reference: string }): Part[] {
  const texts = splitText(text, alphabetOf(text))
  return texts.map((part, index) => ({
    from: '+1',
    to: '1',
    reference,
    total: texts.length,
    place: index + 1,
    text: part,
  }))
}

/** A joiner with room for a thousand parts and for an hour, at a time that stands still. */
function world({ mostWaiting = 1_000, keepMs = 3_600_000 } = {}) {
  let now = Date.parse('2026-01-01T12:00:00Z')
  const wait = (milliseconds: number) => {
    now += milliseconds
  }
  return { ...joiner({ clock: { now: () => new Date(now) }, mostWaiting, keepMs }), wait }
}
