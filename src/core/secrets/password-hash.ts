import { type Argon2Parameters, argon2, timingSafeEqual } from 'node:crypto'
import type { Random } from '../ports.ts'
import { type Phc, phcText, readPhc } from './phc.ts'
import { turns } from './turns.ts'

/** OWASP's smallest recommended argon2id setting. KiB, passes, lanes. */
const NOW = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const TAG_BYTES = 32

/** UTF-16 units, as the contract limits them too. Far above any password; it bounds the work of normalising. */
const LONGEST = 1024

/** What is hashed against where there is nothing to compare with. It matches nothing: see `verify`. */
const NOBODY: Phc = { ...NOW, salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) }

export type PasswordHasher = {
  /**
   * A PHC string with a new salt. Throws RangeError for a password over 1024 UTF-16 units or with half a surrogate
   * pair, which the doors do not let in, and AppError `queue.full`.
   */
  hash(password: string): Promise<string>
  /**
   * Whether this is the password. No stored hash (`undefined`) and one that cannot be read are a "no" that takes the
   * same work, so that time does not tell which names exist. Throws AppError `queue.full`.
   */
  verify(password: string, stored: string | undefined): Promise<boolean>
}

type Needs = {
  random: Pick<Random, 'bytes'>
  /** Each takes a thread of the pool and about 19 MiB for some 16 ms. */
  mostAtOnce: number
  mostWaiting: number
  /** For tests: of those that count or hold the work, and those that are about something else. */
  argon2id?: Argon2id | undefined
}

/**
 * Passwords by argon2id (RFC 9106). A password counts whole: nothing is cut or trimmed (NIST SP 800-63B-4 section
 * 3.1.1.2, OWASP ASVS 6.2.8). It is taken in normal form C, so that it is the same from every keyboard (RFC 8265
 * section 4.2.2).
 */
export function passwordHasher({ random, mostAtOnce, mostWaiting, argon2id = ofNode }: Needs): PasswordHasher {
  const inTurn = turns({ atOnce: mostAtOnce, waiting: mostWaiting })

  return {
    async hash(password) {
      const message = bytesOf(password)
      if (!message) throw new RangeError('The password is too long or is not Unicode text.')
      const salt = random.bytes(SALT_BYTES)
      const tag = await inTurn(() => argon2id({ ...NOW, message, nonce: salt, tagLength: TAG_BYTES }))
      return phcText({ ...NOW, salt, tag })
    },

    async verify(password, stored) {
      const message = bytesOf(password)
      if (!message) return false
      const read = stored === undefined ? undefined : readPhc(stored)
      const { salt, tag, ...cost } = read ?? NOBODY
      const found = await inTurn(() => argon2id({ ...cost, message, nonce: salt, tagLength: tag.length }))
      return timingSafeEqual(found, tag) && read !== undefined
    },
  }
}

/** Whether a stored hash was made with another cost than hashes are made with now; replace it after a good sign-in. */
export function needsRehash(stored: string): boolean {
  const read = readPhc(stored)
  if (!read) return true
  const sameCost = read.memory === NOW.memory && read.passes === NOW.passes && read.parallelism === NOW.parallelism
  return !(sameCost && read.salt.length === SALT_BYTES && read.tag.length === TAG_BYTES)
}

/** Undefined for what is no password of anyone. UTF-8 has no half surrogates: all of them would become one character. */
function bytesOf(password: string): Uint8Array | undefined {
  if (password.length > LONGEST || !password.isWellFormed()) return undefined
  return Buffer.from(password.normalize('NFC'), 'utf8')
}

export type Argon2id = (parameters: Argon2Parameters) => Promise<Uint8Array>

function ofNode(parameters: Argon2Parameters): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)))
  })
}
