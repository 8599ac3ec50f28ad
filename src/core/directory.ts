/** A person as a directory knows them. `uid` is the directory's immutable id (objectGUID, entryUUID), never the DN. */
export type DirectoryPerson = {
  uid: string
  username: string
  displayName?: string | undefined
  mail?: string | undefined
  phone?: string | undefined
}

/** `wrong` is one outcome for a wrong password, an unknown name and an empty password: a stranger learns nothing. */
export type PasswordCheck =
  | { outcome: 'right'; person: DirectoryPerson }
  | { outcome: 'wrong'; why: 'unknown' | 'password' | 'empty' | 'ambiguous' | 'disabled' }

/**
 * Who people are and whether they know their password. One sign-in attempt is one call, and at most one bind that the
 * directory can count as a failure. Throws AppError `directory.unreachable` or `directory.untrusted`.
 */
export interface Directory {
  checkPassword(username: string, password: string): Promise<PasswordCheck>
  close(): Promise<void>
}
