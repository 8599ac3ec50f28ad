import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { codeOfHardware } from '../hardware.ts'
import { figure6, figure7 } from '../wire/rfc6030.ts'
import { temporaryFolder, verb } from './program.ts'

const folder = temporaryFolder()
const data = join(folder, 'data')
const sallyport = (...args: string[]) => verb([...args, '--data', data])
const token = (...args: string[]) => sallyport('token', ...args)

describe('an operator has a box of tokens', { timeout: 600_000 }, () => {
  before(async () => {
    const { exit, said } = await sallyport('user', 'add', 'alice', '--generate')
    assert.equal(exit, 0, said)
  })

  test('whose CSV has mistakes: each is told with its line, and nothing is taken in', async () => {
    const file = kept('wrong.csv', [
      'upn,serial number,secret key,time interval,manufacturer,model',
      'alice,C-1,JBSWY3DPEHPK3PXP,30,Acme,One',
      ',C-1,JBSWY3DPEHPK3PXP,30,Acme,One',
      ',C-2,JBSW,30,Acme,One',
      'mallory,C-3,JBSWY3DPEHPK3PXP,60,Acme,One',
      ',,JBSWY3DPEHPK3PXP,30,Acme,One',
    ])
    const { exit, said } = await token('import', file)
    assert.equal(exit, 1)
    assert.match(said, /^line 3: C-1: its serial number stands further above in this file too\.$/m)
    assert.match(said, /^line 4: its secret is shorter than 10 bytes/m)
    assert.match(said, /^line 5: C-3: no user is called mallory; it will be nobody's until assigned\.$/m)
    assert.match(said, /^line 6: it has no serial number\.$/m)
    assert.match(said, /^Nothing was imported\. .* the other 2 with --partial\.$/m)
    assert.doesNotMatch((await token('list')).said, /C-\d/)

    const partial = await token('import', file, '--partial')
    assert.equal(partial.exit, 1)
    assert.match(partial.said, /^2 tokens \(1 of them to their owners\) imported\.$/m)
    const again = await token('import', file, '--partial')
    assert.match(again.said, /^line 2: C-1: it is here already/m)
    assert.match(again.said, /^0 tokens imported\.$/m)
  })

  test('whose PSKC is encrypted: without the key, with a wrong one, tried out, and with the right one', async () => {
    const file = kept('tokens.xml', [figure6])
    assert.match((await token('import', file)).said, /line \d+: the secrets are encrypted under a key; .*--key-file\./)
    const wrong = await token('import', file, '--key-file', kept('wrong.key', ['00'.repeat(16)]))
    assert.deepEqual([wrong.exit, /the key or passphrase does not open this file\./.test(wrong.said)], [1, true])
    const noKey = await token('import', file, '--key-file', kept('no.key', ['too short']))
    assert.match(noKey.said, /holds no AES key: 16, 24 or 32 bytes/)

    const key = ['--key-file', kept('right.key', ['12345678901234567890123456789012'])]
    const dry = await token('import', file, ...key, '--dry-run')
    assert.deepEqual([dry.exit, /^1 token would be imported\.$/m.test(dry.said)], [0, true], dry.said)
    assert.doesNotMatch((await token('list')).said, /987654321/)
    const right = await token('import', file, ...key)
    assert.deepEqual([right.exit, /^1 token imported\.$/m.test(right.said)], [0, true], right.said)
    assert.match((await token('list', '--unassigned')).said, /^987654321 +hotp +live .*- +- +Manufacturer$/m)
  })

  test('whose PSKC is under a passphrase', async () => {
    const file = kept('passphrase.xml', [figure7.replaceAll('987654321', '7')])
    assert.match((await token('import', file)).said, /give it with --passphrase-file\./)
    const { exit, said } = await token('import', file, '--passphrase-file', kept('phrase', ['qwerty', '']))
    assert.equal(exit, 0, said)
  })

  test('whose file is a bomb, or no file of tokens at all', async () => {
    const bomb = '<!DOCTYPE KeyContainer [<!ENTITY a "aaaaaaaaaa">]><KeyContainer Version="1.0">&a;</KeyContainer>'
    assert.match((await token('import', kept('bomb.xml', [bomb]))).said, /line 1: the file has a document type/)
    assert.match((await token('import', kept('other.csv', ['a,b', '1,2']))).said, /line 1: the first line must name/)
    assert.match((await token('import', kept('other.xml', ['<html/>']))).said, /its first element is not KeyContainer/)
    assert.match((await token('import', join(folder, 'nowhere'))).said, /nowhere cannot be read/)
  })

  test('gives one out, brings it in step, takes it back, ends it; and no secret is anywhere to be read', async () => {
    const secret = Buffer.from('H-1'.padEnd(20, '.')).toString('base64')
    const hotp = 'urn:ietf:params:xml:ns:keyprov:pskc:hotp'
    const package1 = `<KeyPackage><DeviceInfo><SerialNo>H-1</SerialNo></DeviceInfo><Key Id="k" Algorithm="${hotp}"><Data>
      <Secret><PlainValue>${secret}</PlainValue></Secret></Data></Key></KeyPackage>`
    const xml = `<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc">${package1}</KeyContainer>`
    assert.equal((await token('import', kept('plain.xml', [xml]))).exit, 0)

    assert.match((await token('assign', 'H-1', 'alice')).said, /^Token H-1 is alice's\.$/m)
    assert.match((await token('assign', 'H-1', 'alice')).said, /That token is assigned already/)
    assert.match((await token('assign', 'H-9', 'alice')).said, /There is no hardware token of that serial number/)
    assert.match((await token('list', '--user', 'alice')).said, /^H-1 .* alice /m)
    const codes = [codeOfHardware('H-1', 700), codeOfHardware('H-1', 701)]
    assert.match((await token('resync', 'H-1', ...codes)).said, /^Token H-1 is in step again/m)
    const used = await token('resync', 'H-1', ...codes)
    assert.deepEqual([used.exit, /one of them was used before/.test(used.said)], [1, true])
    assert.match((await token('unassign', 'H-1')).said, /^Token H-1 is nobody's\.$/m)
    assert.match((await token('revoke', 'C-1')).said, /alice has no second step left/)
    assert.match((await token('list')).said, /^C-1 .* revoked/m)

    const all = readdirSync(data).map((name) => readFileSync(join(data, name), 'latin1'))
    for (const form of [secret, Buffer.from(secret, 'base64').toString('latin1'), 'JBSWY3DPEHPK3PXP']) {
      assert.ok(!all.some((text) => text.includes(form)), form)
    }
  })
})

function kept(name: string, lines: readonly string[]): string {
  const file = join(folder, name)
  writeFileSync(file, lines.join('\n'))
  return file
}
