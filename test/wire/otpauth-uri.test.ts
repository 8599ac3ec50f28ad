import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import * as others from 'otpauth'
import { otpauthUri } from '../../src/protocols/otpauth-uri.ts'

const plain = {
  issuer: 'ACME Co',
  account: 'john.doe@email.com',
  secret: Buffer.from('Hello!\xde\xad\xbe\xef', 'latin1'),
  algorithm: 'SHA1',
  digits: 6,
  period: 30,
} as const

describe('a Key URI', () => {
  test('is spelled as the format says', () => {
    assert.equal(
      otpauthUri(plain),
      'otpauth://totp/ACME%20Co:john.doe%40email.com?secret=JBSWY3DPEHPK3PXP&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30',
    )
  })

  test('keeps whatever a name has in it from becoming part of the address', () => {
    const uri = otpauthUri({ ...plain, issuer: 'R&D #1? 50% + Söhne/x', account: 'CORP\\ada&secret=AAAA#' })
    const read = new URL(uri)

    assert.equal(read.searchParams.get('issuer'), 'R&D #1? 50% + Söhne/x')
    assert.deepEqual(read.searchParams.getAll('secret'), ['JBSWY3DPEHPK3PXP'])
    assert.equal(decodeURIComponent(read.pathname), '/R&D #1? 50% + Söhne/x:CORP\\ada&secret=AAAA#')
    assert.equal(read.hash, '')
  })

  test('has one colon, between issuer and account', () => {
    const uri = otpauthUri({ ...plain, issuer: 'A:B', account: 'c:d' })

    assert.equal(decodeURIComponent(new URL(uri).pathname), '/A B:c d')
  })

  test('is read by another program as it was meant', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .map((text) => text.replaceAll(':', ' ').trim())
      .filter((text) => text !== '')
    fc.assert(
      fc.property(
        name,
        name,
        fc.uint8Array({ minLength: 10, maxLength: 64 }),
        fc.constantFrom('SHA1', 'SHA256', 'SHA512'),
        fc.constantFrom(6, 8),
        fc.constantFrom(30, 60),
        (issuer, account, secret, algorithm, digits, period) => {
          const read = others.URI.parse(otpauthUri({ issuer, account, secret, algorithm, digits, period }))

          assert.ok(read instanceof others.TOTP)
          assert.deepEqual(
            [read.issuer, read.label, read.algorithm, read.digits, read.period],
            [issuer, account, algorithm, digits, period],
          )
          assert.deepEqual(Buffer.from(read.secret.bytes), Buffer.from(secret))
        },
      ),
    )
  })

  test('can be made of a text that is not well-formed', () => {
    assert.match(otpauthUri({ ...plain, account: 'a\ud800b' }), /a%EF%BF%BDb/)
  })
})
