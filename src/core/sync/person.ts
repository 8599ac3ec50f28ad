import type { FirstMethod } from '../../contract/shapes.ts'
import type { Modes } from '../policy/modes.ts'
import type { DirectoryKind } from '../users/user.ts'
import type { Preset } from './preset.ts'

/** What an import brings of a person. */
export type Profile = {
  username: string
  key: string
  firstName: string | undefined
  lastName: string | undefined
  displayName: string | undefined
  mail: string | undefined
  description: string | undefined
  group: string | undefined
  language: string | undefined
  /** Undefined: as the person's own. */
  callLanguage: string | undefined
  textLanguage: string | undefined
  appLanguage: string | undefined
  oathLanguage: string | undefined
  phone: string | undefined
  phoneExtension: string | undefined
  backupPhone: string | undefined
  backupExtension: string | undefined
}

/** `disabled there`: by the directory. `gone`: in no item any more. */
export type LossReason = 'disabled there' | 'gone'

/** A user as a synchronisation sees them. */
export type Known = Profile & {
  id: string
  uid: string | undefined
  directory: DirectoryKind
  item: string | undefined
  enabled: boolean
  /** Where a synchronisation has disabled them; somebody whom an operator has disabled stays so. */
  disabledWhy: LossReason | undefined
  method: FirstMethod | undefined
  /** As an item has it last, until the person had a second step. */
  preset: Preset
  modes: Partial<Modes>
}

/** Whom a synchronisation adds. */
export type Newcomer = Profile & {
  id: string
  directory: DirectoryKind
  uid: string
  item: string
  method: FirstMethod | undefined
  preset: Preset
  enabled: boolean
}

/** Users, for imports. */
export interface SyncPeople {
  /** Those of a directory who have an id there, in the order of these ids; `after` one of them. */
  page(directory: DirectoryKind, after: string, most: number): Promise<Known[]>
  /** Keeps all others from changing it until the unit of work ends. */
  hold(id: string): Promise<Known | undefined>
  findByKey(key: string): Promise<Known | undefined>
  findByUid(directory: DirectoryKind, uid: string): Promise<Known | undefined>
  /** False when the name, or the id, is taken. */
  insert(newcomer: Newcomer, now: Date): Promise<boolean>
  /** False when the name is another user's. */
  update(id: string, profile: Profile & { item: string }): Promise<boolean>
  /** What User Setup asks for first, and how the person answers. Nothing, for somebody who has a second step. */
  setPreset(id: string, preset: Preset, modes: Partial<Modes>): Promise<void>
  /** Ties a user who was added by name to the directory, once; and whoever came by RADIUS, which has no ids. */
  bind(id: string, directory: DirectoryKind, uid: string): Promise<boolean>
  /** Frees the names of people who take each other's; each gets one in the same unit of work. */
  park(id: string): Promise<void>
  /** True when the user was enabled until then. */
  disable(id: string, why: LossReason, now: Date): Promise<boolean>
  enable(id: string): Promise<void>
  countOf(item: string): Promise<number>
  /** No synchronisation changes them any more. Returns how many, at most `most`. */
  release(item: string, most: number): Promise<number>
}
