import type { LanguagesApart, Speaking } from '../../contract/languages.ts'
import type { FirstMethod } from '../../contract/shapes.ts'
import type { DirectoryPerson } from '../directory.ts'
import type { ModedMethod, Modes } from '../policy/modes.ts'

/** A person as Sallyport knows them. A number on the account has been proven, by a text or by the operator. */
export type User = {
  id: string
  /** Which directory knows the password. */
  directory: DirectoryKind
  /** The directory's immutable id; undefined until the first sign-in of somebody who was imported by name. */
  directoryUid: string | undefined
  username: string
  /** The canonical name, unique (`usernameKey`). */
  key: string
  displayName: string | undefined
  mail: string | undefined
  /** An item of the synchronisation keeps name and details, by its own rules. */
  synchronised: boolean
  /** Of pages and mails, and of all that has none apart. */
  language: string | undefined
  languages: LanguagesApart
  enabled: boolean
  /** What is asked first; undefined until the person has enrolled. */
  method: FirstMethod | undefined
  /** What an import has set for them: what User Setup asks for first, and all that it asks for where nobody may select. */
  preset: FirstMethod | undefined
  /** Where they differ from the settings. */
  modes: Partial<Modes>
  /** E.164. */
  phone: string | undefined
  /** Digits, dialled after the answer. */
  phoneExtension: string | undefined
  /** Called when the phone is not answered. */
  backupPhone: string | undefined
  backupExtension: string | undefined
  /** Wrong second-step answers since the last right one, over all methods and doors. */
  failures: number
  lockedUntil: Date | undefined
  /** After a report of fraud; counts as disabled. */
  blockedUntil: Date | undefined
}

type SetLater =
  | 'enabled'
  | 'synchronised'
  | 'failures'
  | 'lockedUntil'
  | 'blockedUntil'
  | 'phoneExtension'
  | 'backupPhone'
  | 'backupExtension'
  | 'modes'

export type DirectoryKind = 'local' | 'ldap' | 'windows' | 'radius'

export type NewUser = Omit<User, SetLater> & {
  passwordHash: string | undefined
  createdAt: Date
}

/** `tries` wrong answers in a row lock for `lockMs`; `budget` in all lock until an administrator opens. */
export type AnswerLimits = { tries: number; lockMs: number; budget: number }

export interface UserStore {
  find(id: string): Promise<User | undefined>
  /** Finds the user and keeps all others from changing it until the unit of work ends: who decides from it is alone. */
  hold(id: string): Promise<User | undefined>
  findByKey(key: string): Promise<User | undefined>
  findByDirectoryUid(directory: DirectoryKind, uid: string): Promise<User | undefined>
  /** Whose names are alike (`likenessOf`): of several nobody is meant. At most so many. */
  alike(likeness: string, most: number): Promise<User[]>
  /** False when the name, or the directory's id, is taken. */
  insert(user: NewUser): Promise<boolean>
  /** True for exactly one caller, and only while the user had no directory id. */
  bindToDirectory(id: string, directory: DirectoryKind, uid: string): Promise<boolean>
  /** The directory's newest word on names; the id stays. False when the new name is another user's. */
  refresh(
    id: string,
    names: { username: string; key: string; displayName: string | undefined; mail: string | undefined },
  ): Promise<boolean>
  /**
   * Counts one answer as wrong before it is looked at, so that parallel guesses cannot share one try.
   * Undefined when the second step is locked.
   */
  spendAnswer(id: string, limits: AnswerLimits, now: Date): Promise<User | undefined>
  /** Takes the answer just spent back, and the lock that it brought; only within the unit of work that spent it. */
  returnAnswer(id: string, limits: AnswerLimits): Promise<void>
  /** The answer was right after all: the count starts anew. */
  clearFailures(id: string, now: Date): Promise<void>
  setPhone(id: string, phone: string, extension?: string): Promise<void>
  setBackupPhone(id: string, phone: string | undefined, extension?: string): Promise<void>
  block(id: string, until: Date): Promise<void>
  unblock(id: string): Promise<void>
  /** By the operator, whatever a synchronisation has done before. False when that was so already. */
  disable(id: string, now: Date): Promise<boolean>
  enable(id: string): Promise<boolean>
  /** With all that is kept of them. */
  remove(id: string): Promise<void>
  setMethod(id: string, method: FirstMethod): Promise<void>
  /** Undefined: as the settings say. */
  setMode<M extends ModedMethod>(id: string, method: M, mode: Modes[M] | undefined): Promise<void>
  setLanguage(id: string, language: string): Promise<void>
  /** Undefined: as the person's own. */
  setLanguageOf(id: string, what: Speaking, language: string | undefined): Promise<void>
  /** Sets the first method. True for exactly one caller. */
  enrol(id: string, method: FirstMethod, now: Date): Promise<boolean>
  setPasswordHash(id: string, hash: string): Promise<void>
}

/** Where local passwords are looked up. The person's `uid` is the user's own id: local users have no other directory. */
export interface LocalPasswords {
  find(key: string): Promise<{ person: DirectoryPerson; hash: string | undefined } | undefined>
}

/** Whether this person may sign in at all. */
export function isAllowed({ enabled, blockedUntil }: User, now: Date): boolean {
  return enabled && (blockedUntil === undefined || blockedUntil <= now)
}

export function nameOf(user: User): string {
  return user.displayName ?? user.username
}

/**
 * One key for all spellings of a name: `alice`, `ALICE`, ` alice ` and decomposed letters are one user and one counter,
 * and so are what directories take for alike (RFC 4518): runs of spaces, and characters that do not show.
 * Undefined for what cannot be a name.
 */
export function usernameKey(typed: string): string | undefined {
  return plainName(typed)?.toLowerCase()
}

/** A name as its key has it, but for capitals: what is asked elsewhere is then asked of whom the key stands for. */
export function plainName(typed: string): string | undefined {
  if (!typed.isWellFormed()) return undefined
  const shown = typed.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  const name = shown.replace(/ +/g, ' ').trim()
  return name === '' || name.toLowerCase().length > 256 || /\p{Cc}/u.test(name) ? undefined : name
}
