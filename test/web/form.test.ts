import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { csrfToken } from '../../src/inbound/web/csrf.ts'
import { formLimits, formOf, MalformedForm, parseFields } from '../../src/inbound/web/form.ts'
import { html } from '../../src/inbound/web/html.ts'
import { page } from '../../src/inbound/web/http.ts'
import { session, siteWith } from './world.ts'

const bodies: [what: string, body: string | Uint8Array<ArrayBuffer>, status: number][] = [
  ['a plain form', '&name=Ada', 200],
  ['an empty value', '&name=', 200],
  ['a field without "="', '&name', 200],
  ['a field twice', '&name=Ada&name=Eve', 400],
  ['a doubled token', `&csrf=${csrfToken(session)}`, 400],
  ['an unfinished escape', '&name=%4', 400],
  ['an escape that is no UTF-8', '&name=%ff', 400],
  ['bytes that are no UTF-8', new Uint8Array([0x26, 0x61, 0x3d, 0xff]), 400],
  ['a NUL', '&name=a%00b', 400],
  ['an empty field name', '&=x', 400],
  ['an empty pair', '&&name=Ada', 400],
  ['a hundred and one fields', Array.from({ length: 100 }, (_, i) => `&f${i}=`).join(''), 400],
  ['an answer longer than its field', `&name=${'a'.repeat(41)}`, 400],
  ['more than 64 KiB', `&name=${'a'.repeat(formLimits.bytes)}`, 413],
]

describe('the body of a form', () => {
  for (const [what, body, status] of bodies) {
    test(`${what}: ${status}`, async () => {
      const { send, errors } = world()
      const start = new TextEncoder().encode(`csrf=${csrfToken(session)}`)
      const rest = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const response = await send('/name', post(Buffer.concat([start, rest])))
      assert.equal(response.status, status)
      assert.match(await response.text(), status === 200 ? /^hello/ : /<!DOCTYPE html>/)
      assert.deepEqual(errors, [], 'a bad form is no error of ours')
    })
  }

  test('a body that comes in pieces without a length is cut off at the limit', async () => {
    const { send } = world()
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(stream) {
        sent += 8192
        stream.enqueue(new Uint8Array(8192).fill(97))
      },
    })
    const response = await send('/name', { ...post(endless), duplex: 'half' } as RequestInit)
    assert.equal(response.status, 413)
    assert.ok(sent < formLimits.bytes * 2, `${sent} bytes were taken`)
  })

  test('whatever arrives is a form or refused as one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (body) => {
        try {
          parseFields(body)
        } catch (error) {
          assert.ok(error instanceof MalformedForm)
        }
      }),
    )
  })

  test('what a browser encodes comes back as it was typed', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        (fields) => {
          fc.pre(!JSON.stringify(fields).includes('\\u0000'))
          const parsed = parseFields(new URLSearchParams(Object.entries(fields)).toString())
          assert.deepEqual(Object.entries(parsed).sort(), Object.entries(fields).sort())
        },
      ),
    )
  })
})

describe('a field', () => {
  test('text is trimmed and composed, a secret is left as it is', () => {
    const { text, secret } = formOf({ name: ' Zoe\u0308 ', password: ' Zoe\u0308 ' })
    assert.equal(text('name', 20), 'Zoë')
    assert.equal(secret('password', 20), ' Zoe\u0308 ')
    assert.equal(text('absent', 20), '')
  })

  test('a code loses the spaces and dashes that people put in, and none of its own characters', () => {
    assert.equal(formOf({ code: ' 482 915' }).code('code', 6), '482915')
    assert.equal(formOf({ code: '48-29–15' }).code('code', 6), '482915')
    assert.equal(formOf({ code: '4829157' }).code('code', 6), '4829157', 'one too many stays one too many')
  })

  test('a choice is one of the choices', () => {
    const { choice, checked } = formOf({ method: 'app', agree: 'yes' })
    assert.equal(choice('method', ['app', 'text']), 'app')
    assert.equal(choice('method', ['call']), undefined)
    assert.deepEqual([checked('agree'), checked('toString')], [true, false])
  })
})

function post(body: NonNullable<RequestInit['body']>): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: `__Host-sallyport=${session}` },
    body,
  }
}

/** One form that asks for a name of up to 40 characters. */
function world() {
  return siteWith({
    routes: [
      {
        method: 'POST',
        path: '/name',
        who: 'anyone',
        handler: ({ form }) => page(html`hello ${form.text('name', 40)}`),
      },
    ],
  })
}
