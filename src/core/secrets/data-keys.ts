import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { Clock, Ids, Random } from '../ports.ts'
import { closeBox, openBox } from './box.ts'

/** A data key as the database holds it: under the master key. `ordinal` counts the keys of a ring from 1. */
export type StoredDataKey = { id: string; ordinal: number; wrapped: Uint8Array; createdAt: Date }

/** What the keyring needs of storage. */
export interface DataKeyStore {
  all(): Promise<StoredDataKey[]>
  /** True for exactly one caller for each ordinal, however many race; the others change nothing. */
  insert(key: StoredDataKey): Promise<boolean>
}

/** How long a new key waits before it seals, so that no node meets a text whose key it has not loaded. */
export const SETTLING_MS = 60_000

const KEY_BYTES = 32

/** A data key at work. `keyFor` gives a key of its own to each use. */
export type DataKey = { id: string; keyFor(use: string): KeyObject }

export type DataKeys = {
  /** The one that seals now. */
  current(): DataKey
  find(id: string): DataKey | undefined
  rotate(): Promise<string>
  reload(): Promise<void>
}

type Needs = { masterKey: Uint8Array; store: DataKeyStore; random: Pick<Random, 'bytes'>; ids: Ids; clock: Clock }
type Loaded = DataKey & { ordinal: number; createdAt: Date }

/** Loads the keys and makes the first one where there is none. Throws AppError `key.wrong`. */
export async function openDataKeys({ masterKey, store, random, ids, clock }: Needs): Promise<DataKeys> {
  if (masterKey.length !== KEY_BYTES) throw new RangeError('A master key has 32 bytes.')
  const master = createSecretKey(masterKey)

  async function insertAs(ordinal: number): Promise<void> {
    const id = ids.next()
    const plain = random.bytes(KEY_BYTES)
    const wrapped = closeBox({ key: master, iv: random.bytes(12), plain, place: placeOf(id) })
    // "False" is no failure: another node made the key of this ordinal, and all use that one.
    await store.insert({ id, ordinal, wrapped, createdAt: clock.now() })
  }

  /** Oldest first. */
  async function load(): Promise<Loaded[]> {
    const stored = await store.all()
    return stored.map((key) => unwrap(master, key)).sort((a, b) => a.ordinal - b.ordinal)
  }

  let keys = await load()
  if (keys.length === 0) {
    await insertAs(1)
    keys = await load()
  }

  return {
    current() {
      const latest = clock.now().getTime() - SETTLING_MS
      const key = keys.findLast(({ createdAt }) => createdAt.getTime() <= latest) ?? keys[0]
      if (!key) throw new Error('The database lost its data keys.')
      return key
    },
    find: (id) => keys.find((key) => key.id === id),
    async rotate() {
      await insertAs((keys.at(-1)?.ordinal ?? 0) + 1)
      keys = await load()
      return keys.at(-1)?.id ?? ''
    },
    async reload() {
      keys = await load()
    },
  }
}

/** A wrapped key opens in its own row only. */
const placeOf = (id: string) => `data-key/${id}`

function unwrap(master: KeyObject, { id, ordinal, wrapped, createdAt }: StoredDataKey): Loaded {
  const plain = openBox({ key: master, box: wrapped, place: placeOf(id) })
  if (plain?.length !== KEY_BYTES) throw new AppError('key.wrong', { detail: `data key ${id}` })

  // One key for one use (NIST SP 800-57 part 1 section 5.2). The uses are few and come from the code, so they are kept.
  const derived = new Map<string, KeyObject>()
  const keyFor = (use: string): KeyObject => {
    let key = derived.get(use)
    if (!key) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', plain, '', `sallyport/${use}`, KEY_BYTES)))
      derived.set(use, key)
    }
    return key
  }
  return { id, ordinal, createdAt, keyFor }
}
