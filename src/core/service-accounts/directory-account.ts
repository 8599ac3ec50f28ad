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
  prove(credentials: Credentials): Promise<boolean>
}

/** For so long nobody notices that an account was disabled, or taken out of the group. */
const REMEMBERED_MS = 60_000

/**
 * Tries are counted as those of people at the sign-in page are, in the same budgets: the directory counts them too, and
 * whoever reaches the SDK could otherwise lock any account of the domain.
 */
export function directoryAccounts({ directory, group, pace, write, sealing, clock }: Needs): DirectoryAccounts {
  const proven = new Map<string, { mac: string; until: number }>()
  const keyOf = (name: string) => usernameKey(directory.spellingOf?.(name) ?? name)
  // Over the name as it was typed, too: what two spellings have in common is no proof that they are one account.
  const partsOf = ({ name, password }: Credentials) => ['directory-service-account', name, password] as const

  return {
    isRemembered(credentials) {
      const known = proven.get(keyOf(credentials.name) ?? '')
      return (
        known !== undefined &&
        clock.now().getTime() < known.until &&
        sealing.macMatches(known.mac, ...partsOf(credentials))
      )
    },

    async prove(credentials) {
      const { name, address } = credentials
      const key = keyOf(name)
      if (key === undefined || (await pace.spend(key, address, clock.now()))) return false
      const verdict = await ask(credentials).catch(async (error) => {
        await pace.refund(key, address, clock.now())
        throw error
      })
      if ('why' in verdict) {
        await write(({ audit }) =>
          audit.write({ what: 'service-account.refused', at: clock.now(), address, facts: verdict }),
        )
        return false
      }
      await pace.succeeded({ key, owner: key }, address, clock.now())
      await remember(key, credentials, verdict.account)
      return true
    },
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
    proven.set(key, { mac: sealing.mac(...partsOf(credentials)), until: now.getTime() + REMEMBERED_MS })
  }
}

function whyOf(check: Exclude<PasswordCheck, { outcome: 'right' }>): string {
  return check.outcome === 'challenged' ? 'challenged' : check.why
}
