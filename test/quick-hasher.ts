import { createHmac } from 'node:crypto'
import { type Argon2id, passwordHasher } from '../src/core/secrets/password-hash.ts'
import { systemRandom } from '../src/system.ts'

type Heard = () => void

/** In place of argon2id, whose work would be a third of what the tests cost. It keeps its form: a salt, a tag, no way back. */
export const quickArgon2id: Argon2id = async ({ message, nonce, tagLength }) => {
  const mac = createHmac('sha512', Buffer.from(nonce as Uint8Array)).update(Buffer.from(message as Uint8Array))
  return mac.digest().subarray(0, tagLength)
}

/** The hasher with another function in place of argon2id, for tests that are not about its cost. Each piece of work is heard. */
export function quickHasher(heard: Heard = () => {}) {
  return passwordHasher({
    random: systemRandom,
    mostAtOnce: 100,
    mostWaiting: 1_000,
    argon2id(given) {
      heard()
      return quickArgon2id(given)
    },
  })
}
