import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Entry, firstBreak, linkAfter, linksAfter, start } from '../src/core/audit/chain.ts'

describe('the chain of the audit', () => {
  test('a known entry has a known hash: the form of what is hashed never changes', () => {
    // Made by another program: of each part: 01, its length in four bytes, the text; 00 for an empty column..
    assert.deepEqual(linkAfter(start, entry()), { position: 1, hash: KNOWN })
  })

  test('every column is covered, and the position, and what came before', () => {
    const changes: Partial<Entry>[] = [
      { seq: 8 },
      { id: 'other' },
      { at: 1 },
      { what: 'password.right' },
      { userId: null },
      { address: '192.0.2.8' },
      { userAgent: '' },
      { facts: '{"why": "password"}' },
    ]
    const hashes = [
      ...changes.map((change) => linkAfter(start, entry(change)).hash),
      linkAfter(start, entry()).hash,
      linkAfter({ ...start, position: 1 }, entry()).hash,
      linkAfter({ ...start, hash: 'f'.repeat(64) }, entry()).hash,
    ]
    assert.equal(new Set(hashes).size, changes.length + 3)
  })

  test('no text can pass for the end of one column and the start of the next', () => {
    const seam = '\u0001\0\0\0\u0001'
    const one = entry({ address: `a${seam}b`, userAgent: 'c' })
    const other = entry({ address: 'a', userAgent: `b${seam}c` })
    assert.notEqual(linkAfter(start, one).hash, linkAfter(start, other).hash)

    const noLengths = '\u0001\0\0\0\0'
    const third = entry({ address: `a${noLengths}b`, userAgent: 'c' })
    const fourth = entry({ address: 'a', userAgent: `b${noLengths}c` })
    assert.notEqual(linkAfter(start, third).hash, linkAfter(start, fourth).hash)
  })

  test('links follow one another, and the first that does not is named', () => {
    const sealed = linksAfter(start, [entry(), entry({ seq: 8 }), entry({ seq: 9 })])
    assert.equal(firstBreak(start, sealed), undefined)
    assert.deepEqual(firstBreak(start, sealed.slice(1)), { position: 1, why: 'row-missing' })
    assert.deepEqual(
      firstBreak(
        start,
        sealed.map((each) => (each.position === 2 ? { ...each, entry: entry() } : each)),
      ),
      { position: 2, why: 'row-changed' },
    )
  })
})

const KNOWN = 'ba22bcbdd28599c32a0c90779ee1fce6ccd67b26d1d0b6779b73d2690f8db49c'

function entry(change: Partial<Entry> = {}): Entry {
  return {
    seq: 7,
    id: '019a',
    at: 1_795_521_600_000,
    what: 'password.wrong',
    userId: 'ada',
    address: '192.0.2.7',
    userAgent: null,
    facts: '{"why":"password"}',
    ...change,
  }
}
