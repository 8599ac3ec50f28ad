import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, describe, test } from 'node:test'
import { configCheck } from '../src/cli/config-check.ts'
import { fail } from '../src/cli/fail.ts'
import { terminal } from '../src/cli/terminal.ts'
import { tokenLine } from '../src/cli/token.ts'
import { AppError, errors } from '../src/core/errors.ts'
import { selfSigned } from '../src/storage/self-signed.ts'

const noon = new Date('2026-01-01T12:00:00Z')

describe('a secret asked for on a terminal', () => {
  test('is not shown, and can be corrected', async () => {
    const { secret, input, shown } = world({ isTTY: true })

    const asked = secret('Password:')
    input.write('hunter3\x7f')
    input.write('2é😀\x7f\r')

    assert.equal(await asked, 'hunter2é')
    assert.equal(shown(), 'Password: \n')
    assert.deepEqual(input.raw, [true, false])
  })

  for (const [key, byte] of [
    ['Ctrl+C', '\x03'],
    ['Ctrl+D', '\x04'],
  ] as const) {
    test(`is given up by ${key}, and the terminal is as before`, async () => {
      const { secret, input } = world({ isTTY: true })

      const asked = secret('Password:')
      input.write(`hunter2${byte}`)

      assert.equal(await asked, undefined)
      assert.deepEqual(input.raw, [true, false])
    })
  }

  test('comes from a pipe line by line, without a prompt', async () => {
    const { secret, input, shown } = world({})
    input.end('first\r\nsecond\nlast')

    assert.deepEqual(
      [await secret('1'), await secret('2'), await secret('3'), await secret('4')],
      ['first', 'second', 'last', undefined],
    )
    assert.equal(shown(), '')
  })
})

describe('a line of the list of hardware tokens', () => {
  const usual = { id: 't', serial: 'OT-1000001', kind: 'totp', state: 'live', username: 'ada' } as const
  const times = { addedAt: '2026-01-01T12:00:00Z', usedAt: '2026-02-01T12:00:00Z' }

  test('fits into 80 columns', () => {
    const line = tokenLine({ ...usual, ...times, manufacturer: 'Example' })
    assert.match(line, /^OT-1000001 +totp +live +2026-01-01 +2026-02-01 +ada +Example$/)
    assert.ok(line.length <= 80, `${line.length}`)
  })

  test('does not paint the terminal, whatever a file or a directory has for a name', () => {
    const evil = { ...usual, ...times, username: 'ada\u001b[2J', manufacturer: 'Made\u202e', model: 'a\nb' }
    assert.match(tokenLine(evil), /ada\\u001b\[2J +Made\\u202e, a\\u000ab$/)
  })
})

describe('progress', () => {
  test('is one moving line on a terminal', () => {
    const { progress, shown, wait } = world({ isTTY: true })
    const { say, end } = progress()

    say('1 of 3')
    say('2 of 3')
    wait(100)
    say('3 of 3\x1b[2J')
    end('Done')

    assert.equal(shown(), '\r\x1b[K1 of 3\r\x1b[K3 of 3\\u001b[2J\r\x1b[KDone\n')
  })

  test('is a line now and then elsewhere', () => {
    const { progress, shown, wait } = world({})
    const { say, end } = progress()

    for (let i = 1; i <= 100; i++) {
      say(`${i} of 100`)
      wait(100)
    }
    end('Done')

    assert.equal(shown(), '1 of 100\n51 of 100\nDone\n')
  })
})

describe('the end of the program', () => {
  test('is one line with the remedy, and an exit code that scripts can tell apart', () => {
    const said: string[] = []
    const exits = (['config.wrong', 'port.taken', 'directory.unreachable', 'queue.full'] as const).map((code) =>
      fail(new AppError(code, { detail: 'x\ny' }), (line) => said.push(line)),
    )

    assert.deepEqual(exits, [78, 69, 69, 75])
    assert.ok(said.every((line) => !line.includes('\n')))
    assert.equal(
      said[1],
      `sallyport: Another program listens on that port. (x\\u000ay) ${errors['port.taken'].remedy} [port.taken]`,
    )
  })

  test('of a defect says so and where', () => {
    const said: string[] = []

    assert.equal(
      fail(new TypeError('x is not a function'), (line) => said.push(line)),
      70,
    )
    assert.equal(
      fail(undefined, (line) => said.push(line)),
      70,
    )

    assert.match(said[0] ?? '', /^sallyport: this is a defect .*TypeError: x is not a function \(at .*cli\.test\.ts/)
  })
})

describe('config check', () => {
  test('shows what is in effect, where it comes from, and no secret', async () => {
    const { check } = world({})

    const { exit, out, err } = await check('log:\n  level: warn\n', { DATABASE_URL: 'postgres://u:hunter2@db/x' })

    assert.equal(exit, 0, err)
    assert.match(out, /^log\.level +warn +.*sallyport\.yaml:2$/m)
    assert.match(out, /^portal\.listen +0\.0\.0\.0:8443 +default$/m)
    assert.match(out, /^database\.url +\[secret\] +DATABASE_URL$/m)
    assert.match(out, /\nOK$/)
    assert.ok(!out.includes('hunter2'))
  })

  test('shows the mistakes and nothing else', async () => {
    const { check } = world({})

    const { exit, out, err } = await check('log:\n  level: loud\n')

    assert.deepEqual([exit, out], [78, ''])
    assert.match(err, /sallyport\.yaml:2 {2}log\.level: "loud"/)
  })

  test('looks into the certificates as well, and at the role', async () => {
    const { check, folder } = world({})
    const [key, other] = [newKey(), newKey()]
    const cert = selfSigned({ key, names: ['localhost'], notBefore: noon, notAfter: new Date(noon.getTime() + 1e9) })
    writeFileSync(join(folder, 'cert.pem'), cert)
    writeFileSync(join(folder, 'key.pem'), other.export({ type: 'pkcs8', format: 'pem' }))

    const { exit, err } = await check('portal:\n  tls: {cert: cert.pem, key: key.pem}\n')

    assert.equal(exit, 78)
    assert.match(err, /sallyport\.yaml:2 {2}portal\.tls\.cert\n {4}.*is not the key of/)
    assert.match((await check('', {}, 'portal')).err, /--role portal {2}sdk\.client\.use/)
  })
})

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Someone at a terminal, or a pipe, with a folder for a configuration. */
function world({ isTTY = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'))
  folders.push(folder)
  const raw: boolean[] = []
  const input = Object.assign(new PassThrough(), { isTTY, raw, setRawMode: (on: boolean) => void raw.push(on) })
  const written: string[] = []
  let time = 0
  return {
    ...terminal({ input, output: { isTTY, write: (text) => written.push(text) }, now: () => time }),
    input,
    folder,
    shown: () => written.join(''),
    wait(ms: number) {
      time += ms
    },
    async check(yaml: string, env = {}, role: 'all' | 'portal' = 'all') {
      const file = join(folder, 'sallyport.yaml')
      writeFileSync(file, yaml)
      const [out, err]: [string[], string[]] = [[], []]
      const exit = await configCheck({
        sources: { file, env },
        role,
        clock: { now: () => noon },
        print: (line) => out.push(line),
        complain: (line) => err.push(line),
      })
      return { exit, out: out.join('\n'), err: err.join('\n') }
    },
  }
}
