import { existsSync, globSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { root, startChecks } from './checks.ts'
import { addAddresses, removeAddresses } from './hosts/address.ts'
import { install, missing } from './hosts/packages.ts'
import { type PostgresHost, postgresPrograms, startPostgres } from './hosts/postgres.ts'
import { sambaIsInstalled } from './hosts/samba.ts'
import { longestFirst } from './test-order.ts'

type Counts = { passed: number; failed: number; skipped: number }

/** Each file is a process of its own. With three of them two cores wait a quarter of the time: for a browser, a database, a clock. */
const FILES_AT_ONCE = 4
const ONE_TEST_MAY_TAKE_MS = 120_000
/** A run is to stay under 15 minutes on two quiet cores; a busy machine takes longer. What hangs ends here, by name. */
const ALL_MAY_TAKE_MS = 30 * 60_000

const MEMORY = '/dev/shm'
const MEMORY_ENOUGH = 4 * 2 ** 30

const started = performance.now()
const filters = process.argv.slice(2)
const files = filesFor(filters)
const stopping = stoppedBySignal()

keepInMemory()
provideCounterparts()
const compiled = compileOnce()
const domain = oneDomain()
// Beside the tests, and told after them: three programs do not keep two cores busy to their end.
const checking = filters.length === 0 ? startChecks() : async () => ({ passed: 0, failed: 0, skipped: 0 })
if (sambaIsInstalled()) await addAddresses()
const postgres = await sharedPostgres()
const tests = await runTests(files, stopping).finally(() => postgres?.stop())
const checks = await checking()
if (sambaIsInstalled()) await removeAddresses()
for (const folder of [compiled, domain]) rmSync(folder, { recursive: true, force: true })

const passed = checks.passed + tests.passed
const failed = checks.failed + tests.failed
const skipped = checks.skipped + tests.skipped
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
const skipsCount = process.env.CI === 'true'
process.exitCode = failed > 0 || passed === 0 || stopping.aborted || (skipsCount && skipped > 0) ? 1 : 0

/** Files that were named, or all whose path has one of the words in it; no words, all files. */
function filesFor(words: readonly string[]): string[] {
  const all = globSync('test/**/*.test.ts', { cwd: root }).sort()
  const chosen = words.length === 0 ? all : all.filter((file) => words.some((word) => file.includes(word)))
  const idle = words.filter((word) => !all.some((file) => file.includes(word)))
  if (idle.length > 0) {
    console.error(`No test file has this in its path: ${idle.join(', ')}`)
    process.exit(64)
  }
  return longestFirst(chosen).map((file) => join(root, file))
}

/** Real counterparts, from Debian's packages. Where they cannot be installed their suites are skipped, and say so. */
function provideCounterparts(): void {
  const lacking = missing()
  if (lacking.length === 0) return
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.log(`Installing ${lacking.join(', ')}`)
    try {
      install(lacking)
    } catch (error) {
      console.log(`That did not work: ${error instanceof Error ? error.message : error}`)
    }
  }
  const still = missing()
  if (still.length > 0) {
    console.log(`Not installed, so the tests that need them are skipped: ${still.join(', ')}`)
    console.log(`To run them too: sudo apt-get install ${still.join(' ')}`)
  }
}

/**
 * Databases and profiles of browsers of the tests lie in memory, where there is plenty: a disk that is asked thousands of
 * times to write now is what the tests would wait for. What ends in them is a process, never the power.
 */
function keepInMemory(): void {
  if (process.env.TMPDIR !== undefined || !existsSync(MEMORY)) return
  const { bavail, bsize } = statfsSync(MEMORY)
  if (bavail * bsize >= MEMORY_ENOUGH) process.env.TMPDIR = MEMORY
}

/** Hundreds of processes read the same modules: half of what each costs to start is to strip and compile them once more. */
function compileOnce(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-compiled-'))
  process.env.NODE_COMPILE_CACHE = folder
  return folder
}

/** Each file has a domain of its own, a copy of one that the first of them makes. */
function oneDomain(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-domain-'))
  process.env.SALLYPORT_TEST_SAMBA = folder
  return folder
}

/** One cluster for the whole run; each test file makes databases of its own on it (`test/contracts/dialects.ts`). */
async function sharedPostgres(): Promise<PostgresHost | undefined> {
  if (!postgresPrograms()) return undefined
  const host = await startPostgres()
  process.env.SALLYPORT_TEST_POSTGRES = host.url
  return host
}

async function runTests(files: string[], signal: AbortSignal): Promise<Counts> {
  const events = run({ files, cwd: root, concurrency: FILES_AT_ONCE, timeout: ONE_TEST_MAY_TAKE_MS, signal })
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  events.on('test:summary', ({ file, counts: of }) => {
    // Each file has a summary too; the one without a file is of the whole run.
    if (file !== undefined) return
    counts.passed = of.passed
    counts.skipped = of.skipped + of.todo
    // What was cancelled, for it took too long or the run was stopped, has failed.
    counts.failed = of.tests - counts.passed - counts.skipped
  })
  const report = events.compose(spec)
  report.pipe(process.stdout, { end: false })
  await finished(report)
  return counts
}

/** An interrupted run still ends what it started, and says what it was at. */
function stoppedBySignal(): AbortSignal {
  const stop = new AbortController()
  const late = () => {
    const minutes = Math.round((performance.now() - started) / 60_000)
    console.error(`Stopped after ${minutes} minutes; what was running then is cancelled below.`)
    stop.abort()
  }
  setTimeout(late, ALL_MAY_TAKE_MS).unref()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
  return stop.signal
}
