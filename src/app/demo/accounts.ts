import type { Api } from '../../contract/contract.ts'
import { secretPlace } from '../../core/methods/oath/token.ts'
import { pinPlace } from '../../core/pin/pin.ts'
import type { Modes } from '../../core/policy/modes.ts'
import type { Clock, Ids, Random } from '../../core/ports.ts'
import { passwordHasher } from '../../core/secrets/password-hash.ts'
import type { Sealing } from '../../core/secrets/sealing.ts'
import { toBase32 } from '../../protocols/base32.ts'
import { pinStore } from '../../storage/pin-store.ts'
import type { Database } from '../../storage/sql/database.ts'
import { tokenStore } from '../../storage/token-store.ts'
import { userStore } from '../../storage/user-store.ts'

export const demoPassword = 'sallyport-demo'

type Account = {
  username: string
  displayName: string
  /** Whose simulated phone it is; with `method` it is on the account already. */
  phone?: string
  method?: 'text' | 'call'
  /** How texts are answered, where it is not as the settings say. */
  textMode?: Modes['text']
  /** Keyed in when called. */
  pin?: string
}

export const demoAccounts: readonly Account[] = [
  { username: 'alice', displayName: 'Alice Adams', phone: '+12065550100', method: 'text' },
  { username: 'bob', displayName: 'Bob Brandt', phone: '+12065550177' },
  { username: 'carol', displayName: 'Carol Clark', phone: '+12065550102', method: 'call', pin: '7391' },
  { username: 'dave', displayName: 'Dave Diaz' },
  { username: 'erin', displayName: 'Erin Engel' },
  { username: 'frank', displayName: 'Frank Fuchs', phone: '+12065550105', method: 'text', textMode: 'two-way' },
  { username: 'helen', displayName: 'Helen Hart', phone: '+12065550103', method: 'text' },
  { username: 'ivy', displayName: 'Ivy Irwin' },
]

type Needs = { api: Api; database: Database; sealing: Sealing; random: Random; ids: Ids; clock: Clock }

/** Adds the sample accounts that are not there yet. Returns Erin's OATH secret, in base32. */
export async function addDemoAccounts(needs: Needs): Promise<{ erinsSecret: string | undefined }> {
  const { api, database } = needs
  for (const { username, displayName, phone, method, textMode, pin } of demoAccounts) {
    const mail = `${username}@example.com`
    const own = method && phone ? { phone, method } : {}
    const added = await api.addUser({ console: true }, { username, displayName, mail, password: demoPassword, ...own })
    if (!added.ok) continue
    const { id } = added.value
    if (username === 'erin') await giveToken(needs, id)
    if (pin) await givePin(needs, id, pin)
    if (textMode) await database.write((tx) => userStore(tx).setMode(id, 'text', textMode))
  }
  return { erinsSecret: await secretOf(needs, 'erin') }
}

/** Past the operation that sets one, which tells its owner: nobody has done anything yet, and the mailboxes are empty. */
async function givePin({ database, sealing, random, ids, clock }: Needs, userId: string, pin: string): Promise<void> {
  const hasher = passwordHasher({ random, mostAtOnce: 1, mostWaiting: 1 })
  const id = ids.next()
  const sealedHash = sealing.seal(await hasher.hash(pin), pinPlace(id))
  const chosen = { id, userId, sealedHash, setAt: clock.now(), mustChange: false }
  await database.write(async (tx) => {
    await userStore(tx).setMode(userId, 'call', 'pin')
    await pinStore(tx).replace(chosen, { was: 'none', keep: 0 })
  })
}

/** An app with a secret of its own, of which no code was used yet. */
async function giveToken({ database, sealing, random, ids, clock }: Needs, userId: string): Promise<void> {
  const id = ids.next()
  const addedAt = clock.now()
  const sealedSecret = sealing.seal(random.bytes(20), secretPlace(id))
  const kind = { kind: 'totp', algorithm: 'SHA1', digits: 6, period: 30, drift: 0, last: -1 } as const
  await database.write(async (tx) => {
    await tokenStore(tx).insert({ id, userId, origin: 'app', sealedSecret, addedAt, ...kind })
    await userStore(tx).enrol(userId, 'oath', addedAt)
  })
}

async function secretOf({ database, sealing }: Needs, key: string): Promise<string | undefined> {
  const user = await userStore(database).findByKey(key)
  const [token] = user ? await tokenStore(database).listOf(user.id) : []
  return token && toBase32(sealing.open(token.sealedSecret, secretPlace(token.id)))
}
