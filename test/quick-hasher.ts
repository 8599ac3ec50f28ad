import { createHmac } from 'node:crypto'
import { passwordHasher } from '../src/core/secrets/password-hash.ts'
import { systemRandom } from '../src/system.ts'

type Heard = () => void

/** The hasher with another function in place of argon2id, for tests that are not about its cost. Each piece of work is heard. */
export function quickHasher(heard: Heard = () => {}) {
  return passwordHasher({
    random: systemRandom,
    mostAtOnce: 100,
    mostWaiting: 1_000,
    async argon2id({ message, nonce, tagLength }) {
      heard()
      const mac = createHmac('sha512', Buffer.from(nonce as Uint8Array)).update(Buffer.from(message as Uint8Array))
      return mac.digest().subarray(0, tagLength)
    },
  })
}
