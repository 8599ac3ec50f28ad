import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { translator } from '../../src/i18n/catalogue.ts'
import { svgPicture, time } from '../../src/inbound/web/design/blocks.ts'
import { choice, field } from '../../src/inbound/web/design/fields.ts'
import { sentence } from '../../src/inbound/web/design/sentence.ts'
import { attributes, html } from '../../src/inbound/web/html.ts'

const t = translator('en')

describe('markup', () => {
  test('text stays text, whatever it is made of', () => {
    const hostile = `</p><script>alert("1")</script><img src='x' onerror=\`a\`>&amp;`
    assert.equal(
      String(html`<p title="${hostile}">${hostile}</p>`)
        .match(/[<>"'`]/g)
        ?.join(''),
      '<"">' + '<>',
      'only the characters that the template itself has',
    )
  })

  test('no text can end the attribute or the element that it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(String(html`${text}`), /[<>"'`]/)
        assert.match(String(attributes({ value: text })), /^ value="[^"<>'`]*"$/)
      }),
    )
  })

  test('nothing, false and lists are what they look like', () => {
    assert.equal(String(html`${undefined}${false}${[1, [html`<b>`, '<']]}${0}`), '1<b>&#60;0')
  })

  test('something that only looks like markup is not believed', () => {
    const forged = JSON.parse('{"markup":"<b>"}') as never
    assert.equal(String(html`${forged}`), '[object Object]')
  })

  test('attributes: true is the name, false and undefined are left out, a strange name is refused', () => {
    assert.equal(
      String(attributes({ required: true, hidden: false, id: undefined, maxlength: 5 })),
      ' required maxlength="5"',
    )
    assert.throws(() => attributes({ 'onload="x" a': 'y' }), TypeError)
  })

  test('components keep hostile words harmless', () => {
    const hostile = `"><script>alert(1)</script>`
    const drawn = [
      field(t, { name: 'a', label: hostile, value: hostile, hint: hostile, complaint: hostile }),
      choice(t, { name: 'b', legend: hostile, options: [{ value: hostile, label: hostile, hint: hostile }] }),
      svgPicture('<svg onload="alert(1)"/>', hostile),
      time({ text: hostile, exact: hostile, full: hostile }),
      sentence(t, 'problem.reference', { id: hostile }),
    ]
    for (const markup of drawn) assert.doesNotMatch(String(markup), /<script|onload/)
  })

  test('a sentence takes markup in its holes, and text only as text', () => {
    assert.equal(String(sentence(t, 'frame.title', { page: html`<b>A</b>`, company: '<i>' })), '<b>A</b> – &#60;i&#62;')
    assert.equal(String(sentence(t, 'errors.heading', { count: 2 })), '2 answers need another look')
  })
})
