import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type PskcLimits, readPskc } from '../../src/protocols/pskc.ts'
import * as rfc from './rfc6030.ts'

const OPEN = '<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc">'
const TOKEN = `<KeyPackage><Key Id="1" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:hotp"><Data><Secret>
<PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret></Data></Key></KeyPackage>\n`
const bomb = `<?xml version="1.0"?><!DOCTYPE lol [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${OPEN}&b;</KeyContainer>`

describe('a hostile file', () => {
  for (const [what, file, problem] of [
    ['an entity bomb', bomb, 'xml.doctype'],
    ['a document type in lower case', bomb.replace('DOCTYPE', 'doctype'), 'xml.doctype'],
    ['two document types', `<!DOCTYPE a><!DOCTYPE b [<!ENTITY c "d">]>${OPEN}&c;</KeyContainer>`, 'xml.doctype'],
    ['a document type after the root', `${OPEN}</KeyContainer><!DOCTYPE a>`, 'xml.doctype'],
    ['a document type without end', `<!DOCTYPE ${'a'.repeat(2_000_000)}`, 'xml.doctype'],
    [
      'an external entity',
      `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${OPEN}&b;</KeyContainer>`,
      'xml.doctype',
    ],
    [
      'an external parameter entity',
      `<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:1/">%b;]>${OPEN}</KeyContainer>`,
      'xml.doctype',
    ],
    ['an entity that nothing declares', `${OPEN}&b;</KeyContainer>`, 'xml.malformed'],
    ['an entity declared without a document type', `<!ENTITY b "c">${OPEN}&b;</KeyContainer>`, 'xml.malformed'],
    ['1 MB of &#65;', `${OPEN}<KeyPackage>${'&#65;'.repeat(200_000)}</KeyPackage></KeyContainer>`, 'xml.too-long'],
    [
      '1 MB of &#65; in an attribute',
      `${OPEN}<KeyPackage a="${'&#65;'.repeat(200_000)}"/></KeyContainer>`,
      'xml.too-long',
    ],
    ['a million elements in one package', `${OPEN}<KeyPackage>${'<a/>'.repeat(1_000_000)}`, 'xml.too-long'],
    ['a tag without end', `${OPEN}<${'a'.repeat(1_000_000)}`, 'xml.too-long'],
    ['100,000 attributes', `${OPEN}<a ${attributes(100_000)}/></KeyContainer>`, 'xml.too-long'],
    ['deep nesting', `${OPEN}${'<a>'.repeat(100_000)}`, 'xml.too-deep'],
    ['nothing', '', 'xml.malformed'],
    ['half a file', rfc.figure10.slice(0, 200), 'xml.malformed'],
    ['no XML', 'upn,serial number,secret key\n', 'xml.malformed'],
    ['tags that cross', `${OPEN}<a><b></a></b></KeyContainer>`, 'xml.malformed'],
    ['a prefix that nothing binds', `${OPEN}<x:a/></KeyContainer>`, 'xml.malformed'],
    ['a zero byte', `${OPEN}\0</KeyContainer>`, 'xml.malformed'],
    ['two roots', `${OPEN}</KeyContainer>${OPEN}</KeyContainer>`, 'xml.malformed'],
    ['another document', '<html/>', 'pskc.no-container'],
    ['a version of the future', OPEN.replace('1.0', '2.0').replace('>', '/>'), 'pskc.version'],
    ['another encoding by name', `<?xml version="1.0" encoding="UTF-7"?>${OPEN}</KeyContainer>`, 'file.encoding'],
  ] as const) {
    test(`${what}: ${problem}`, async () => {
      for (const pieces of [[file], cut(file, 70_001)]) assert.deepEqual(await problemsOf(pieces), [problem])
    })
  }

  test('a document type cut anywhere is refused all the same', async () => {
    for (let at = 0; at < 60; at++) {
      assert.deepEqual(await problemsOf([bomb.slice(0, at), bomb.slice(at)]), ['xml.doctype'], `cut at ${at}`)
    }
  })

  test('bytes that are no UTF-8 are refused', async () => {
    assert.deepEqual(await problemsOf([Buffer.from(OPEN), Buffer.from([0xc3, 0x28])]), ['file.encoding'])
    assert.deepEqual(await problemsOf([Buffer.from(OPEN), Buffer.from([0xc3])]), ['file.encoding'])
  })

  test('too many bytes are refused where they are too many', async () => {
    assert.deepEqual(await problemsOf(endless(), { bytes: 1_000_000, tokens: 1e9 }, 'last'), ['file.too-big'])
  })
})

describe('a file that comes in pieces', () => {
  test('of a byte each, in UTF-8 and UTF-16, is read like one that comes whole', async () => {
    const file = rfc.figure10.replaceAll('TokenVendorAcme', 'Jeton & Fils \u{1f511} é'.replace('&', '&amp;'))
    const whole = await Array.fromAsync(readPskc([file]))
    assert.equal(whole.length, 4)
    const big = Buffer.from(`\ufeff${file}`, 'utf16le').swap16()
    for (const bytes of [Buffer.from(file), Buffer.from(`\ufeff${file}`, 'utf16le'), big]) {
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte))
      assert.deepEqual(await Array.fromAsync(readPskc(single)), whole)
    }
  })

  test('a million tokens end at the limit, the rest is never asked for, and memory does not grow', async () => {
    let given = 0
    let read = 0
    let most = 0
    const source = endless(() => given++)
    const before = heapUsed()
    for await (const reading of readPskc(source, { limits: { tokens: 30_000 } })) {
      if (!reading.ok) assert.equal(reading.problem, 'file.too-many')
      else if (++read % 10_000 === 0) most = Math.max(most, heapUsed() - before)
    }
    assert.equal(read, 30_000)
    assert.ok(given <= 30_010, `${given} packages were taken`)
    assert.ok(most < 4 * 1024 * 1024, `${most} bytes more than before`)
  })

  test('the source is closed when the reader stops early', async () => {
    let closed = false
    async function* source() {
      try {
        yield* endless()
      } finally {
        closed = true
      }
    }
    for await (const reading of readPskc(source())) if (reading.ok) break
    assert.ok(closed)
  })

  test('what breaks in the source is no problem of the file', async () => {
    async function* source() {
      yield OPEN
      throw new Error('the disk')
    }
    await assert.rejects(Array.fromAsync(readPskc(source())), /the disk/)
  })
})

/** After what nobody holds any more has gone. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

function attributes(count: number) {
  return Array.from({ length: count }, (_, i) => `a${i}="1"`).join(' ')
}

function cut(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, i) => text.slice(i * length, (i + 1) * length))
}

/** A million tokens. */
async function* endless(given: () => void = () => {}) {
  yield OPEN
  for (let i = 0; i < 1_000_000; i++) {
    given()
    yield TOKEN
  }
  yield '</KeyContainer>'
}

async function problemsOf(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  limits: Partial<PskcLimits> = {},
  which: 'all' | 'last' = 'all',
): Promise<string[]> {
  const problems: string[] = []
  for await (const each of readPskc(pieces, { limits })) {
    if (!each.ok) problems.push(each.problem)
    else if (which === 'all') problems.push('read')
  }
  return problems
}
