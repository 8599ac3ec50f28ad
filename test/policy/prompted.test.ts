import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FirstMethod } from '../../src/contract/shapes.ts'
import { type Prompted, promptedAfterSetup } from '../../src/core/policy/prompted.ts'
import { readSettings } from '../../src/core/settings/settings.ts'

const both = { 'portal.prompt_backup_phone': true, 'portal.prompt_token': true }

describe('what User Setup asks for at its end', () => {
  const cases: [method: FirstMethod, has: { backupPhone?: true; token?: true }, given: object, asks: Prompted[]][] = [
    ['call', {}, {}, []],
    ['call', {}, both, ['backup-phone', 'token']],
    ['call', { backupPhone: true }, both, ['token']],
    ['call', { token: true }, both, ['backup-phone']],
    ['call', {}, { 'portal.prompt_backup_phone': true }, ['backup-phone']],
    ['text', {}, both, ['token']],
    ['text', {}, { ...both, 'portal.allow_token': false }, []],
    ['oath', { token: true }, both, []],
    ['passkey', {}, both, ['token']],
  ]
  for (const [method, has, given, asks] of cases) {
    test(`${method}, with ${JSON.stringify(has)} and ${JSON.stringify(given)}: ${asks.join(' and ') || 'nothing'}`, () => {
      const read = readSettings({ ...given })
      assert.ok('settings' in read)
      assert.deepEqual(promptedAfterSetup({ method, backupPhone: false, token: false, ...has }, read.settings), asks)
    })
  }
})
