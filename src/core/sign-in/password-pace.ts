import type { Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { spendAll } from '../throttle/spend-all.ts'
import { addressKey, type Pace, paces, type ThrottleStore } from '../throttle/throttle.ts'
import type { KnownAddressStore } from './known-address.ts'

type Needs = {
  write: Write<{ throttle: ThrottleStore }>
  known: KnownAddressStore
  settings: SettingsSource
  sealing: Pick<Sealing, 'mac'>
}

/** Bounds guesses at passwords so that a stranger's guesses lock the stranger out, and not the person. */
export type PasswordPace = {
  /** Takes a try before the password is looked at. Returns when the next is taken, if this one is not. */
  spend(key: string | undefined, address: string | undefined, now: Date): Promise<Date | undefined>
  refund(key: string | undefined, address: string | undefined): Promise<void>
  succeeded(key: string | undefined, address: string | undefined): Promise<void>
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
    return { pair: `password:${name}@${place}`, place: `password-from:${place}`, strangers: `password-of:${name}` }
  }
  const pairPace = (): Pace => {
    const current = settings.current()
    const longestWaitMs = current['password.longest_wait_minutes'] * 60_000
    return { free: current['password.free_tries'], firstWaitMs: 5_000, longestWaitMs, forgetMs: 2 * longestWaitMs }
  }

  return {
    async spend(key, address, now) {
      const keys = keysOf(key, address)
      const isKnown = key !== undefined && (await known.isKnown(key, addressKey(address), now))
      const own: [string, Pace][] = [
        [keys.pair, pairPace()],
        [keys.place, paces.address],
      ]
      const budgets: [string, Pace][] = isKnown ? own : [...own, [keys.strangers, paces.strangers]]
      return write(({ throttle }) => spendAll(throttle, budgets, now))
    },
    refund: (key, address) =>
      write(async ({ throttle }) => {
        for (const each of Object.values(keysOf(key, address))) await throttle.refund(each)
      }),
    succeeded: (key, address) =>
      write(async ({ throttle }) => {
        const keys = keysOf(key, address)
        await throttle.forget(keys.pair)
        await throttle.refund(keys.place)
        await throttle.refund(keys.strangers)
      }),
  }
}
