import type { Bar, Directory, DirectoryPerson } from '../src/core/directory.ts'
import { AppError } from '../src/core/errors.ts'
import { password } from './engine.ts'

/**
 * A directory whose people a test makes, renames and takes down by hand. It knows names in any case, counts how often it
 * was asked, and costs no hashing, so a hundred sign-ins are quick. All have one password.
 */
export function peopleDirectory(...usernames: string[]) {
  const people: DirectoryPerson[] = usernames.map((username) => ({ uid: `uid-${username}`, username }))
  const groups: Record<string, string[]> = {}
  const directory = {
    people,
    asked: 0,
    down: false,
    /** Ids of the members of each group. */
    groups,
    async checkPassword(username: string, typed: string) {
      directory.asked++
      if (directory.down) throw new AppError('directory.unreachable')
      const person = people.find((each) => each.username.toLowerCase() === username.normalize('NFKC').toLowerCase())
      if (!person) return { outcome: 'wrong', why: 'unknown' } as const
      return typed === password
        ? ({ outcome: 'right', person: { ...person } } as const)
        : ({ outcome: 'wrong', why: 'password' } as const)
    },
    /** Of ids that are barred there, why; whom it does not have is unknown. */
    bars: {} as Record<string, Bar | undefined>,
    async barred(uid: string): Promise<Bar | undefined> {
      directory.asked++
      if (directory.down) throw new AppError('directory.unreachable')
      return people.some((each) => each.uid === uid) ? directory.bars[uid] : 'unknown'
    },
    async inGroup(uid: string, group: string): Promise<boolean> {
      if (directory.down) throw new AppError('directory.unreachable')
      return groups[group]?.includes(uid) ?? false
    },
    async close() {},
  } satisfies Directory & Record<string, unknown>
  return directory
}
