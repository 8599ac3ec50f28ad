import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { configured } from '../src/app/configured.ts'

const smpp = (more = '') => `sms:
  providers: smpp
  smpp:
    host: 127.0.0.1
    port: 2775
    tls: false
    system_id: sallyport
    password: example
    from: "12345"
${more}`
const secret = 'sms:\n  replies:\n    secret: c0ffee00c0ffee00c0ffee00c0ffee00\n'

describe('a mode that asks for replies', () => {
  for (const mode of ['two-way', 'two-way-pin', 'two-way-number']) {
    test(`${mode} wants somebody who brings them`, () => {
      const setting = `settings:\n  text.mode: ${mode}\n`
      for (const nobody of ['', smpp('    bind: transmitter\n')]) {
        assert.throws(() => read(nobody + setting), /settings\.text\.mode.*\n?.*Nothing brings replies/s)
      }
      for (const somebody of [secret, smpp()]) assert.equal(read(somebody + setting).settings['text.mode'], mode)
    })
  }

  test('is no matter where codes are typed', () => {
    assert.equal(read('settings:\n  text.mode: one-way\n').settings['text.mode'], 'one-way')
  })
})

function read(yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'sallyport.yaml')
  writeFileSync(file, yaml)
  return configured({ file, env: {} })
}
