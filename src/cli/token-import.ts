import type { Engine } from '../app/engine.ts'
import { printable } from '../config/mistake.ts'
import type { PskcKeys } from '../protocols/pskc.ts'
import type { ImportedToken } from '../protocols/token-file.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { type Progress, terminal } from './terminal.ts'
import { type KeyFiles, keysFrom, readTokens } from './token-file.ts'
import { problems } from './token-problems.ts'

type Api = Engine['api']
type NewToken = Parameters<Api['importTokens']>[1]['tokens'][number]
type Read = { line: number; token: NewToken }
type Wrong = { line: number; serial: string | undefined; why: string }
type Report = { imported: number; assigned: number; wrong: Wrong[]; notes: Wrong[] }

export type ImportOptions = KeyFiles & { dryRun?: boolean; partial?: boolean }

/** Taken in together, in one unit of work. */
const AT_ONCE = 200
/** Lines that are told one by one; nobody reads ten thousand. */
const MOST_TOLD = 100

/**
 * `sallyport token import FILE`: the file is read twice, first to find everything that is wrong with it. Only if nothing is,
 * or `--partial` says so, the second reading takes the tokens in, a batch at a time.
 */
export async function tokenImport(
  file: string,
  { keyFile, passphraseFile, dryRun = false, partial = false, ...installation }: ImportOptions & Installation,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const keys = await keysFrom({ keyFile, passphraseFile })
  return atHand(installation, env, async ({ engine: { api } }) => {
    const shown = terminal({ input: process.stdin, output: process.stderr }).progress()
    const found = await pass(api, { file, keys, dryRun: true, shown })
    tell(found)
    const stopped = found.wrong.length > 0 && !partial
    if (stopped) console.log(`Nothing was imported. Mend the file, or take the other ${found.imported} with --partial.`)
    else if (dryRun) console.log(`${counted(found)} would be imported.`)
    else console.log(`${counted(await pass(api, { file, keys, dryRun: false, shown }))} imported.`)
    return found.wrong.length > 0 ? 1 : 0
  })
}

function counted({ imported, assigned }: Report): string {
  const tokens = imported === 1 ? '1 token' : `${imported} tokens`
  return assigned === 0 ? tokens : `${tokens} (${assigned} of them to their owners)`
}

function tell({ wrong, notes }: Report): void {
  for (const { line, serial, why } of [...wrong, ...notes].slice(0, MOST_TOLD)) {
    console.error(printable(`line ${line}: ${serial === undefined ? '' : `${serial}: `}${why}.`))
  }
  const untold = wrong.length + notes.length - MOST_TOLD
  if (untold > 0) console.error(`and ${untold} more.`)
}

type Pass = { file: string; keys: PskcKeys; dryRun: boolean; shown: Progress }

async function pass(api: Api, { file, keys, dryRun, shown }: Pass): Promise<Report> {
  const report: Report = { imported: 0, assigned: 0, wrong: [], notes: [] }
  const seen = new Set<string>()
  let batch: Read[] = []
  const doing = dryRun ? 'checked' : 'imported'
  for await (const reading of readTokens(file, keys)) {
    if (!reading.ok) {
      report.wrong.push({ line: reading.line, serial: undefined, why: problems[reading.problem] })
      continue
    }
    const token = tokenOf(reading.token)
    const read = { line: reading.token.line, token }
    const name = JSON.stringify([token.serial, token.manufacturer])
    if (token.serial === '') wrongly(report, read, 'serial.missing')
    else if (seen.has(name)) wrongly(report, read, 'serial.twice')
    else batch.push(read)
    seen.add(name)
    if (batch.length < AT_ONCE) continue
    await take(api, report, batch, dryRun)
    batch = []
    shown.say(`${report.imported} tokens ${doing}`)
  }
  await take(api, report, batch, dryRun)
  return report
}

async function take(api: Api, report: Report, batch: Read[], dryRun: boolean): Promise<void> {
  if (batch.length === 0) return
  const answer = await api.importTokens(operator, { dryRun, tokens: batch.map(({ token }) => token) })
  if (!answer.ok) throw new Error(`importTokens: ${answer.refusal}`)
  const { imported, assigned, taken, unowned } = answer.value
  report.imported += imported
  report.assigned += assigned
  for (const [place, read] of batch.entries()) {
    const { serial, owner } = read.token
    if (taken.includes(place)) wrongly(report, read, 'serial.taken')
    else if (unowned.includes(place)) {
      report.notes.push({
        line: read.line,
        serial,
        why: `no user is called ${owner}; it will be nobody's until assigned`,
      })
    }
  }
}

function wrongly({ wrong }: Report, { line, token: { serial } }: Read, problem: keyof typeof problems): void {
  wrong.push({ line, serial: serial || undefined, why: problems[problem] })
}

/** Makers without serial numbers of their own put the key's name in their place (RFC 6030 section 4.1). */
function tokenOf(token: ImportedToken): NewToken {
  const { serial, keyId, manufacturer, model, owner, secret, algorithm, digits, startsAt, expiresAt } = token
  const common = {
    serial: serial ?? keyId ?? '',
    manufacturer: manufacturer ?? '',
    model,
    owner,
    secret: Buffer.from(secret).toString('hex'),
    algorithm,
    digits,
    startsAt: startsAt?.toISOString(),
    expiresAt: expiresAt?.toISOString(),
  }
  return token.kind === 'hotp'
    ? { ...common, kind: token.kind, counter: token.counter }
    : { ...common, kind: token.kind, period: token.period, drift: token.drift }
}
