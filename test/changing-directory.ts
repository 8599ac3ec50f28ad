import type { Directory, PasswordChange, PasswordCheck } from '../src/core/directory.ts'

export const chosenPassword = 'Chosen-pass-2'

/**
 * Around a directory: dora's password is expired and fred's was reset, until they chose one of ten characters and more. Hugo may
 * sign in at other hours. Their first passwords are those of the directory within.
 */
export function changingDirectory(inner: Directory) {
  const first = new Map<string, string>()
  const chosen = new Map<string, string>()
  const whys = new Map<string, 'expired' | 'reset'>([
    ['dora', 'expired'],
    ['fred', 'reset'],
  ])
  const nameOf = (username: string) => username.normalize('NFKC').toLowerCase()
  const directory: Directory & { changes: number; whys: typeof whys } = {
    ...inner,
    changes: 0,
    whys,
    async checkPassword(username, password, attempt): Promise<PasswordCheck> {
      const name = nameOf(username)
      const own = chosen.get(name)
      if (own !== undefined) {
        return password === own
          ? inner.checkPassword(username, first.get(name) ?? '', attempt)
          : { outcome: 'wrong', why: 'password' }
      }
      const check = await inner.checkPassword(username, password, attempt)
      if (check.outcome !== 'right') return check
      if (name === 'hugo') return { outcome: 'wrong', why: 'hours', person: check.person }
      const why = whys.get(name)
      return why ? { outcome: 'must-change', why, person: check.person } : check
    },
    async changePassword(username, old, wanted): Promise<PasswordChange> {
      directory.changes++
      const name = nameOf(username)
      const { outcome } = await directory.checkPassword(username, old)
      if (outcome !== 'must-change') return { outcome: 'wrong', why: 'password' }
      // As a directory does it: the old value is taken out and the new one put in, at once.
      if (chosen.has(name)) return { outcome: 'wrong', why: 'password' }
      if (wanted.length < 10) return { outcome: 'refused', why: 'rules' }
      first.set(name, old)
      chosen.set(name, wanted)
      return { outcome: 'changed' }
    },
  }
  return directory
}
