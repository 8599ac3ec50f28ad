import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { configured } from '../../src/app/configured.ts'
import { relyingPartyOf } from '../../src/core/methods/passkey/relying-party.ts'

describe('to whom passkeys belong', () => {
  for (const [origin, id, written = origin] of [
    ['https://mfa.example.org', 'mfa.example.org'],
    ['https://mfa.example.org:8443', 'mfa.example.org'],
    ['https://MFA.example.org', 'mfa.example.org', 'https://mfa.example.org'],
    ['https://mfa.example.org:443', 'mfa.example.org', 'https://mfa.example.org'],
    ['http://localhost:8080', 'localhost'],
    ['http://demo.localhost:8080', 'demo.localhost'],
    ['https://bücher.example', 'xn--bcher-kva.example', 'https://xn--bcher-kva.example'],
  ] as const) {
    test(origin, () => assert.deepEqual(relyingPartyOf(origin), { id, origin: written }))
  }

  for (const origin of [
    undefined,
    '',
    'mfa.example.org',
    'http://mfa.example.org',
    'https://192.0.2.7',
    'https://[2001:db8::1]:8443',
    'http://127.0.0.1:8080',
    'http://evil.test#localhost',
  ]) {
    test(`nobody, at ${origin}`, () => assert.equal(relyingPartyOf(origin), undefined))
  }
})

describe('settings that rest on passkeys alone', () => {
  const resting = 'settings:\n  portal:\n    passkey_sign_in: true\n    methods: [passkey]\n'

  test('want portal.url, and both are told at once with their lines', () => {
    const problem = /portal\.url names none/
    for (const portal of ['', 'portal:\n  url: https://192.0.2.7\n']) {
      assert.throws(
        () => read(portal + resting),
        (error: Error) => {
          assert.match(error.message, problem)
          assert.match(error.message, /settings\.portal\.passkey_sign_in/)
          assert.match(error.message, /settings\.portal\.methods/)
          return true
        },
      )
    }
  })

  test('are taken with it, and passkeys beside other methods without it', () => {
    assert.equal(read(`portal:\n  url: https://mfa.example.org\n${resting}`).settings['portal.passkey_sign_in'], true)
    const { settings } = read('settings:\n  portal.methods: [text, passkey]\n')
    assert.deepEqual(settings['portal.methods'], ['text', 'passkey'])
  })
})

function read(yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'sallyport.yaml')
  writeFileSync(file, yaml)
  return configured({ file, env: {} })
}
