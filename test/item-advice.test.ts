import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { configured } from '../src/app/configured.ts'
import { adviceOn } from '../src/cli/item-advice.ts'
import { ItemRules } from '../src/contract/operate-sync.ts'

describe('whoever adds or changes an item is told what it asks for and nobody has', () => {
  const cases: [what: string, rules: object, yaml: string, told: RegExp[]][] = [
    ['nothing, where nothing is lacking', {}, '', []],
    ['texts that nobody sends', { method: 'text' }, '', [/sms\.providers/]],
    ['replies that nothing brings', { modes: { text: 'two-way-pin' } }, '', [/sms\.replies\.secret/]],
    [
      'none of them, where they come in',
      { modes: { text: 'two-way' } },
      'sms:\n  replies:\n    secret: c0ffee00c0ffee00c0ffee00c0ffee00\n',
      [],
    ],
    ['calls that nobody places', { method: 'call' }, methods('call'), [/voice\.providers/]],
    [
      'a method that is not among the settings’',
      { method: 'app' },
      '',
      [/portal\.methods does not have app\. Its people/],
    ],
    ['and for whom, of those with a number', { method: 'call' }, '', [/voice/, /comes without a usable number/]],
    ['one that is switched off', { method: 'app' }, `${methods('app')}  portal.allow_app: false\n`, [/allow_app/]],
    ['tokens that are', { method: 'oath' }, 'settings:\n  portal.allow_token: false\n', [/allow_token/]],
    ['passkeys without a host', { method: 'passkey' }, '', [/portal\.url/]],
    ['but not with one', { method: 'passkey' }, 'portal:\n  url: https://mfa.example.org/\n', []],
    [
      'a mail that would tell people to sign in who cannot',
      { newcomers: 'disabled', mailNew: true },
      '',
      [/not mailed/],
    ],
  ]
  for (const [what, rules, yaml, told] of cases) {
    test(what, () => {
      const advice = adviceOn(ItemRules.parse(rules), read(yaml))
      assert.equal(advice.length, told.length, advice.join('\n'))
      for (const [i, words] of told.entries()) assert.match(advice[i] ?? '', words)
    })
  }
})

function methods(first: string): string {
  return `settings:\n  portal.methods: [${first}, text]\n`
}

function read(yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-advice-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'sallyport.yaml')
  writeFileSync(file, yaml)
  return configured({ file, env: {} })
}
