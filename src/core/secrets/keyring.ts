import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { Clock, Ids, Random } from '../ports.ts'
import { closeBox, openBox } from './box.ts'
import { type DataKey, type DataKeyStore, type DataKeys, openDataKeys } from './data-keys.ts'

/**
 * Seals what must be read again (OATH secrets, provider credentials) and proves what need only be recognised.
 *
 * `place` says where a sealed text lies: `oath_token/<row id>/secret`. It opens at that place only, so that one row's
 * secret cannot be put into another's. `purpose` does the same for proofs, and is one of a few words of the code.
 */
export type Keyring = {
  /** `v1.<key id>.<base64url of iv, tag and ciphertext>`, by AES-256-GCM under the current key. */
  seal(plain: Uint8Array | string, place: string): string
  /** Throws AppError `secret.unreadable` when the text was changed, comes from another place or its key is not there. */
  open(sealed: string, place: string): Uint8Array
  /**
   * `<key id>.<base64url of HMAC-SHA-256>` over the parts, which cannot flow into one another. After a rotation the
   * same parts give another text: compare with `macMatches`, do not look rows up by it.
   */
  mac(purpose: string, ...parts: string[]): string
  /** In constant time. False for a malformed text and for one whose key is not there, too. */
  macMatches(mac: string, purpose: string, ...parts: string[]): boolean
  /** The key that seals now. */
  currentKeyId(): string
  /**
   * Adds a key and answers its id; if another node is just adding one, that one's. Older keys still open. It seals
   * from `SETTLING_MS` on, when every node has loaded it.
   */
  rotate(): Promise<string>
  /** Takes in the keys that other nodes made. Each node calls it more often than every `SETTLING_MS`. */
  reload(): Promise<void>
}

type Needs = { masterKey: Uint8Array; store: DataKeyStore; random: Pick<Random, 'bytes'>; ids: Ids; clock: Clock }

/**
 * Loads the data keys, and makes the first one where there is none; of nodes that start at once one makes it and all
 * read it. Throws AppError `key.wrong` when a key does not open under this master key.
 */
export async function openKeyring({ masterKey, store, random, ids, clock }: Needs): Promise<Keyring> {
  const keys = await openDataKeys({ masterKey, store, random, ids, clock })

  return {
    seal: (plain, place) => seal({ key: keys.current(), iv: random.bytes(12), plain: Buffer.from(plain), place }),
    open: (sealed, place) => open({ keys, sealed, place }),
    mac(purpose, ...parts) {
      const key = keys.current()
      return `${key.id}.${base64url(macOf(key, purpose, parts))}`
    },
    macMatches: (mac, purpose, ...parts) => macMatches({ keys, mac, purpose, parts }),
    currentKeyId: () => keys.current().id,
    rotate: keys.rotate,
    reload: keys.reload,
  }
}

function seal({ key, iv, plain, place }: { key: DataKey; iv: Uint8Array; plain: Buffer; place: string }): string {
  return `v1.${key.id}.${base64url(closeBox({ key: key.keyFor('seal'), iv, plain, place }))}`
}

function open({ keys, sealed, place }: { keys: DataKeys; sealed: string; place: string }): Uint8Array {
  const [, id = '', text = ''] = /^v1\.([^.]+)\.([^.]+)$/.exec(sealed) ?? []
  const key = keys.find(id)
  const box = fromBase64url(text)
  const plain = key && box && openBox({ key: key.keyFor('seal'), box, place })
  if (!plain) throw new AppError('secret.unreadable', { detail: key ? place : `${place}, no such key` })
  return plain
}

type Claim = { keys: DataKeys; mac: string; purpose: string; parts: readonly string[] }

function macMatches({ keys, mac, purpose, parts }: Claim): boolean {
  const [, id = '', text = ''] = /^([^.]+)\.([^.]+)$/.exec(mac) ?? []
  const key = keys.find(id)
  const given = fromBase64url(text)
  if (!key || !given) return false

  const expected = macOf(key, purpose, parts)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function macOf(key: DataKey, purpose: string, parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', key.keyFor(`mac/${purpose}`))
  for (const part of parts) {
    // Each with its length before it: ('ab', 'c') and ('a', 'bc') are different messages.
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(part))
    mac.update(length).update(part)
  }
  return mac.digest()
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

/** One spelling only: Node's decoder leaves out what it does not know, and the stray bits at the end. */
function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
