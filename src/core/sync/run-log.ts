import type { Finding, RunCounts } from '../../contract/operate-sync.ts'

export type RunBy = 'schedule' | 'operator'
export type SyncRun = {
  id: string
  by: RunBy
  whole: boolean
  beganAt: Date
  endedAt: Date | undefined
  outcome: 'done' | 'waiting' | 'failed' | undefined
  counts: RunCounts
  error: string | undefined
  /** What went wrong and where, in words. */
  detail: string | undefined
  /** What became of whom, as far as it is still kept. */
  findings: readonly Finding[]
}

export interface SyncRunLog {
  begin(run: Pick<SyncRun, 'id' | 'by' | 'whole' | 'beganAt' | 'counts'>): Promise<void>
  end(id: string, end: Pick<SyncRun, 'outcome' | 'counts' | 'error' | 'detail' | 'findings'>, now: Date): Promise<void>
  /** False once it was ended: by whoever took it for broken, too. */
  isOpen(id: string): Promise<boolean>
  /** Those that nobody works at any more, since their node died. Whoever asks holds the lease. */
  endBroken(now: Date): Promise<void>
  /** The newest first; `until`: of those that began by then. */
  newest(most: number, until?: Date): Promise<SyncRun[]>
  /** Deletes what began before then, at most so many. */
  forget(before: Date, most: number): Promise<void>
  /** Findings are kept of so many runs that had some. */
  forgetFindings(keep: number): Promise<void>
}

export const noCounts: RunCounts = {
  read: 0,
  added: 0,
  changed: 0,
  renamed: 0,
  moved: 0,
  enabled: 0,
  disabled: 0,
  removed: 0,
  waiting: 0,
  conflicts: 0,
  unusable: 0,
  untold: 0,
}
