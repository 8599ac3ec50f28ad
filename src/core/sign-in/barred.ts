import type { Bar, Directory } from '../directory.ts'
import type { DirectoryKind, User } from '../users/user.ts'

type Needs = { directory: Pick<Directory, 'barred'>; kind: DirectoryKind }

export type BarredThere = (user: User) => Promise<Bar | undefined>

/**
 * Asked of whoever signs in without a password, which would have brought the directory's word with it. A directory that does
 * not answer lets nobody in, as with passwords: who was dismissed this morning must not get in by an outage.
 *
 * What is wrong with the password alone keeps nobody out who does not use it: that it is expired or must be changed, and
 * that it was guessed at too often, which any stranger brings about and some servers keep written after the lock has run out.
 */
export function barredThere({ directory, kind }: Needs): BarredThere {
  const asking = new Map<string, Promise<Bar | undefined>>()

  /** One answer sent many times at once is one question. */
  function ask(uid: string): Promise<Bar | undefined> {
    const asked =
      asking.get(uid) ?? (directory.barred?.(uid) ?? Promise.resolve(undefined)).finally(() => asking.delete(uid))
    asking.set(uid, asked)
    return asked
  }

  return async ({ directory: of, directoryUid }) => {
    if (!directory.barred) return undefined
    // As at a password: an id means somebody only in the directory that gave it.
    if (of !== kind || directoryUid === undefined) return 'unknown'
    const bar = await ask(directoryUid)
    return bar === 'locked' ? undefined : bar
  }
}
