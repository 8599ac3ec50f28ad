import { printable } from '../config/mistake.ts'
import type { Output } from '../contract/contract.ts'
import type { Finding } from '../contract/operate-sync.ts'
import { errors } from '../core/errors.ts'
import { NOBODY } from './directory-items.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { told } from './told.ts'
import { Told } from './user.ts'

type Ran = Output<'synchronise'>
type Counts = Output<'listSyncRuns'>['runs'][number]['counts']

/** `sallyport directory sync`. */
export async function directorySync(
  { whole, dryRun, item, ...installation }: { whole?: boolean; dryRun?: boolean; item?: string } & Installation,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return atHand(installation, env, async ({ engine: { api } }) => {
    if (told(await api.listSyncItems(operator, {})).items.length === 0) console.log(NOBODY)
    const ran = told(await api.synchronise(operator, { whole, dryRun, item }))
    if (ran.outcome === 'busy')
      throw new Told(
        'Another node is synchronising now, or was stopped in the middle less than five minutes ago; `sallyport directory runs` shows it.',
      )
    return say(ran, dryRun === true)
  })
}

function say(ran: Exclude<Ran, { outcome: 'busy' }>, dryRun: boolean): number {
  for (const finding of ran.findings) console.log(lineOf(finding))
  if (dryRun) console.log('Nothing was changed. A run would come to:')
  console.log(countsLine(ran.counts))
  if (ran.counts.waiting > 0) {
    console.log('More would be disabled or removed than sync.removals allows at once, or everybody of an item.')
    if (!dryRun) console.log('They wait, and nothing was done to them: sallyport directory waiting')
  }
  if (ran.counts.untold > 0 && !dryRun)
    console.log(
      'Mail addresses changed of more people than sync.mail_notices: those who are untold heard nothing of it.',
    )
  if (ran.outcome !== 'failed') return 0
  console.error(printable(`It was not finished: ${whyFailed(ran)}`))
  return 1
}

function lineOf({ what, username, detail }: Finding): string {
  return printable(`${what.padEnd(10)}${username}${detail === undefined ? '' : `: ${detail}`}`)
}

/** What was read before the failure is kept, and nobody was taken away. */
function whyFailed({ error: code, detail }: { error?: string | undefined; detail?: string | undefined }): string {
  if (code === 'interrupted')
    return 'it was ended, another node has taken over, or an item or a list was changed meanwhile. The next run goes on.'
  const row = Object.entries(errors).find(([name]) => name === code)?.[1]
  if (!row) return `${code}`
  const kept =
    code === 'directory.missing'
      ? 'The people of that item stay as they are; the others were read.'
      : 'Nobody was disabled or removed.'
  return `${row.meaning} ${detail ? `(${detail}) ` : ''}${row.remedy} ${kept}`
}

/** `sallyport directory runs`. */
export async function directoryRuns(
  { most, details, ...installation }: { most?: number; details?: boolean } & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    const { runs } = told(await api.listSyncRuns(operator, { details, ...(most && { most }) }))
    if (runs.length === 0) console.log('There was no run yet: sallyport directory sync')
    for (const { beganAt, by, whole, outcome = 'goes on', counts, error, detail, findings } of runs) {
      const kind = `${by}${whole ? ', whole' : ''}`
      const said = error ? [error, detail].filter(Boolean).join(': ') : countsLine(counts)
      console.log(printable(`${beganAt.slice(0, 19)}Z  ${kind.padEnd(15)}  ${outcome.padEnd(8)}  ${said}`))
      for (const finding of findings ?? []) console.log(`    ${lineOf(finding)}`)
    }
  })
}

export function countsLine(counts: Counts): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return some.length === 0 ? 'nothing to do' : some.map(([what, count]) => `${count} ${what}`).join(', ')
}

/** `sallyport directory waiting`. */
export async function directoryWaiting(installation: Installation, env: NodeJS.ProcessEnv): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    const { list, state, madeAt, losses } = told(await api.readRemovals(operator, {}))
    if (list === undefined) return console.log('Nobody waits to be disabled or removed.')
    for (const { username, fate, why } of losses)
      console.log(
        printable(`${fate.padEnd(8)}${username}  (${why === 'gone' ? 'in no item any more' : 'disabled there'})`),
      )
    console.log(`List ${list}, of ${madeAt?.slice(0, 19)}Z: ${losses.length} users, ${state}.`)
    if (state !== 'waiting') return
    console.log(`If the directory is right:  sallyport directory approve ${list}`)
    console.log(`If they are to stay:        sallyport directory reject ${list}`)
  })
}

/** `sallyport directory approve LIST`: and synchronises, so that it is done at once. */
export async function directoryApprove(
  list: string,
  installation: Installation,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return atHand(installation, env, async ({ engine: { api } }) => {
    told(await api.approveRemovals(operator, { list }))
    const ran = told(await api.synchronise(operator, {}))
    if (ran.outcome !== 'busy') return say(ran, false)
    console.log('Approved. Another node is synchronising now; it is done by the run after that.')
    return 0
  })
}

/** `sallyport directory reject LIST`. */
export async function directoryReject(list: string, installation: Installation, env: NodeJS.ProcessEnv): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    told(await api.rejectRemovals(operator, { list }))
    console.log('Rejected: those on the list stay as they are.')
  })
}
