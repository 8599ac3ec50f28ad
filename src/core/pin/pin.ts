import type { Clock, Ids } from '../ports.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { type PinProblem, type PinRules, pinProblems, readPin } from './rules.ts'

/**
 * A user's PIN. Ten thousand guesses find any PIN of four digits behind any hash, so the hash (argon2id, with its salt)
 * is sealed: the database alone does not reveal it.
 */
export type Pin = {
  /** Of this PIN: each new one has another. */
  id: string
  userId: string
  /** A PHC string, at the place that `pinPlace` names. */
  sealedHash: string
  setAt: Date
  /** Somebody else has set it; it opens nothing but the choice of another. */
  mustChange: boolean
}

export interface PinStore {
  findOf(userId: string): Promise<Pin | undefined>
  /** The newest first, the present one included. */
  recentOf(userId: string, most: number): Promise<Pin[]>
  /**
   * Puts a PIN in place of what was there. Of those before it the newest `keep` stay, to compare with. False when
   * something else is there (by now), or when there is no such user: of several who change it at once, having proven the
   * same PIN, exactly one succeeds.
   */
  replace(pin: Pin, options: { was: Was; keep: number }): Promise<boolean>
  /** With its history. False when there was none. */
  removeOf(userId: string): Promise<boolean>
}

/** The PIN that was proven; none, for the first one; or anything, as an administrator may. */
export type Was = { id: string } | 'none' | 'any'

type Hashing = { hasher: PasswordHasher; sealing: Sealing }

/**
 * Whether this is the PIN. No PIN, and a text that is none, are a "no" that takes the same work. It is a hash's work, so
 * it is done outside of any unit of work; the caller has spent a try of the second step's budget before.
 */
export async function verifyPin({ hasher, sealing }: Hashing, pin: Pin | undefined, typed: string): Promise<boolean> {
  const digits = readPin(typed)
  const hash = pin && Buffer.from(sealing.open(pin.sealedHash, pinPlace(pin.id))).toString()
  // Digits of none are never a PIN, and neither is the empty text that they are hashed as.
  return (await hasher.verify(digits ?? '', hash)) && digits !== undefined
}

export type PinPolicy = PinRules & {
  /** How many before it a new PIN may not be, with the present one among them; 0 to 24. */
  history: number
  /** 0: never. */
  expiryDays: number
}

type ChooseNeeds = Hashing & { pins: PinStore; clock: Clock; ids: Ids }
type Choice = {
  userId: string
  typed: string
  policy: PinPolicy
  /** The user's own numbers. */
  phones: readonly string[]
  /** True when another than the user chooses it. */
  mustChange: boolean
}

/**
 * A PIN that may be stored (`PinStore.replace`), or every reason why not. It does the work of one hash, and of one for
 * each PIN of the history, outside of any unit of work. Whoever calls it has proven the old PIN, or is an administrator.
 */
export async function choosePin(
  { pins, hasher, sealing, clock, ids }: ChooseNeeds,
  { userId, typed, policy, phones, mustChange }: Choice,
): Promise<{ ok: true; pin: Pin } | { ok: false; problems: PinProblem[] }> {
  const digits = readPin(typed)
  const problems = pinProblems(typed, policy, phones)
  if (problems.length > 0 || digits === undefined) return { ok: false, problems }

  const recent = policy.history > 0 ? await pins.recentOf(userId, policy.history) : []
  for (const pin of recent) {
    if (await verifyPin({ hasher, sealing }, pin, digits)) return { ok: false, problems: ['used-before'] }
  }
  const id = ids.next()
  const sealedHash = sealing.seal(await hasher.hash(digits), pinPlace(id))
  return { ok: true, pin: { id, userId, sealedHash, setAt: clock.now(), mustChange } }
}

/** What a PIN that was proven is good for. `must-change` and `expired`: for choosing another, and nothing else. */
export type PinState = 'none' | 'good' | 'must-change' | 'expired'

export function pinState(pin: Pick<Pin, 'setAt' | 'mustChange'> | undefined, expiryDays: number, now: Date): PinState {
  if (!pin) return 'none'
  if (pin.mustChange) return 'must-change'
  const age = now.getTime() - pin.setAt.getTime()
  return expiryDays > 0 && age >= expiryDays * 86_400_000 ? 'expired' : 'good'
}

export function pinPlace(pinId: string): string {
  return `pin/${pinId}/hash`
}
