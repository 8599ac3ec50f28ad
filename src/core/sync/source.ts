import type { LanguagesApart } from '../../contract/languages.ts'

/** Which people one item takes. DN and filter are the operator's text (RFC 4514, RFC 4515), never a stranger's. */
export type Scope = {
  base: string
  /** Members of this group, by its DN; members of groups in it too. */
  group?: string | undefined
  filter?: string | undefined
}

export const phoneAttributes = ['business', 'mobile', 'home', 'pager', 'fax', 'ip', 'custom'] as const
export type PhoneAttribute = (typeof phoneAttributes)[number]

/** A person as an import sees them: the directory's own text, not judged yet. */
export type SourcePerson = {
  /** The same id that a sign-in through this directory gives (`DirectoryPerson.uid`). */
  uid: string
  dn: string
  /** Empty where the entry has none that can be read. */
  username: string
  /** False where the directory itself has disabled the account (userAccountControl, nsAccountLock). */
  enabled: boolean
  firstName?: string | undefined
  lastName?: string | undefined
  displayName?: string | undefined
  mail?: string | undefined
  description?: string | undefined
  group?: string | undefined
  language?: string | undefined
  languages?: LanguagesApart | undefined
  /** An attribute may have several values. */
  phones: Readonly<Partial<Record<PhoneAttribute, readonly string[]>>>
  extension?: string | undefined
}

/** Where a reading ended; the next one of the same scope may go on from there. Opaque to the engine. */
export type Cursor = string

export type Reading = {
  /** The ids of all who are in the scope now. Whoever is known and not here is gone: incremental readings list them too. */
  present: ReadonlySet<string>
  /** True when every person of the scope was handed over; false when only those who changed since the cursor. */
  whole: boolean
  /** None: it cannot be gone on from, and the next reading has to be whole. */
  cursor?: Cursor | undefined
}

export interface PeopleSource {
  /**
   * Hands over people page by page, now and then a page with nobody, and waits for each page to be taken. Changes nobody's
   * record in the directory.
   * Throws AppError `directory.missing` where what the scope names is not there, and `directory.unreachable` or
   * `directory.untrusted` where it could not read to the end: then nothing
   * that it gave says anything of who is missing.
   */
  read(
    scope: Scope,
    since: Cursor | undefined,
    take: (page: readonly SourcePerson[]) => Promise<void>,
  ): Promise<Reading>
  /** Whether the directory has what the scope names. Throws where it did not answer. */
  has(scope: Scope): Promise<boolean>
  /**
   * By their ids: for those who are present but neither changed nor known (a group took them in). `base`: that of the scope
   * in which they are, which may be outside of where the directory's people usually are.
   */
  fetch(uids: readonly string[], base?: string): Promise<SourcePerson[]>
  /** Containers or groups whose name has the text in it, at most `most`, for choosing a scope. */
  find(kind: 'container' | 'group', text: string, most: number): Promise<{ dn: string; name: string }[]>
  close(): Promise<void>
}
