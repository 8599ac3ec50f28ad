import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { readPskc } from '../../src/protocols/pskc.ts'

/** Debian's python3-pskc is installed for this Python; another may come first in PATH. */
const PYTHON = '/usr/bin/python3'
const installed = existsSync('/usr/lib/python3/dist-packages/pskc')

/** Reads what to write as JSON, and writes the file. */
const WRITER = `
import json, sys
from pskc import PSKC
asked = json.load(sys.stdin)
p = PSKC()
for k in asked['keys']:
    k['secret'] = bytes.fromhex(k['secret'])
    p.add_key(**k)
if 'key' in asked:
    p.encryption.setup_preshared_key(key=bytes.fromhex(asked['key']), algorithm=asked['algorithm'])
if 'passphrase' in asked:
    p.encryption.setup_pbkdf2(asked['passphrase'], iterations=asked['iterations'], key_length=asked['length'], algorithm=asked['algorithm'])
p.write(sys.stdout.buffer)
`
const tokens = [
  { kind: 'totp', serial: 'T-1', secret: '3132333435363738393031323334353637383930', digits: 6, period: 60 },
  { kind: 'totp', serial: 'T-2', secret: 'ff'.repeat(32), digits: 8, period: 30 },
  { kind: 'hotp', serial: 'H-1', secret: '00'.repeat(20), digits: 6, counter: 4711 },
]
const keys = tokens.map(({ kind, serial, secret, digits, period, counter }) => ({
  id: serial,
  serial,
  secret,
  algorithm: `urn:ietf:params:xml:ns:keyprov:pskc:${kind}`,
  response_length: digits,
  response_encoding: 'DECIMAL',
  manufacturer: 'Åcme & Søn <1>',
  ...(period && { time_interval: period }),
  ...(counter && { counter }),
}))

describe('PSKC files of python-pskc are read', { skip: installed ? false : 'python3-pskc is not installed' }, () => {
  test('in plain', async () => {
    assert.deepEqual(await read({}), tokens)
  })

  for (const [bits, algorithm] of [
    [128, 'aes128-cbc'],
    [192, 'aes192-cbc'],
    [256, 'aes256-cbc'],
  ] as const) {
    test(`under a pre-shared key, by ${algorithm}`, async () => {
      const key = 'a7'.repeat(bits / 8)
      assert.deepEqual(await read({ key, algorithm }, { preShared: Buffer.from(key, 'hex') }), tokens)
    })

    test(`under a passphrase, by ${algorithm}`, async () => {
      const asked = { passphrase: 'qwerty', iterations: 12_000, length: bits / 8, algorithm }
      assert.deepEqual(await read(asked, { passphrase: 'qwerty' }), tokens)
    })
  }

  test('and not under another passphrase', async () => {
    const asked = { passphrase: 'qwerty', iterations: 1_000, length: 16, algorithm: 'aes128-cbc' }
    const readings = await Array.fromAsync(readPskc([write(asked)], { keys: { passphrase: 'Qwerty' } }))
    assert.ok(readings.length >= 1 && readings.every(({ ok }) => !ok))
  })
})

function write(asked: Record<string, unknown>): Buffer {
  return execFileSync(PYTHON, ['-c', WRITER], { input: JSON.stringify({ keys, ...asked }) })
}

async function read(asked: Record<string, unknown>, opened: { preShared?: Buffer; passphrase?: string } = {}) {
  const readings = await Array.fromAsync(readPskc([write(asked)], { keys: opened }))
  return readings.map((each) => {
    assert.ok(each.ok, JSON.stringify(each))
    const { token } = each
    assert.equal(token.manufacturer, 'Åcme & Søn <1>')
    const { kind, serial, digits } = token
    const secret = Buffer.from(token.secret).toString('hex')
    return {
      kind,
      serial,
      secret,
      digits,
      ...(kind === 'totp' ? { period: token.period } : { counter: token.counter }),
    }
  })
}
