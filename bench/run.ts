// `npm run bench`: what the product costs, beside a bare server (`bare.ts`) that does the same durable update in the same
// run. `-- --quick`: few requests, to see that it works. `-- --save`: also writes the table to bench/results/.
// `-- --only WORD`: the parts whose name has that word; serve is measured on the data of the user import.
// For a profile of each process: `npx node --cpu-prof --cpu-prof-dir=profiles bench/run.ts`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dropDatabase, freshDatabase, postgresPrograms, startPostgres } from '../dev/hosts/postgres.ts'
import { startChild } from './children.ts'
import { type Figure, tableOf } from './figures.ts'
import { importUsers } from './import.ts'
import { otpInProcess, otpOverHttp } from './otp.ts'
import type { Place } from './people.ts'
import { type Bench, COUNTERS } from './rounds.ts'
import { served } from './serve.ts'
import { synchronised } from './sync.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, save: { type: 'boolean' }, only: { type: 'string', default: '' } },
})
const size = values.quick ? { rounds: 1, each: 100, users: 200 } : { rounds: 3, each: 1_600, users: 10_000 }

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
const facts = machine()
console.log(`${facts}\n`)
try {
  const table = tableOf(await measureAll())
  console.log(`\n${table}`)
  if (values.save) save(`# Benchmark\n\n${facts}\n\n${table}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measureAll(): Promise<Figure[]> {
  const began = performance.now()
  const bare = await startChild<string>('bare.ts', folder, String(COUNTERS))
  const bareStart = (performance.now() - began) / 1_000
  const generator = await startChild('load.ts')
  const bench: Bench = { bare, bareStart, generator, connections: 50, rounds: size.rounds, each: size.each }
  const figures: Figure[] = []
  const measure = async (what: string, subject: () => Promise<Figure[]>) => {
    if (!what.includes(values.only)) return
    const began = performance.now()
    figures.push(...(await subject()))
    console.log(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  }
  try {
    const users = size.users
    await measure('OTP in process, SQLite', () => otpInProcess(bench, 'SQLite', { folder: join(folder, 'sqlite') }))
    const fewer = { ...bench, each: bench.each / 4 }
    await measure('OTP in process, PostgreSQL', () => onPostgres((place) => otpInProcess(fewer, 'PostgreSQL', place)))
    await measure('OTP over HTTP', () => otpOverHttp(bench, { folder: join(folder, 'http') }))
    await measure('user import', () => importUsers(bench, folder, users))
    await measure('synchronisation, SQLite', () =>
      synchronised(bench, 'SQLite', { folder: join(folder, 'synchronised') }, users),
    )
    await measure('synchronisation, PostgreSQL', () =>
      onPostgres((place) => synchronised(bench, 'PostgreSQL', place, users)),
    )
    await measure('serve: OTP over HTTPS, sign-in page', () => served(bench, join(folder, 'data'), users))
  } finally {
    await bare.stop()
    await generator.stop()
  }
  return figures
}

/** In a database made for this, on the server that SALLYPORT_BENCH_POSTGRES names or on one started here. */
async function onPostgres(measure: (place: Place) => Promise<Figure[]>): Promise<Figure[]> {
  const given = process.env.SALLYPORT_BENCH_POSTGRES
  if (!given && !postgresPrograms()) {
    console.log('PostgreSQL is not installed, and SALLYPORT_BENCH_POSTGRES names no server: left out')
    return []
  }
  const host = given ? undefined : await startPostgres()
  const databaseUrl = await freshDatabase(given ?? host?.url ?? '')
  try {
    return await measure({ folder: mkdtempSync(join(folder, 'postgres-')), databaseUrl })
  } finally {
    await dropDatabase(databaseUrl)
    await host?.stop()
  }
}

function machine(): string {
  const date = new Date().toISOString().slice(0, 10)
  const model = cpus()[0]?.model ?? 'unknown processor'
  const load = loadavg()[0]?.toFixed(1)
  return `${date}, Node ${process.version}, ${availableParallelism()} cores (${model}), load at the start ${load}`
}

function save(text: string): void {
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const file = join(results, `${new Date().toISOString().slice(0, 10)}.md`)
  writeFileSync(file, text)
  console.log(`\nWritten to ${file}`)
}
