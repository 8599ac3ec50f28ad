import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Fields, isSignedByTwilio, twilioSignature } from '../../src/protocols/twilio-signature.ts'
// Made by Twilio's own library (npm twilio 6.2.0, getExpectedTwilioSignature), but the one in their documentation.
import vectors from './signatures.json' with { type: 'json' }

type Vector = {
  what: string
  token: string
  url: string
  params: Record<string, string | string[]>
  signature: string
}

const documented = { url: 'https://mycompany.com/myapp.php?foo=1&bar=2', signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }
const documentedFields: Fields = [
  ['Digits', '1234'],
  ['To', '+18005551212'],
  ['From', '+14158675309'],
  ['Caller', '+14158675309'],
  ['CallSid', 'CA1234567890ABCDE'],
]

describe("Twilio's signature", () => {
  test('is the one of their documentation, in whatever order the fields came', () => {
    const fields = documentedFields
    assert.equal(twilioSignature('12345', { url: documented.url, fields }), documented.signature)
    assert.equal(twilioSignature('12345', { url: documented.url, fields: fields.toReversed() }), documented.signature)
  })

  for (const { what, token, url, params, signature } of vectors as Vector[]) {
    test(`is what their library makes of ${what}`, () => {
      const fields = Object.entries(params).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one] as const),
      )
      assert.equal(twilioSignature(token, { url, fields }), signature)
      assert.ok(isSignedByTwilio([token], { url: url, fields, signature }))
    })
  }

  test('counts with the usual port and without, whichever of them was signed, and with a port of our own', () => {
    const signed = (url: string) => twilioSignature('12345', { url, fields: documentedFields })
    const counts = (url: string, signature: string) =>
      isSignedByTwilio(['12345'], { url, fields: documentedFields, signature })
    const [bare, usual, ours] = ['https://a.example/x', 'https://a.example:443/x', 'https://a.example:8443/x']
    for (const [configured, asSigned] of [
      [bare, usual],
      [usual, bare],
      [ours, ours],
      [ours, bare],
      ['http://a.example/x', 'http://a.example:80/x'],
      ['https://[2001:db8::1]/x', 'https://[2001:db8::1]:443/x'],
    ] as const) {
      assert.ok(counts(configured, signed(asSigned)), `${configured} signed as ${asSigned}`)
    }
    assert.ok(!counts(bare, signed(ours)))
    assert.ok(!counts(bare, signed('http://a.example/x')))
  })

  test('does not count when anything is another: a digit, a field more or less, the address, the token, itself', () => {
    const { url, signature } = documented
    const signed = { url, fields: documentedFields, signature }
    const counts = (change: Partial<typeof signed>, tokens = ['12345']) =>
      isSignedByTwilio(tokens, { ...signed, ...change })
    assert.ok(counts({}))
    assert.ok(counts({}, ['54321', '12345']), 'the older of two tokens')
    assert.ok(!counts({ fields: documentedFields.with(0, ['Digits', '1235']) }))
    assert.ok(!counts({ fields: documentedFields.slice(1) }))
    assert.ok(!counts({ fields: [...documentedFields, ['Digits', '9']] }))
    for (const other of [`${url}&baz=3`, url.replace('https', 'http'), url.replace('mycompany', 'mycompanie')])
      assert.ok(!counts({ url: other }), other)
    for (const other of ['', 'x', signature.slice(0, -1), `${signature}=`, signature.toLowerCase()])
      assert.ok(!counts({ signature: other }), other)
    assert.ok(!counts({}, ['54321']))
    assert.ok(!counts({}, []), 'without a token nothing counts')
  })
})
