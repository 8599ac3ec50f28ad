import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { Clock, Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'

/** Another part of Sallyport, or another program. Its password opens the Web Service SDK, and no person's account. */
export type ServiceAccount = { name: string; passwordHash: string }

export interface ServiceAccountStore {
  find(name: string): Promise<ServiceAccount | undefined>
  put(account: ServiceAccount, now: Date): Promise<void>
}

type Hasher = {
  hash(password: string): Promise<string>
  verify(password: string, phc: string | undefined): Promise<boolean>
}
type SetNeeds = {
  write: Write<{ serviceAccounts: ServiceAccountStore; audit: AuditLog }>
  hasher: Hasher
  clock: Clock
}

export async function setServiceAccount(
  { write, hasher, clock }: SetNeeds,
  { name, password }: Input<'setServiceAccount'>,
): Promise<Answer<'setServiceAccount'>> {
  const passwordHash = await hasher.hash(password)
  const now = clock.now()
  await write(async ({ serviceAccounts, audit }) => {
    await serviceAccounts.put({ name, passwordHash }, now)
    await audit.write({ what: 'service-account.set', at: now, facts: { account: name } })
  })
  return { ok: true, value: { outcome: 'done' } }
}

type CheckNeeds = { serviceAccounts: ServiceAccountStore; hasher: Hasher; sealing: Sealing }

/**
 * Checks a service account's name and password. argon2id costs some 16 ms, and a portal calls many times a second, so
 * what was right before is known again by its keyed digest, for as long as the stored hash is the same row.
 */
export function serviceAccountCheck({ serviceAccounts, hasher, sealing }: CheckNeeds) {
  const right = new Map<string, { passwordHash: string; mac: string }>()
  return async (name: string, password: string): Promise<boolean> => {
    const account = await serviceAccounts.find(name)
    const known = right.get(name)
    if (
      account &&
      known?.passwordHash === account.passwordHash &&
      sealing.macMatches(known.mac, 'service-account', name, password)
    )
      return true

    const isRight = await hasher.verify(password, account?.passwordHash)
    if (isRight && account)
      right.set(name, { passwordHash: account.passwordHash, mac: sealing.mac('service-account', name, password) })
    return isRight
  }
}
