import type { Directory } from '../directory.ts'
import type { DirectoryKind, User } from '../users/user.ts'

type Needs = { directory: Pick<Directory, 'inGroup'>; kind: DirectoryKind }

export type MayEnrol = (user: User) => Promise<boolean>

/**
 * Who may go through User Setup: members of that group, or everybody without one. A directory that does not answer is an
 * outage: neither a member nor none.
 */
export function enrolmentGroup({ directory, kind }: Needs, group: string | undefined): MayEnrol {
  return async ({ directory: of, directoryUid }) => {
    if (group === undefined) return true
    // An id is looked for only in the directory that gave it.
    if (of !== kind || directoryUid === undefined) return false
    return (await directory.inGroup?.(directoryUid, group)) ?? false
  }
}
