import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { twiml, type Verb } from '../../src/protocols/twiml.ts'

const start = '<?xml version="1.0" encoding="UTF-8"?>\n'

describe('TwiML', () => {
  const written: [Verb[], string][] = [
    [[], '<Response/>'],
    [[{ verb: 'hangup' }], '<Response><Hangup/></Response>'],
    [
      [
        { verb: 'say', text: 'Grüße', language: 'de-DE' },
        { verb: 'pause', seconds: 2 },
        { verb: 'play', url: 'https://mfa.example.org/a.wav?b=1&c=2' },
        { verb: 'redirect', url: 'https://mfa.example.org/next' },
      ],
      '<Response><Say language="de-DE">Grüße</Say><Pause length="2"/><Play>https://mfa.example.org/a.wav?b=1&#38;c=2</Play><Redirect method="POST">https://mfa.example.org/next</Redirect></Response>',
    ],
    [
      [
        {
          verb: 'gather',
          gather: { action: 'https://mfa.example.org/next', timeout: 5, finishOnKey: '#', numDigits: 15 },
          prompts: [{ verb: 'say', text: 'Enter your PIN', language: 'en-US' }],
        },
      ],
      '<Response><Gather input="dtmf" method="POST" action="https://mfa.example.org/next" timeout="5" finishOnKey="#" numDigits="15"><Say language="en-US">Enter your PIN</Say></Gather></Response>',
    ],
  ]
  for (const [verbs, expected] of written) {
    test(`of ${verbs.map(({ verb }) => verb).join(', ') || 'nothing'}`, () => {
      assert.equal(twiml(verbs), start + expected)
    })
  }

  test('can be broken out of by no text, in an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, language) => {
        const shape =
          /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Response><Say language="([^"<>]*)">([^<>]*)<\/Say><Hangup\/><\/Response>$/
        const document = twiml([{ verb: 'say', text: `a${text}`, language }, { verb: 'hangup' }])
        const [, attribute = '', element = ''] = shape.exec(document) ?? assert.fail(document)
        const kept = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu
        assert.equal(read(element), `a${text}`.replace(kept, ''))
        assert.equal(read(attribute), language.replace(kept, ''))
      }),
      { numRuns: 500 },
    )
  })
})

function read(escaped: string): string {
  assert.doesNotMatch(escaped, /&(?!#\d+;)/)
  return escaped.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}
