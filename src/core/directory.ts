/**
 * A person as a directory knows them. `uid` is the directory's immutable id (objectGUID, entryUUID), never the DN; undefined
 * where it has none to give (RADIUS): the name is then all that there is to know somebody by.
 */
export type DirectoryPerson = {
  uid: string | undefined
  username: string
  displayName?: string | undefined
  mail?: string | undefined
  phone?: string | undefined
}

/**
 * Why nobody was let in, for the audit. From `account-expired` on the password may have been right: what of it is told
 * to the person is decided where the answer is made, and never by a directory.
 */
export type WrongWhy =
  | 'unknown'
  | 'password'
  | 'empty'
  /** What the directory had asked back was answered wrongly. */
  | 'reply'
  | 'ambiguous'
  | 'locked'
  | 'disabled'
  | 'account-expired'
  | 'hours'
  /** Right, and of no use before it is changed. */
  | 'expired'
  | 'reset'
  | 'workstation'
  /** By a rule of the directory that it does not name. */
  | 'restricted'
  | 'no-dial-in'

/** What keeps an account out whatever its password. `unknown`: there is none any more. `locked`: by wrong passwords. */
export type Bar = Extract<WrongWhy, 'unknown' | 'ambiguous' | 'disabled' | 'account-expired' | 'hours' | 'locked'>

/** `wrong` is one outcome for a wrong password, an unknown name and an empty password: a stranger learns nothing. */
export type PasswordCheck =
  | { outcome: 'right'; person: DirectoryPerson }
  /**
   * `whom`: whose name that is, for the audit alone. `person`: the same, where the directory has said so much that the
   * password was right.
   */
  | { outcome: 'wrong'; why: WrongWhy; whom?: DirectoryPerson | undefined; person?: DirectoryPerson | undefined }
  /** The password was right, and opens nothing before it was changed. */
  | { outcome: 'must-change'; why: 'expired' | 'reset'; person: DirectoryPerson }
  | { outcome: 'challenged'; challenge: DirectoryChallenge }

/**
 * What a directory asks back (RFC 2865 section 4.4). `message` is theirs; `state` is kept as it is and given back once.
 * `echo`: the reply may be seen while it is typed. `seconds`: for so long the directory waits, where it says so.
 */
export type DirectoryChallenge = { message: string; echo: boolean; seconds?: number | undefined; state: Uint8Array }

/** Who asks, beside name and password. */
export type Attempt = { address?: string | undefined }

export type PasswordChange =
  | { outcome: 'changed' }
  | { outcome: 'wrong'; why: WrongWhy }
  /** `rules`: too short, too simple, used before, or too soon after the last change: servers do not tell which. */
  | { outcome: 'refused'; why: 'rules' | 'not-allowed' }

/**
 * Who people are and whether they know their password. One sign-in attempt is one call, and at most one bind that the
 * directory can count as a failure. Throws AppError `directory.unreachable` or `directory.untrusted`.
 */
export interface Directory {
  /**
   * One spelling for the ways to write a name that need no asking (`CORP\ann`, `ann@corp.example`, `ann`), so that they
   * share one count of tries. Without it names are taken as they are.
   */
  spellingOf?(username: string): string
  checkPassword(username: string, password: string, attempt?: Attempt): Promise<PasswordCheck>
  /** The reply to what it asked back. A directory without it never asks. */
  answerChallenge?(state: Uint8Array, reply: string, attempt?: Attempt): Promise<PasswordCheck>
  /** A person's own change, by the password that they have. A directory without it, or told not to, changes none. */
  changePassword?(username: string, old: string, chosen: string, attempt?: Attempt): Promise<PasswordChange>
  /** Whom somebody else has already proven (Kerberos at a proxy). Undefined: nobody, or one who may not sign in. */
  findPerson?(username: string): Promise<DirectoryPerson | undefined>
  /** Why that account would not be let in now, by one search. Undefined: nothing is against it. */
  barred?(uid: string): Promise<Bar | undefined>
  /** Whether the person is in the group, or in a group in it. The group by its DN or by its name. */
  inGroup?(uid: string, group: string): Promise<boolean>
  close(): Promise<void>
}
