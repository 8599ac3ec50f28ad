import type { Finding, RunCounts } from '../../contract/operate-sync.ts'
import type { FirstMethod } from '../../contract/shapes.ts'
import { beginningOf, type Preset, saidOf } from './preset.ts'
import type { Loss } from './removals.ts'
import { noCounts } from './run-log.ts'
import type { Result } from './settle.ts'
import type { SourcePerson } from './source.ts'

/** What a run tells of people by name; the counts tell of all. */
const MOST_FINDINGS = 500

type Change = Extract<Result['plan'], { what: 'change' }>

/** What became of whom, so far. */
export type Tally = {
  counts: RunCounts
  findings: Finding[]
  /** Whose mail address changed, told of it or not. */
  mailChanges(): number
  person(result: Result): void
  losses(losses: readonly Loss[], what: 'done' | 'waiting'): void
}

/** `mailNotices`: so many are told that their mail address changed. */
export function newTally(mailNotices: number): Tally {
  const counts = { ...noCounts }
  let mailChanges = 0
  const findings: Finding[] = []
  const note = (what: Finding['what'], username: string, detail?: string) => {
    if (findings.length < MOST_FINDINGS) findings.push({ what, username, detail })
  }

  function person(result: Result): void {
    const { plan, did } = result
    const username = shownName(result.person)
    if (did === 'conflict') conflict(result)
    else if (plan.what === 'pass') pass(plan.why, username)
    else {
      for (const complaint of plan.complaints) note('unusable', username, complaint)
      counts.unusable += plan.complaints.length
      if (plan.what === 'add') {
        counts.added++
        const details = [saysBeginning(plan.enrols, plan.preset), plan.enabled ? undefined : 'disabled']
        note('added', username, details.filter(Boolean).join(', ') || undefined)
      }
      if (plan.what === 'change') change(plan, username)
    }
  }

  function conflict({ person, known, holder }: Result): void {
    const username = shownName(person)
    counts.conflicts++
    const whose = `another user's${holder?.enabled === false ? ', who is disabled; "sallyport user remove" frees it' : ''}`
    const taken = known ? `stays ${known.username}: the new name is ${whose}` : `the name is ${whose}`
    note('conflict', username, taken)
  }

  /** Nothing is missing where an account that is disabled was not added. */
  function pass(why: 'unusable' | 'disabled there', username: string): void {
    if (why === 'disabled there') return
    counts.unusable++
    note('unusable', username, 'no user name, or no id, that can be used')
  }

  function change({ moved, fields, enables, enrols, preset, otherMail }: Change, username: string): void {
    if (otherMail && ++mailChanges > mailNotices) counts.untold++
    if (moved) counts.moved++
    if (fields.includes('key')) counts.renamed++
    if (enables) {
      counts.enabled++
      note('enabled', username)
    }
    if (fields.length === 0 && !enrols && !preset) return
    counts.changed++
    const begins = enrols || preset ? [saysBeginning(enrols, preset) ?? 'chooses what to set up'] : []
    note('changed', username, [...fields.filter((field) => field !== 'key'), ...begins].join(', '))
  }

  function losses(all: readonly Loss[], what: 'done' | 'waiting'): void {
    for (const { fate, username, why } of all) {
      if (what === 'waiting') counts.waiting++
      else if (fate === 'remove') counts.removed++
      else counts.disabled++
      note(what === 'waiting' ? 'waiting' : fate === 'remove' ? 'removed' : 'disabled', username, why)
    }
  }

  return { counts, findings, mailChanges: () => mailChanges, person, losses }
}

/** Whoever has no name is told by the place in the directory. */
export function shownName({ username, dn }: Pick<SourcePerson, 'username' | 'dn'>): string {
  return (username || dn).slice(0, 256)
}

function saysBeginning(enrols: FirstMethod | undefined, preset: Preset | undefined): string | undefined {
  const begins = beginningOf(enrols, preset ?? { method: undefined, modes: {} })
  return begins && saidOf(begins)
}
