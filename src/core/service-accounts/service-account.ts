import { type Answer, contract, type Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { Clock, Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { spendAll } from '../throttle/spend-all.ts'
import { addressKey, paces, type ThrottleStore } from '../throttle/throttle.ts'
import type { DirectoryAccounts } from './directory-account.ts'

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

type CheckNeeds = {
  serviceAccounts: ServiceAccountStore
  write: Write<{ throttle: ThrottleStore }>
  hasher: Pick<Hasher, 'verify'>
  sealing: Sealing
  /** Asked for names that have no row here. */
  fromDirectory?: DirectoryAccounts | undefined
  /** A refusal takes at least so long, so that its cause does not show in its time. */
  floor<T>(work: () => Promise<{ value: T; slow: boolean }>): Promise<T>
  clock: Clock
}

type Asked = { name: string; password: string; passwordHash: string | undefined; address: string | undefined }

/**
 * Checks a service account's name and password; `address` is where the program calls from. argon2id costs some 16 ms, and
 * a portal calls many times a second, so what was right before is known again by its keyed digest, for as long as the
 * stored hash is the same row. Whatever is not known takes a try from the throttle before the work is done.
 */
export function serviceAccountCheck(needs: CheckNeeds) {
  const { serviceAccounts, write, hasher, sealing, fromDirectory, floor, clock } = needs
  const right = new Map<string, { passwordHash: string; mac: string }>()
  const underWay = new Map<string, Promise<boolean>>()

  return async (name: string, password: string, address?: string): Promise<boolean> => {
    const passwordHash = isName(name) ? (await serviceAccounts.find(name))?.passwordHash : undefined
    const known = right.get(name)
    if (
      passwordHash !== undefined &&
      known?.passwordHash === passwordHash &&
      sealing.macMatches(known.mac, 'service-account', name, password)
    )
      return true
    if (passwordHash === undefined && fromDirectory?.isRemembered({ name, password, address })) return true

    // A portal that finds a restarted engine asks many times at once: that is one try, and one hash.
    const asked = sealing.mac('service-account', name, password, passwordHash ?? '', addressKey(address))
    const running = underWay.get(asked) ?? judge({ name, password, passwordHash, address })
    underWay.set(asked, running)
    return running.finally(() => underWay.delete(asked))
  }

  /** Where a directory is asked, time must not tell what it said, nor which names have a row here. */
  function judge(asked: Asked): Promise<boolean> {
    if (!fromDirectory) return verify(asked)
    return floor(async () => {
      const value = await verify(asked)
      return { value, slow: !value }
    })
  }

  async function verify({ name, password, passwordHash, address }: Asked): Promise<boolean> {
    const again = passwordHash === undefined && fromDirectory?.proveAgain({ name, password, address })
    if (again) return again
    const isRight = await throttled(name, address, () =>
      passwordHash === undefined && fromDirectory && isName(name)
        ? fromDirectory.prove({ name, password, address })
        : hasher.verify(password, passwordHash),
    )
    if (isRight && passwordHash !== undefined)
      right.set(name, { passwordHash, mac: sealing.mac('service-account', name, password) })
    return isRight
  }

  async function throttled(name: string, address: string | undefined, check: () => Promise<boolean>): Promise<boolean> {
    const place = addressKey(address)
    const pair = `service-account:${isName(name) ? name : '(malformed)'}@${place}`
    const from = `service-accounts-from:${place}`
    const budgets = [
      [pair, paces.serviceAccount],
      [from, paces.serviceAccountsFrom],
    ] as const
    const until = await write(({ throttle }) => spendAll(throttle, budgets, clock.now()))
    if (until) return false

    let verdict: 'right' | 'wrong' | 'not known' = 'not known'
    try {
      verdict = (await check()) ? 'right' : 'wrong'
    } finally {
      if (verdict !== 'wrong')
        await write(async ({ throttle }) => {
          await (verdict === 'right' ? throttle.forget(pair) : throttle.refund(pair))
          await throttle.refund(from)
        })
    }
    return verdict === 'right'
  }
}

function isName(name: string): boolean {
  return contract.setServiceAccount.input.shape.name.safeParse(name).success
}
