/**
 * Slows, and in effect locks, whoever tries too often: `free` tries at once, then each further one waits twice as long as
 * the one before, from `firstWaitMs` up to `longestWaitMs`. All is forgotten `forgetMs` after the last try, or after the
 * `first`: what many honest people do every day would otherwise never be forgotten.
 */
export type Pace = {
  free: number
  firstWaitMs: number
  longestWaitMs: number
  forgetMs: number
  since?: 'first' | 'last'
}

export interface ThrottleStore {
  /**
   * Takes one try, in one statement, so that racing tries cannot share one. Undefined when it was taken;
   * else the time from which on the next is.
   */
  spend(key: string, pace: Pace, now: Date): Promise<Date | undefined>
  /** The try turned out well: it does not count. */
  refund(key: string): Promise<void>
  forget(key: string): Promise<void>
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Paces that are not settings: they bound what one address, one number or one prefix can cost. */
export const paces = {
  /** Wrong passwords from one address, whatever the names: a room full of people behind one address is let through. */
  address: { free: 60, firstWaitMs: 5 * second, longestWaitMs: 15 * minute, forgetMs: hour },
  /** Wrong passwords for one name from all addresses that this person has not signed in from before. */
  strangers: { free: 30, firstWaitMs: 5 * second, longestWaitMs: 15 * minute, forgetMs: hour },
  /** Sign-ins with a passkey alone that were begun from one address and came to nothing. */
  passkeysFrom: { free: 60, firstWaitMs: 5 * second, longestWaitMs: 15 * minute, forgetMs: hour },
  /** Wrong passwords for one service account from one address. The wait stays short: a portal that was corrected comes back. */
  serviceAccount: { free: 10, firstWaitMs: second, longestWaitMs: minute, forgetMs: hour },
  /** Wrong passwords of service accounts from one address, whatever the names: each costs the work of a hash. */
  serviceAccountsFrom: { free: 60, firstWaitMs: second, longestWaitMs: minute, forgetMs: hour },
  /** Texts asked for by one person. */
  textsOfUser: { free: 3, firstWaitMs: 20 * second, longestWaitMs: 15 * minute, forgetMs: hour },
  /** Texts of one person in a day, right codes or not: nobody signs in so often, and somebody is paid by the text. */
  textsOfDay: { free: 60, firstWaitMs: hour, longestWaitMs: 24 * hour, forgetMs: 24 * hour, since: 'first' },
  /** Texts to one number, whoever asks. */
  textsToNumber: { free: 4, firstWaitMs: 30 * second, longestWaitMs: hour, forgetMs: 2 * hour },
  /** Texts for proving numbers of one prefix (all but the last four digits): toll fraud asks for many of them. */
  proofsOfPrefix: { free: 30, firstWaitMs: minute, longestWaitMs: hour, forgetMs: 24 * hour, since: 'first' },
  /** Calls asked for by one person. */
  callsOfUser: { free: 3, firstWaitMs: 20 * second, longestWaitMs: 15 * minute, forgetMs: hour },
  /** Calls of one person in a day, confirmed or not. */
  callsOfDay: { free: 60, firstWaitMs: hour, longestWaitMs: 24 * hour, forgetMs: 24 * hour, since: 'first' },
  /** Calls to one number, whoever asks. */
  callsToNumber: { free: 4, firstWaitMs: 30 * second, longestWaitMs: hour, forgetMs: 2 * hour },
  /** Calls for proving numbers of one prefix. */
  callProofsOfPrefix: { free: 30, firstWaitMs: minute, longestWaitMs: hour, forgetMs: 24 * hour, since: 'first' },
  /** Lists of recovery codes, or sets of answers, made by one person: each costs the work of many hashes. */
  reservesOf: { free: 5, firstWaitMs: minute, longestWaitMs: hour, forgetMs: 6 * hour },
  /** Questions to the app of one person since the last that was approved (MITRE T1621). */
  promptsOfUser: { free: 3, firstWaitMs: 20 * second, longestWaitMs: 15 * minute, forgetMs: hour },
  /** Questions to the app of one person in a day, approved or not. */
  promptsOfDay: { free: 60, firstWaitMs: hour, longestWaitMs: 24 * hour, forgetMs: 24 * hour, since: 'first' },
  /** Wrong activation codes from one address. */
  activationsFrom: { free: 10, firstWaitMs: 5 * second, longestWaitMs: 15 * minute, forgetMs: hour },
} as const satisfies Record<string, Pace>

/** An address as the throttle counts it: a household has one IPv4 address, or one /64 of IPv6. */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::')
  const left = head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const groups = address.includes('::')
    ? [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

/** When the next try under a key is taken; for pages that say so beforehand. */
export interface PaceReader {
  nextAt(key: string): Promise<Date | undefined>
}
