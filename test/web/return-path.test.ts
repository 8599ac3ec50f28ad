import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { returnPath } from '../../src/inbound/web/return-path.ts'
import { hostile } from './hostile-paths.ts'

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
