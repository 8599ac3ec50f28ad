import type { Directory } from '../../core/directory.ts'
import { type LocalPasswords, usernameKey } from '../../core/users/user.ts'

type Hasher = { verify(password: string, phc: string | undefined): Promise<boolean> }
type Needs = { passwords: LocalPasswords; hasher: Hasher }

/** Local passwords. An unknown name costs the same hashing as a known one. */
export function localDirectory({ passwords, hasher }: Needs): Directory {
  return {
    async checkPassword(username, password) {
      if (password === '') return { outcome: 'wrong', why: 'empty' }
      const key = usernameKey(username)
      const found = key === undefined ? undefined : await passwords.find(key)
      const isRight = await hasher.verify(password, found?.hash)
      if (!found) return { outcome: 'wrong', why: 'unknown' }
      return isRight ? { outcome: 'right', person: found.person } : { outcome: 'wrong', why: 'password' }
    },
    async findPerson(username) {
      const key = usernameKey(username)
      return key === undefined ? undefined : (await passwords.find(key))?.person
    },
    async close() {},
  }
}
