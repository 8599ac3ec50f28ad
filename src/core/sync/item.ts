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
  /** As the last one. False when there is one of that name. */
  insert(item: Pick<SyncItem, 'id' | 'name' | 'scope' | 'rules'>): Promise<boolean>
  /** Its progress is dropped. False when another has that name. */
  change(id: string, to: Pick<SyncItem, 'name' | 'scope' | 'rules'>): Promise<boolean>
  putFirst(id: string): Promise<void>
  remove(id: string): Promise<void>
  /** Only where the item is still the one that was read. */
  advance(item: Pick<SyncItem, 'id' | 'revision'>, to: Progress): Promise<void>
}
