import { openStorage, type Storage } from '../src/app/storage.ts'
import { storesOver } from '../src/app/stores.ts'
import { secretPlace } from '../src/core/methods/oath/token.ts'
import { type Keyring, openKeyring } from '../src/core/secrets/keyring.ts'
import { Secret } from '../src/core/secrets/secret.ts'
import { newToken, tokenHash } from '../src/core/sessions/tokens.ts'
import { addressKey } from '../src/core/throttle/throttle.ts'
import { stepAt, totp } from '../src/protocols/totp.ts'
import { dataKeyStore } from '../src/storage/data-key-store.ts'
import { systemClock as clock, systemRandom as random, systemIds } from '../src/system.ts'

export const ids = systemIds(clock, random)
export const silent = { info() {}, warn() {}, error() {} }
const PERIOD = 30
const SIGN_IN_MS = 10 * 60_000
/** Added in one unit of work. */
const AT_ONCE = 200

/** Where the data of a server under load lies. */
export type Place = { folder: string; databaseUrl?: string | undefined }
/** Somebody in the middle of a sign-in who owes a code of an authenticator app. */
export type Person = { session: string; secret: Uint8Array }

export function openPlace({ folder, databaseUrl }: Place): Promise<Storage> {
  const url = databaseUrl === undefined ? undefined : new Secret(databaseUrl)
  return openStorage({ folder, databaseUrl: url }, { clock, random, log: silent })
}

/** Where their sign-ins come from. */
export const home = { address: '192.0.2.7', userAgent: 'bench' } as const

/** Puts people into the database who have signed in from home before, each with a token of which no code was used yet. */
export async function addPeople(place: Place, count: number): Promise<Person[]> {
  const { database, masterKey } = await openPlace(place)
  try {
    const sealing = await openKeyring({ masterKey, store: dataKeyStore(database), random, ids, clock })
    const people = Array.from({ length: count }, () => ({
      session: newToken('si', random),
      secret: random.bytes(20),
    }))
    for (let from = 0; from < count; from += AT_ONCE) {
      const some = people.slice(from, from + AT_ONCE)
      await database.write(async (tx) => {
        const stores = storesOver(tx, ids)
        for (const person of some) await addPerson(stores, sealing, person)
      })
    }
    return people
  } finally {
    await database.close()
  }
}

type Stores = ReturnType<typeof storesOver>

async function addPerson(
  { users, tokens, signIns, known }: Stores,
  sealing: Keyring,
  { session, secret }: Person,
): Promise<void> {
  const [userId, tokenId, now] = [ids.next(), ids.next(), clock.now()]
  const expiresAt = new Date(now.getTime() + SIGN_IN_MS)
  const names = { username: userId, key: userId, displayName: undefined, mail: undefined }
  const languages = { language: undefined, languages: {} }
  const way = { method: 'oath', preset: undefined, phone: undefined, passwordHash: undefined } as const
  await users.insert({
    id: userId,
    directory: 'local',
    directoryUid: userId,
    ...names,
    ...languages,
    ...way,
    createdAt: now,
  })

  const sealedSecret = sealing.seal(secret, secretPlace(tokenId))
  const kind = { kind: 'totp', algorithm: 'SHA1', digits: 6, period: PERIOD, drift: 0, last: -1 } as const
  await tokens.insert({ id: tokenId, userId, origin: 'app', sealedSecret, addedAt: now, ...kind })
  await known.remember(userId, addressKey(home.address), now)
  await signIns.insert({ id: ids.next(), userId, stage: 'second-step', ...home, expiresAt }, tokenHash(session), now)
}

export type Typed = 'right' | 'wrong'

/** The code that the person's app shows now, or one that it shows neither now nor in the minutes around. */
export function codeOf({ secret }: Person, typed: Typed): string {
  const now = stepAt(clock.now(), PERIOD)
  const shown = [0, -3, -2, -1, 1, 2, 3].map((steps) =>
    totp({ secret, step: now + steps, algorithm: 'SHA1', digits: 6 }),
  )
  if (typed === 'right') return shown[0] ?? ''
  for (let guess = 0; ; guess++) {
    const code = String(guess).padStart(6, '0')
    if (!shown.includes(code)) return code
  }
}
