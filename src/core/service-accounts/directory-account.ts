import type { AuditLog } from '../audit/audit.ts'
import type { Directory, PasswordCheck } from '../directory.ts'
import type { Clock, Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { KnownAddressStore } from '../sign-in/known-address.ts'
import type { PasswordPace } from '../sign-in/password-pace.ts'
import { addressKey } from '../throttle/throttle.ts'
import { usernameKey } from '../users/user.ts'

type Needs = {
  directory: Pick<Directory, 'spellingOf' | 'checkPassword' | 'inGroup'>
  group: string
  pace: PasswordPace
  write: Write<{ known: KnownAddressStore; audit: AuditLog }>
  sealing: Pick<Sealing, 'mac' | 'macMatches'>
  clock: Clock
}

type Credentials = { name: string; password: string; address: string | undefined }
type Verdict = { account: string } | { why: string; account?: string }

/** Accounts of the directory, members of one group, that are service accounts. */
export type DirectoryAccounts = {
  /** Whether just this was right a moment ago: a portal calls many times a second, and the directory is asked once. */
  isRemembered(credentials: Credentials): boolean
  /** Undefined: just this was not right lately, and may be a guess. */
  proveAgain(credentials: Credentials): Promise<boolean> | undefined
  prove(credentials: Credentials): Promise<boolean>
}

/** For so long nobody notices that an account was disabled, or taken out of the group. */
const REMEMBERED_MS = 60_000
/** For so long after the last time what was right is no guess. */
const RECOGNISED_MS = 24 * 60 * 60_000

type Proof = { mac: string; at: number }

/**
 * Tries are counted as those of people at the sign-in page are, in the same budgets: the directory counts them too, and
 * whoever reaches the SDK could otherwise lock any account of the domain.
 *
 * Whoever gives the password that was right lately guesses nothing, and is held up by nobody's guesses, not even from the
 * portal's own machine. Nor does being right give those who guess there new tries. Once the directory says no, that
 * password is a guess like any other: a portal that was not told of a new one does not lock its account.
 */
export function directoryAccounts({ directory, group, pace, write, sealing, clock }: Needs): DirectoryAccounts {
  const proven = new Map<string, Proof>()
  const underWay = new Map<string, Promise<boolean>>()
  const keyOf = (name: string) => usernameKey(directory.spellingOf?.(name) ?? name)
  // Over the name as it was typed, too: what two spellings have in common is no proof that they are one account.
  const partsOf = ({ name, password }: Credentials) => ['directory-service-account', name, password] as const

  function proofOf(key: string | undefined, credentials: Credentials, withinMs: number): Proof | undefined {
    const proof = key === undefined ? undefined : proven.get(key)
    const isLate = proof === undefined || clock.now().getTime() >= proof.at + withinMs
    return !isLate && sealing.macMatches(proof.mac, ...partsOf(credentials)) ? proof : undefined
  }

  return {
    isRemembered: (credentials) => proofOf(keyOf(credentials.name), credentials, REMEMBERED_MS) !== undefined,

    proveAgain(credentials) {
      const key = keyOf(credentials.name)
      const proof = proofOf(key, credentials, RECOGNISED_MS)
      if (key === undefined || !proof) return undefined
      // Once, from wherever it comes: of a password that was changed there the directory counts one try.
      const asking = underWay.get(proof.mac) ?? askAgain(key, credentials, proof)
      underWay.set(proof.mac, asking)
      return asking.finally(() => underWay.delete(proof.mac))
    },

    async prove(credentials) {
      const { name, address } = credentials
      const key = keyOf(name)
      if (key === undefined || (await pace.spend(key, address, clock.now()))) return false
      const verdict = await ask(credentials).catch(async (error) => {
        await pace.refund(key, address, clock.now())
        throw error
      })
      if (!('why' in verdict)) await pace.succeeded({ key, owner: key }, address, clock.now())
      return settle(key, credentials, verdict)
    },
  }

  async function askAgain(key: string, credentials: Credentials, proof: Proof): Promise<boolean> {
    const isRight = await settle(key, credentials, await ask(credentials))
    // A new one may have been proven in the meantime.
    if (!isRight && proven.get(key) === proof) proven.delete(key)
    return isRight
  }

  async function settle(key: string, credentials: Credentials, verdict: Verdict): Promise<boolean> {
    if (!('why' in verdict)) {
      await remember(key, credentials, verdict.account)
      return true
    }
    const { address } = credentials
    await write(({ audit }) =>
      audit.write({ what: 'service-account.refused', at: clock.now(), address, facts: verdict }),
    )
    return false
  }

  async function ask({ name, password, address }: Credentials): Promise<Verdict> {
    const check = await directory.checkPassword(name.normalize('NFC'), password, { address })
    if (check.outcome !== 'right') return { why: whyOf(check) }
    const { uid, username: account } = check.person
    const isMember = uid !== undefined && ((await directory.inGroup?.(uid, group)) ?? false)
    return isMember ? { account } : { why: 'group', account }
  }

  /** The first of each password is told to the audit: one is asked for every minute. */
  async function remember(key: string, credentials: Credentials, account: string): Promise<void> {
    const before = proven.get(key)
    const isFirst = !before || !sealing.macMatches(before.mac, ...partsOf(credentials))
    const now = clock.now()
    const { address } = credentials
    await write(async ({ known, audit }) => {
      // So that guesses from elsewhere do not hold the portal up.
      await known.remember(key, addressKey(address), now)
      if (isFirst) await audit.write({ what: 'service-account.proven', at: now, address, facts: { account } })
    })
    proven.set(key, { mac: sealing.mac(...partsOf(credentials)), at: now.getTime() })
  }
}

function whyOf(check: Exclude<PasswordCheck, { outcome: 'right' }>): string {
  return check.outcome === 'challenged' ? 'challenged' : check.why
}
