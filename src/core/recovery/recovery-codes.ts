import type { Ids, Random } from '../ports.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'

/** A code as the database has it. `ordinal` is its place in the set, and the first letter that a person types. */
export type RecoveryCode = { id: string; ordinal: number; hash: string }

/** Of the newest set: how many it had, and how many of them are left. */
export type RecoveryCodeCount = { made: number; unused: number }

export interface RecoveryCodeStore {
  /** Undefined for a code that was used, too. */
  findUnused(userId: string, ordinal: number): Promise<RecoveryCode | undefined>
  /** True for exactly one caller, by one statement, and only for a code of this user that is there still. */
  spend(userId: string, id: string, now: Date): Promise<boolean>
  /** Kills the codes before it, used or not. False when there is no such user. */
  replaceAll(userId: string, codes: readonly RecoveryCode[], now: Date): Promise<boolean>
  countOf(userId: string): Promise<RecoveryCodeCount>
  /** False when there were none. */
  removeOf(userId: string): Promise<boolean>
}

/** Digits and letters but I, L, O and U: nobody has to guess which of two a sign on paper is. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LETTERS = 16
const GROUP = 4
const LONGEST_TYPED = 64

type MakeNeeds = { hasher: PasswordHasher; random: Pick<Random, 'bytes'>; ids: Ids }

/**
 * New one-time codes: `4X7K-…`, 16 letters of 5 bits. The first is the code's place in the set and no secret, so that one
 * hash tells whether a code is right; the other 15 are 75 random bits. That is less than the 112 for which NIST SP
 * 800-63B-4 section 3.1.2.2 lets a plain hash do, so each is kept as argon2id with a salt, as a password is.
 *
 * `shown` is for the person, once; `stored` for `replaceAll`. At most 32. It does the work of a hash for each.
 */
export async function newRecoveryCodes(
  { hasher, random, ids }: MakeNeeds,
  count: number,
): Promise<{ shown: string[]; stored: RecoveryCode[] }> {
  if (!Number.isInteger(count) || count < 1 || count > ALPHABET.length) throw new RangeError('1 to 32 recovery codes.')
  const codes = Array.from({ length: count }, (_, ordinal) => {
    const rest = Array.from(random.bytes(LETTERS - 1), (byte) => ALPHABET.charAt(byte & 31))
    return ALPHABET.charAt(ordinal) + rest.join('')
  })
  const stored = codes.map(async (code, ordinal) => ({ id: ids.next(), ordinal, hash: await hasher.hash(code) }))
  return { shown: codes.map(inGroups), stored: await Promise.all(stored) }
}

function inGroups(code: string): string {
  return code.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? code
}

/** In the letters that were shown, without what parts the groups; O is read as 0, I and L as 1. */
export function readRecoveryCode(typed: string): string | undefined {
  if (typed.length > LONGEST_TYPED) return undefined
  const bare = typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '')
  // Before it is put into capitals, which would make two letters of some others.
  if (!/^[0-9a-z]*$/i.test(bare)) return undefined
  const code = bare.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')
  return code.length === LETTERS && Array.from(code).every((letter) => ALPHABET.includes(letter)) ? code : undefined
}

type MatchNeeds = { codes: Pick<RecoveryCodeStore, 'findUnused'>; hasher: PasswordHasher }

/**
 * The id of the user's unused code that was typed, or undefined, with the work of one hash in any case. It is not spent
 * yet: that is `spend`, in the unit of work that it lets somebody in. The hash is worked outside of any unit, and the
 * caller has spent a try of the second step's budget before.
 */
export async function matchRecoveryCode(
  { codes, hasher }: MatchNeeds,
  { userId, typed }: { userId: string; typed: string },
): Promise<string | undefined> {
  const code = readRecoveryCode(typed)
  const known = code === undefined ? undefined : await codes.findUnused(userId, ALPHABET.indexOf(code.charAt(0)))
  return (await hasher.verify(code ?? '', known?.hash)) ? known?.id : undefined
}
