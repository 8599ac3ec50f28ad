import type { Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { spendAll } from '../throttle/spend-all.ts'
import { addressKey, type Pace, paces, type ThrottleStore } from '../throttle/throttle.ts'
import { likenessOf } from '../users/likeness.ts'
import type { KnownAddressStore } from './known-address.ts'

type Needs = {
  write: Write<{ throttle: ThrottleStore; known: KnownAddressStore }>
  known: Pick<KnownAddressStore, 'isKnown'>
  settings: SettingsSource
  sealing: Pick<Sealing, 'mac'>
}

/** Bounds guesses at passwords so that a stranger's guesses lock the stranger out, and not the person. */
export type PasswordPace = {
  /** Takes a try before the password is looked at. Returns when the next is taken, if this one is not. */
  spend(key: string | undefined, address: string | undefined, now: Date): Promise<Date | undefined>
  refund(key: string | undefined, address: string | undefined, now: Date): Promise<void>
  /** `key` is as it was typed, and `owner` of the name that the person is known by. */
  succeeded(name: { key: string | undefined; owner: string }, address: string | undefined, now: Date): Promise<void>
}

/**
 * Three budgets: one name from one address (few tries); one address, whatever the names; one name from all addresses
 * that its owner has not signed in from before. The owner's own places are counted apart, so guessing from a thousand
 * others does not shut the owner out.
 */
export function passwordPace({ write, known, settings, sealing }: Needs): PasswordPace {
  const keysOf = (key: string | undefined, address: string | undefined) => {
    const place = addressKey(address)
    // People type passwords into the box for the name: what is counted by must not tell it.
    const name = sealing.mac('throttled-name', key ?? '')
    // A directory may take what is alike for one name, and there are thousands of ways to write an accent.
    const likeness = sealing.mac('throttled-name', likenessOf(key ?? ''))
    return { pair: `password:${name}@${place}`, place: `password-from:${place}`, strangers: `password-of:${likeness}` }
  }
  const isKnownAt = async (key: string | undefined, address: string | undefined, now: Date) =>
    key !== undefined && (await known.isKnown(key, addressKey(address), now))
  const pairPace = (): Pace => {
    const current = settings.current()
    const longestWaitMs = current['password.longest_wait_minutes'] * 60_000
    return { free: current['password.free_tries'], firstWaitMs: 5_000, longestWaitMs, forgetMs: 2 * longestWaitMs }
  }

  return {
    async spend(key, address, now) {
      const keys = keysOf(key, address)
      const isKnown = await isKnownAt(key, address, now)
      const own: [string, Pace][] = [
        [keys.pair, pairPace()],
        [keys.place, paces.address],
      ]
      const budgets: [string, Pace][] = isKnown ? own : [...own, [keys.strangers, paces.strangers]]
      return write(({ throttle }) => spendAll(throttle, budgets, now))
    },
    async refund(key, address, now) {
      const { pair, place, strangers } = keysOf(key, address)
      // Only what was spent: the owner's tries give back none of those that strangers made.
      const spent = (await isKnownAt(key, address, now)) ? [pair, place] : [pair, place, strangers]
      await write(async ({ throttle }) => {
        for (const each of spent) await throttle.refund(each)
      })
    },
    async succeeded({ key, owner }, address, now) {
      const keys = keysOf(key, address)
      const isKnown = await isKnownAt(key, address, now)
      // By another of their names, at a place of theirs: strangers' guesses at that one do not shut them out from now on.
      const isOwners = key !== undefined && key !== owner && (await isKnownAt(owner, address, now))
      await write(async ({ throttle, known }) => {
        await throttle.forget(keys.pair)
        await throttle.refund(keys.place)
        if (!isKnown) await throttle.refund(keys.strangers)
        if (isOwners) await known.remember(key, addressKey(address), now)
      })
    },
  }
}
