import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { referencePages } from '../dev/reference/pages.ts'
import { isOption } from '../src/config/options.ts'
import { refusals } from '../src/contract/refusals.ts'
import { auditEvents } from '../src/core/audit/events.ts'
import { errors } from '../src/core/errors.ts'
import { type SettingName, settingsTable } from '../src/core/settings/settings.ts'
import { codeLines, root, sources } from './source.ts'

const LONGEST_README = 150
const documents = [...globSync('*.md', { cwd: root }), ...globSync('docs/**/*.md', { cwd: root })].sort()
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('the reference', () => {
  for (const [file, page] of Object.entries(referencePages)) {
    test(`${file} says what the code says`, () => {
      const path = join('docs', 'reference', file)
      assert.ok(existsSync(join(root, path)) && read(path) === page(), `${path} is stale: run "npm run docs"`)
    })
  }

  test('has no page that nothing makes, but for those written by hand', () => {
    const written = ['device-protocol.md']
    assert.deepEqual(
      readdirSync(join(root, 'docs', 'reference')).sort(),
      [...Object.keys(referencePages), ...written].sort(),
    )
  })
})

describe('what the reference names is used by the code', () => {
  used('error', errors, 'src/core/errors.ts')
  used('refusal', refusals, 'src/contract/refusals.ts')
  used('audit event', auditEvents, 'src/core/audit/events.ts')
  used('setting', settingsTable, 'src/core/settings/settings.ts')
})

describe('the documents', () => {
  test('link only to what is there', () => {
    const broken = documents.flatMap((from) =>
      linksOf(from).flatMap(({ to, path, anchor }) => {
        if (!existsSync(path)) return isPictureToCome(path) ? [] : [`${from}: ${to}`]
        return anchor === undefined || anchorsOf(path).has(anchor) ? [] : [`${from}: ${to} (no such heading)`]
      }),
    )
    assert.deepEqual(broken, [])
  })

  test('name only files and folders that are there', () => {
    const missing = documents.flatMap((from) => [
      ...pathsIn(from)
        .filter((path) => globSync(path, { cwd: root }).length === 0)
        .map((path) => `${from}: ${path}`),
    ])
    assert.deepEqual(missing, [])
  })

  test('give the defaults of settings as they are', () => {
    // "10 (`lock.budget`)", "15 minutes (`lock.minutes`)"
    const wrong = documents.flatMap((from) =>
      [...read(from).matchAll(/\b(\d+)( [a-z]+)? \(`([a-z_]+\.[a-z_]+)`\)/g)].flatMap(([text, number, , name]) => {
        if (isOption(name ?? '')) return []
        const standard = settingsTable[name as SettingName]?.standard
        return Number(number) === standard ? [] : [`${from}: ${text}; it is ${standard}`]
      }),
    )
    assert.deepEqual(wrong, [])
  })

  test('name the test of each invariant of ARCHITECTURE.md', () => {
    const section = /^## Invariants$([\s\S]*?)^## /m.exec(read('ARCHITECTURE.md'))?.[1] ?? ''
    const invariants = section.split(/^- /m).slice(1)
    assert.ok(invariants.length >= 10, 'they are found')
    assert.deepEqual(
      invariants.filter((text) => !/`test\/[^`]+\.test\.ts`/.test(text)),
      [],
    )
  })

  test(`keep the README under ${LONGEST_README} lines`, () => {
    assert.ok(read('README.md').trimEnd().split('\n').length < LONGEST_README)
  })
})

/** Each name of a table stands, in quotes, somewhere in the code beside its own row. */
function used(what: string, table: Readonly<Record<string, unknown>>, home: string): void {
  test(`every ${what}`, () => {
    const code = sources()
      .filter(({ path }) => path !== home)
      .flatMap((file) => codeLines(file).map((line) => line.code))
      .join('\n')
    assert.deepEqual(
      Object.keys(table).filter((name) => !code.includes(`'${name}'`) && !isMadeOfParts(code, name)),
      [],
    )
  })
}

/** As in `second-step.${judgement}`. */
function isMadeOfParts(code: string, name: string): boolean {
  const [head = '', tail = ''] = name.split('.')
  return code.includes(`\`${head}.\${`) && code.includes(`'${tail}'`)
}

function linksOf(from: string): { to: string; path: string; anchor: string | undefined }[] {
  return [...read(from).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = '']) => to)
    .filter((to) => !/^[a-z]+:/.test(to))
    .map((to) => {
      const [file, anchor] = to.split('#')
      return { to, anchor, path: file ? join(root, dirname(from), file) : join(root, from) }
    })
}

/** Pictures are made by a browser (`npm run pictures`); where one is, all must be. */
function isPictureToCome(path: string): boolean {
  return path.endsWith('.png') && !existsSync(dirname(path))
}

/** As forges make them: lower case, hyphens for spaces, without punctuation. */
function anchorsOf(path: string): Set<string> {
  const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** Paths of ours in backquotes; not those with a <part> to fill in. */
function pathsIn(from: string): string[] {
  const quoted = [...read(from).matchAll(/`((?:src|test|dev|bench|docs|\.ci)\/[^`\s<>]*)`/g)]
  return quoted.map(([, path = '']) => path)
}
