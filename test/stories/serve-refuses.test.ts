import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { configuration, temporaryFolder, verb } from './program.ts'

const plain = { portal: { listen: '127.0.0.1:0' }, health: { listen: 'off' }, log: { format: 'json', level: 'warn' } }
/** A data folder with a user in it. */
const used = temporaryFolder()
const made = await verb(['user', 'add', 'bob', '--generate', '--config', configuration(used, 'data', plain)])
assert.equal(made.exit, 0, made.said)

type Spoil = (folder: string) => void | Promise<void>
const rows: [what: string, exit: number, says: RegExp, spoil: Spoil, options?: object][] = [
  [
    'a newer program had the database',
    65,
    /made by a newer Sallyport.*Start the newer program.*\[database\.newer\]/,
    (folder) => {
      const database = new DatabaseSync(join(folder, 'sallyport.db'))
      database.exec("INSERT INTO migration VALUES (9999, 'from-the-future', 0)")
      database.close()
    },
  ],
  [
    'the master key is gone',
    78,
    /the master key is not there.*Put master\.key back.*\[key\.missing\]/,
    (folder) => rmSync(join(folder, 'master.key')),
  ],
  [
    'the master key is of another installation',
    78,
    /does not open the secrets of this database.*\[key\.wrong\]/,
    (folder) => writeFileSync(join(folder, 'master.key'), randomBytes(32).toString('base64')),
  ],
  [
    'the master key is not a key',
    78,
    /\[key\.wrong\]/,
    (folder) => writeFileSync(join(folder, 'master.key'), 'canary-of-a-key'),
  ],
  [
    'others can read the master key',
    78,
    /can be read by other accounts.*chmod 600.*\[key\.exposed\]/,
    (folder) => chmodSync(join(folder, 'master.key'), 0o644),
  ],
  [
    'the database is no database',
    73,
    /file is not a database.*\[database\.unwritable\]/,
    (folder) => {
      for (const file of ['sallyport.db', 'sallyport.db-wal', 'sallyport.db-shm'])
        rmSync(join(folder, file), { force: true })
      writeFileSync(join(folder, 'sallyport.db'), 'not a database, '.repeat(1_000))
    },
  ],
  [
    'the data folder is a file',
    73,
    /cannot be written.*--data.*\[database\.unwritable\]/,
    (folder) => {
      rmSync(folder, { recursive: true })
      writeFileSync(folder, 'a file')
    },
  ],
  [
    'the key of the certificate is spoilt',
    78,
    /\[tls\.wrong\]/,
    (folder) => writeFileSync(join(folder, 'tls.key'), 'canary-of-a-key'),
  ],
  [
    'the address is not of this machine',
    77,
    /does not let us listen there\. \(192\.0\.2\.1:8443\).*\[port\.refused\]/,
    () => {},
    { ...plain, portal: { listen: '192.0.2.1:8443' } },
  ],
]

describe('serve says in one line why it cannot, with an exit code of its own', { timeout: 600_000 }, () => {
  for (const [what, exit, says, spoil, options = plain] of rows) {
    test(`${what}: ${exit}`, async () => {
      const folder = temporaryFolder()
      cpSync(join(used, 'data'), join(folder, 'data'), { recursive: true })
      await spoil(join(folder, 'data'))
      const config = configuration(folder, 'data', options)

      const ended = await verb(['serve', '--config', config])

      assert.equal(ended.exit, exit, ended.said)
      assert.match(ended.said, says)
      assertOneLine(ended.said)
    })
  }

  test('another program has the port: 69', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    after(() => other.close())
    const { port } = other.address() as AddressInfo
    for (const [door, options] of [
      ['portal', { ...plain, portal: { listen: `127.0.0.1:${port}` } }],
      ['sdk', { ...plain, sdk: { listen: `127.0.0.1:${port}` } }],
      ['health', { ...plain, health: { listen: `127.0.0.1:${port}` } }],
    ] as const) {
      const folder = temporaryFolder()
      cpSync(join(used, 'data'), join(folder, 'data'), { recursive: true })
      const ended = await verb(['serve', '--config', configuration(folder, 'data', options)])
      assert.equal(ended.exit, 69, `${door}: ${ended.said}`)
      assert.match(ended.said, new RegExp(`listens on that port. \\(127\\.0\\.0\\.1:${port}\\).*\\[port\\.taken\\]`))
      assertOneLine(ended.said)
    }
  })

  test('the configuration has mistakes: all are told with their lines, and nothing is made: 78', async () => {
    const folder = temporaryFolder()
    const config = configuration(folder, 'data', {
      portal: { listen: 'everywhere', pth: '/x/' },
      log: { level: 'loud' },
      sms: { providers: 'pigeon' },
      settings: { company: { name: '' }, nothing: 1 },
    })
    const ended = await verb(['serve', '--config', config], { env: { SALLYPORT_MASTER_KEY: 'canary-of-a-key' } })
    assert.equal(ended.exit, 78, ended.said)
    for (const [line, what] of [
      [3, 'portal.listen'],
      [4, 'portal.pth'],
      [6, 'log.level'],
      [8, 'sms.providers'],
      [11, 'settings.company.name'],
      [12, 'settings.nothing'],
    ] as const) {
      assert.match(ended.said, new RegExp(`data\\.yaml:${line} +${what.replaceAll('.', '\\.')}`))
    }
    assert.doesNotMatch(ended.said, /canary|at .*\.ts/)
  })
})

/** Nothing but what the operator can act on: warnings of the log aside, one line, without a trace and without a secret. */
function assertOneLine(said: string): void {
  const lines = said.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  assert.equal(lines.length, 1, said)
  assert.match(lines[0] ?? '', /^sallyport: /)
  assert.doesNotMatch(said, /canary|\s+at .*\.ts|this is a defect/)
}
