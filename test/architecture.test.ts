import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { roomCycles, roomOf, trespasses } from './import-map.ts'
import { codeLines, type Source, sources } from './source.ts'

const LONGEST_FILE = 250
/** One table each, looked things up in rather than read: they are as long as the product is wide. */
const TABLES = /^src\/i18n\/[a-z]{2}\.ts$/
const DRAWERS = /(^|\/)(utils?|helpers?|common|misc|lib|shared)(\.ts)?(\/|$)/

const files = sources()

describe('the rooms of src', () => {
  test('import only what the map allows', () => {
    assert.deepEqual(trespasses(files), [])
  })

  test('do not import each other in a circle', () => {
    assert.deepEqual(roomCycles(files), [])
  })

  test('have no drawers', () => {
    assert.deepEqual(
      files.map(({ path }) => path).filter((path) => DRAWERS.test(path)),
      [],
    )
  })

  test(`have no file over ${LONGEST_FILE} lines`, () => {
    const long = files.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    assert.deepEqual(
      long
        .filter(({ path, lines }) => lines > LONGEST_FILE && !TABLES.test(path))
        .map(({ path, lines }) => `${path}: ${lines} lines`),
      [],
    )
  })
})

describe('only in its place is', () => {
  only('the end of the process', /\bprocess\.(exit|exitCode|kill|abort)\b/, ['main', 'cli'])
  only('the environment', /\bprocess\.env\b|\benv\b.*\} = process\b/, ['config', 'main', 'cli'])
  only('the process, taken apart or by another name', /\} = process\b|\bnode:process\b|= process$/, ['main', 'cli'])
  only('the time', /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)/, ['system'])
  only('a secret laid open', /\.reveal\(\)/, ['outbound', 'config', 'app', 'storage'])
  only('the console', /\bconsole\.\w/, ['cli', 'main'])
  only('text that becomes SQL', /\bsql`|\bSELECT .* FROM\b/, ['storage'])
  only('markup that was not escaped', /\braw\(|\.unsafe\b|\binnerHTML\b/, ['inbound/web'])

  test('chance: nowhere Math.random, and in the core only what comes in as an argument', () => {
    const strong = linesWith(/\brandom(UUID|Int|Bytes|FillSync)\b|\bgetRandomValues\b/)
    assert.deepEqual(linesWith(/\bMath\.random\b/), [])
    assert.deepEqual(
      strong.filter((line) => isIn(line, 'core')),
      [],
    )
    assert.ok(strong.some((line) => isIn(line, 'system')))
  })

  test('a connection whose certificate is judged by us and not by Node', () => {
    const found = linesWith(/rejectUnauthorized:(?!\s*true\b)|NODE_TLS_REJECT|checkServerIdentity/)
    // There the fingerprint that the operator gave is compared, before anything is said.
    assert.deepEqual(
      found.filter((line) => !line.startsWith('src/outbound/sdk-client/')),
      [],
    )
    assert.ok(new Set(found.map((line) => line.split(':')[0])).size <= 1, found.join('\n'))
  })
})

describe('the checks themselves', () => {
  test('report a door that imports another door, with its line', () => {
    const door: Source = { path: 'src/inbound/portal/fake.ts', text: "\nimport { a } from '../sdk/json.ts'\n" }
    assert.deepEqual(trespasses([door]), [
      'src/inbound/portal/fake.ts:2 imports src/inbound/sdk/json.ts, which inbound/portal may not',
    ])
  })

  test('report a door that reaches into the core, by a type, a re-export, an import() or over several lines', () => {
    for (const text of [
      "import type { User } from '../../core/users/user.ts'",
      "export * from '../../core/users/user.ts'",
      "const user = await import('../../core/users/user.ts')",
      "import '../../core/users/user.ts'",
      "import {\n  a,\n} from '../../core/users/user.ts'",
    ]) {
      assert.equal(trespasses([{ path: 'src/inbound/portal/fake.ts', text }]).length, 1, text)
    }
  })

  test('report a package that a room has no use for, and a room that nobody drew', () => {
    assert.equal(trespasses([{ path: 'src/core/fake.ts', text: "import { Hono } from 'hono'" }]).length, 1)
    assert.equal(trespasses([{ path: 'src/core/fake.ts', text: "import { get } from 'node:http'" }]).length, 1)
    assert.equal(trespasses([{ path: 'src/attic/fake.ts', text: "import { z } from 'zod'" }]).length, 1)
  })

  test('let a room import itself and what lies below it, and read no imports in comments', () => {
    const text = "import { a } from './b.ts'\nimport { z } from 'zod'\n// from '../storage/sqlite.ts'\n/* from 'pg' */"
    assert.deepEqual(trespasses([{ path: 'src/core/fake.ts', text }]), [])
  })

  test('report rooms that import each other in a circle', () => {
    const circle: Source[] = [
      { path: 'src/core/a.ts', text: "import { b } from '../storage/b.ts'" },
      { path: 'src/storage/b.ts', text: "import { c } from '../outbound/c.ts'" },
      { path: 'src/outbound/c.ts', text: "import { a } from '../core/a.ts'" },
    ]
    assert.ok(roomCycles(circle).includes('core -> storage -> outbound -> core'))
  })
})

/** Its trace is found in code of these rooms, and in no other. */
function only(what: string, trace: RegExp, rooms: readonly string[]): void {
  test(`${what}: ${rooms.join(', ')}`, () => {
    const found = linesWith(trace)
    assert.ok(found.length > 0, 'it is found in its place')
    assert.deepEqual(
      found.filter((line) => !rooms.some((room) => isIn(line, room))),
      [],
    )
  })
}

function isIn(line: string, room: string): boolean {
  const inRoom = roomOf(line.split(':')[0] ?? '')
  return inRoom === room || inRoom.startsWith(`${room}/`)
}

function linesWith(trace: RegExp): string[] {
  return files.flatMap((file) =>
    codeLines(file).flatMap(({ number, code }) => (trace.test(code) ? [`${file.path}:${number}: ${code.trim()}`] : [])),
  )
}
