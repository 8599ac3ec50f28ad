import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { md4 } from '../../src/protocols/radius/md4.ts'
import {
  authenticatorResponse,
  msChap2Response,
  msChapErrorNumber,
  ntResponse,
  provesPassword,
} from '../../src/protocols/radius/ms-chap.ts'
import { msChap2Change } from '../../src/protocols/radius/ms-chap-change.ts'

import { rc4 } from '../../src/protocols/radius/rc4.ts'

/** RFC 2759 section 9.2. */
const chap = {
  username: 'User',
  password: 'clientPass',
  authenticatorChallenge: Buffer.from('5b5d7c7d7b3f2f3e3c2c602132262628', 'hex'),
  peerChallenge: Buffer.from('21402324255e262a28295f2b3a337c7e', 'hex'),
}
const response = '82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df'
const proof = 'S=407A5589115FD0D6209F510FE9C04566932CDA56'

test('MD4 gives the digests of RFC 1320', () => {
  const vectors = {
    '': '31d6cfe0d16ae931b73c59d7e0c089c0',
    a: 'bde52cb31de33e46245e05fbdbd6fb24',
    abc: 'a448017aaf21d8525fc10ae87aa6729d',
    'message digest': 'd9130a8164549fe818874806e1c7014b',
    abcdefghijklmnopqrstuvwxyz: 'd79e1c308aa5bbcdeea8ed63df412da9',
    ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789: '043f8582f241db351ce627e153e7f0e4',
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890':
      'e33b4ddc9c38f2199c3e7b164fcc0536',
  }
  for (const [message, digest] of Object.entries(vectors)) {
    assert.equal(md4(Buffer.from(message)).toString('hex'), digest, message)
  }
})

describe('MS-CHAP version 2', () => {
  test('gives the responses of RFC 2759, with a Windows domain before the name or without', () => {
    for (const username of ['User', 'CORP\\User']) {
      assert.equal(ntResponse({ ...chap, username }).toString('hex'), response)
      assert.equal(authenticatorResponse({ ...chap, username }), proof)
    }
  })

  test('is written as RFC 2548 has it', () => {
    const value = msChap2Response(7, chap).toString('hex')
    assert.equal(value, `0700${chap.peerChallenge.toString('hex')}${'00'.repeat(8)}${response}`)
  })

  test('believes only who knows the password', () => {
    const success = (text: string, identifier = 7) => Buffer.concat([Buffer.from([identifier]), Buffer.from(text)])
    assert.ok(provesPassword(success(proof), 7, chap))
    assert.ok(provesPassword(success(`${proof} M=Welcome`), 7, chap))
    assert.ok(!provesPassword(success(proof, 8), 7, chap))
    assert.ok(!provesPassword(success(proof.slice(0, -1)), 7, chap))
    assert.ok(!provesPassword(success(proof.replace(/6$/, '7')), 7, chap))
    assert.ok(!provesPassword(success(proof), 7, { ...chap, password: 'clientpass' }))
    assert.ok(!provesPassword(Buffer.alloc(0), 7, chap))
  })

  test('reads the number of an error', () => {
    assert.equal(msChapErrorNumber(Buffer.from('\x07E=691 R=1 C=00 V=3 M=no')), 691)
    assert.equal(msChapErrorNumber(Buffer.from('\x07E=647')), 647)
    assert.equal(msChapErrorNumber(Buffer.from('\x07nonsense')), undefined)
  })
})

test('RC4 gives the streams of RFC 6229', () => {
  const streams = {
    '0102030405': 'b2396305f03dc027ccc3524a0a1118a8',
    '0102030405060708090a0b0c0d0e0f10': '9ac7cc9a609d1ef7b2932899cde41b97',
  }
  for (const [key, stream] of Object.entries(streams))
    assert.equal(rc4(Buffer.from(key, 'hex'), Buffer.alloc(16)).toString('hex'), stream)
})

test('a change is written as RFC 2548 has it, with the proof of the new password, and up to 256 characters', () => {
  const { password: chosen, ...challenges } = chap
  const change = (wanted: string) => msChap2Change(9, { ...challenges, old: 'old', chosen: wanted }, Buffer.alloc(512))
  const made = change(chosen)
  assert.equal(made.change.length, 68)
  assert.equal(made.change.subarray(0, 2).toString('hex'), '0709')
  assert.equal(
    made.change.subarray(18).toString('hex'),
    `${chap.peerChallenge.toString('hex')}${'00'.repeat(8)}${response}0000`,
  )
  assert.deepEqual(
    made.encrypted.map((part) => `${part.subarray(0, 4).toString('hex')} ${part.length - 4}`),
    ['06090001 243', '06090002 243', '06090003 30'],
  )
  assert.equal(change('x'.repeat(256)).encrypted.length, 3)
  assert.throws(() => change('x'.repeat(257)), RangeError)
})
