import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { returnPath } from '../../src/inbound/web/return-path.ts'

const kept = [
  '/',
  '/account',
  '/account/phone?from=setup&x=1',
  '/a-b_c.d~e',
  '/devices/0198c7f2',
  '/search?q=a%20b%2Fc',
  '/@me',
  '/a:b',
]

const hostile = [
  '',
  'account',
  '//evil.test',
  '///evil.test',
  '////evil.test/',
  '/\\evil.test',
  '\\\\evil.test',
  '\\/evil.test',
  '/\\/evil.test',
  'https:evil.test',
  'https:/evil.test',
  'https://evil.test',
  'HTTPS://evil.test',
  'http://return.invalid',
  'https://return.invalid@evil.test',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'mailto:a@b',
  ' //evil.test',
  '\t//evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/ok\r\nSet-Cookie: a=b',
  '/ok\0',
  '/.//evil.test',
  '/..//evil.test',
  '/a/..//evil.test',
  '/./\\evil.test',
  '/%2fevil.test',
  '/%2Fevil.test',
  '/%5cevil.test',
  '/%252fevil.test',
  '/%09/evil.test',
  '/%0d%0aLocation:x',
  '/%00',
  '/%2e%2e/evil',
  '/a//b',
  '/%',
  '/%aa',
  '/\u2028evil',
  '/／evil.test',
  '?next=//evil.test',
  '#x',
  '.evil.test',
  `/${'a'.repeat(1000)}`,
]

describe('the way back', () => {
  test('paths of this site are kept', () => {
    for (const path of kept) assert.equal(returnPath(path), path)
  })

  for (const path of hostile) {
    test(`refused: ${JSON.stringify(path.slice(0, 60))}`, () => assert.equal(returnPath(path), undefined))
  }

  test('whatever is let through leads to the same origin, also when decoded once more', () => {
    const bits = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2f',
      '%5c',
      '%',
      '@',
      ':',
      'evil.test',
      '?',
      '#',
      '\t',
      ' ',
      'a',
    )
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 12 }), (parts) => {
        const path = returnPath(`/${parts.join('')}`)
        if (path === undefined) return
        assert.equal(new URL(path, 'https://portal.test/deep/page').origin, 'https://portal.test')
        assert.equal(
          new URL(decodeURIComponent(path.split('?')[0] ?? ''), 'https://portal.test/').origin,
          'https://portal.test',
        )
      }),
      { numRuns: 2000 },
    )
  })
})
