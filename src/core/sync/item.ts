import type { ItemRules } from '../../contract/operate-sync.ts'
import type { Scope } from './source.ts'

/** Whom an import takes, and what it makes of them. */
export type SyncItem = {
  id: string
  name: string
  scope: Scope
  rules: ItemRules
  /** Counts the changes of scope and rules. */
  revision: number
  /** When it was added, changed or put first. */
  changedAt: Date
  /** Where the last reading ended; undefined: everybody is to be read. */
  cursor: string | undefined
  readWholeAt: Date | undefined
  /** Ids in the directory of people with whom it is not done: a name was taken, or a removal waits. */
  again: readonly string[]
  /** Ids of people who were not taken, and are looked at again only once the directory has changed them. */
  setAside: readonly string[]
}

export type Progress = Pick<SyncItem, 'cursor' | 'readWholeAt' | 'again' | 'setAside'>

export interface SyncItemStore {
  /** In order of priority. */
  list(): Promise<SyncItem[]>
  findByName(name: string): Promise<SyncItem | undefined>
  /** Keeps all others from changing, adding to or removing what is there until the unit of work ends. */
  hold(): Promise<Pick<SyncItem, 'id' | 'revision'>[]>
  /** As the last one. False when there is one of that name. */
  insert(item: Pick<SyncItem, 'id' | 'name' | 'scope' | 'rules' | 'changedAt'>): Promise<boolean>
  /** Its progress is dropped. False when another has that name. */
  change(id: string, to: Pick<SyncItem, 'name' | 'scope' | 'rules' | 'changedAt'>): Promise<boolean>
  putFirst(id: string, changedAt: Date): Promise<void>
  remove(id: string): Promise<void>
  /** Only where the item is still the one that was read. */
  advance(item: Pick<SyncItem, 'id' | 'revision'>, to: Progress): Promise<void>
}

type Marks = readonly Pick<SyncItem, 'id' | 'revision'>[]

/** Whether these are the same items, with the scopes and rules that they had. */
export function isSameItems(now: Marks, before: Marks): boolean {
  const revisions = new Map(before.map(({ id, revision }) => [id, revision]))
  return now.length === before.length && now.every(({ id, revision }) => revisions.get(id) === revision)
}
