import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { type DataKeyStore, SETTLING_MS, type StoredDataKey } from '../src/core/secrets/data-keys.ts'
import { openKeyring } from '../src/core/secrets/keyring.ts'

const noon = new Date('2026-01-01T12:00:00Z')
const unreadable = { code: 'secret.unreadable' }

describe('a sealed secret', () => {
  test('opens again, at its place', async () => {
    const { keyring } = await world()
    const { seal, open, currentKeyId } = keyring

    const sealed = seal('seed', 'oath_token/1/secret')
    assert.match(sealed, /^v1\.[^.]+\.[A-Za-z0-9_-]+$/)
    assert.equal(sealed.split('.')[1], currentKeyId())
    assert.equal(Buffer.from(open(sealed, 'oath_token/1/secret')).toString(), 'seed')

    for (const plain of ['', 'é\u{1f511}', randomBytes(5000)]) {
      assert.deepEqual(Buffer.from(open(seal(plain, 'p'), 'p')), Buffer.from(plain))
    }
  })

  test('is not the same twice', async () => {
    const { keyring } = await world()
    assert.notEqual(keyring.seal('seed', 'p'), keyring.seal('seed', 'p'))
  })

  test('does not open at another place', async () => {
    const { keyring } = await world()
    const sealed = keyring.seal('seed', 'oath_token/1/secret')

    for (const place of ['oath_token/2/secret', 'oath_token/1/pin', '', 'oath_token/1/secret ']) {
      assert.throws(() => keyring.open(sealed, place), unreadable, place)
    }
  })

  test('does not open when any bit of it was flipped', async () => {
    const { keyring } = await world()
    const sealed = Buffer.from(keyring.seal('seed', 'p'))

    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      assert.throws(() => keyring.open(flipped.toString('latin1'), 'p'), unreadable, `bit ${bit}`)
    }
  })

  test('does not open when it was cut, lengthened or spelled otherwise', async () => {
    const { keyring } = await world()
    const sealed = keyring.seal('seed', 'p')
    const [version, id, box] = sealed.split('.')

    for (const other of [
      ...Array.from(sealed, (_, length) => sealed.slice(0, length)),
      `${sealed}A`,
      `${sealed}=`,
      `${sealed}\n`,
      ` ${sealed}`,
      `${sealed}.`,
      `${version}.${id}. ${box}`,
      `v2.${id}.${box}`,
      `${version}.other.${box}`,
      `${version}.${id}.`,
    ]) {
      assert.throws(() => keyring.open(other, 'p'), unreadable, other)
    }
  })

  test('names neither itself nor its content in the error', async () => {
    const { keyring } = await world()
    const sealed = keyring.seal('canary', 'p')

    assert.throws(
      () => keyring.open(sealed, 'q'),
      (error) => !inspect(error).includes('canary') && !inspect(error).includes(sealed.slice(-10)),
    )
  })
})

describe('a proof', () => {
  test('matches the same parts for the same purpose only', async () => {
    const { keyring } = await world()
    const { mac, macMatches, currentKeyId } = keyring
    const proof = mac('code', 'ada', '123456')

    assert.match(proof, /^[^.]+\.[A-Za-z0-9_-]{43}$/)
    assert.equal(proof.split('.')[0], currentKeyId())
    assert.equal(mac('code', 'ada', '123456'), proof)
    assert.equal(macMatches(proof, 'code', 'ada', '123456'), true)
    assert.equal(macMatches(proof, 'code', 'ada', '123457'), false)
    assert.equal(macMatches(proof, 'codes', 'ada', '123456'), false)
  })

  test('of parts is never that of other parts, wherever they are cut', async () => {
    const { keyring } = await world()
    const lists = fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 })
    fc.assert(
      fc.property(lists, lists, (some, others) => {
        const same = JSON.stringify(some) === JSON.stringify(others)
        assert.equal(keyring.macMatches(keyring.mac('p', ...some), 'p', ...others), same)
      }),
    )
    assert.notEqual(keyring.mac('p', 'ab', 'c'), keyring.mac('p', 'a', 'bc'))
    assert.notEqual(keyring.mac('p', 'a'), keyring.mac('p', 'a', ''))
    assert.notEqual(keyring.mac('p'), keyring.mac('p', ''))
  })

  test('changed in any bit or cut is none', async () => {
    const { keyring } = await world()
    const proof = Buffer.from(keyring.mac('p', 'a'))

    for (let bit = 0; bit < proof.length * 8; bit++) {
      const flipped = Buffer.from(proof)
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      assert.equal(keyring.macMatches(flipped.toString('latin1'), 'p', 'a'), false, `bit ${bit}`)
    }
    for (let length = 0; length < proof.length; length++) {
      assert.equal(keyring.macMatches(proof.toString().slice(0, length), 'p', 'a'), false)
    }
    assert.equal(keyring.macMatches(`${proof}.`, 'p', 'a'), false)
  })
})

describe('the ring of keys', () => {
  test('is made once and read again', async () => {
    const { keyring, another, rows } = await world()
    const later = await another()

    assert.equal(rows.length, 1)
    assert.equal(later.currentKeyId(), keyring.currentKeyId())
    assert.equal(Buffer.from(later.open(keyring.seal('seed', 'p'), 'p')).toString(), 'seed')
    assert.equal(later.macMatches(keyring.mac('p', 'a'), 'p', 'a'), true)
  })

  test('is one ring when nodes start at once', async () => {
    const { another, rows } = database()
    const nodes = await Promise.all(Array.from({ length: 10 }, () => another()))

    assert.equal(rows.length, 1)
    assert.equal(new Set(nodes.map((node) => node.currentKeyId())).size, 1)
    const sealed = nodes.map((node) => node.seal('seed', 'p'))
    for (const node of nodes) for (const text of sealed) assert.equal(String(node.open(text, 'p')), 'seed')
  })

  test('does not open under another master key', async () => {
    const { another } = await world()

    await assert.rejects(another({ masterKey: Buffer.alloc(32, 8) }), { code: 'key.wrong' })
    await assert.rejects(another({ masterKey: Buffer.alloc(16, 7) }), RangeError)
  })

  test('does not open when a key was changed or moved to another row', async () => {
    const { another, rows } = await world()
    const [row] = rows
    assert.ok(row)

    for (const changed of [
      { id: 'other' },
      { wrapped: Buffer.from(row.wrapped).reverse() },
      { wrapped: row.wrapped.subarray(0, 59) },
      { wrapped: Buffer.alloc(0) },
    ]) {
      rows[0] = { ...row, ...changed }
      await assert.rejects(another(), { code: 'key.wrong' })
    }
  })

  test('holds no key in the open, in the store or when shown', async () => {
    const plain: string[] = []
    const random = (count: number) => {
      const bytes = randomBytes(count)
      if (count === 32) plain.push(bytes.toString('latin1'))
      return bytes
    }
    const { keyring, rows } = await world({ random })

    assert.equal(plain.length, 1)
    assert.equal(rows[0]?.wrapped.length, 12 + 16 + 32)
    assert.ok(
      !Buffer.from(rows[0].wrapped)
        .toString('latin1')
        .includes(plain[0] ?? ''),
    )
    assert.doesNotMatch(inspect(keyring, { depth: 9, showHidden: true }), /Buffer|KeyObject/)
  })
})

describe('a rotation', () => {
  test('gives a key that seals once it has settled, and older keys open on', async () => {
    const { keyring, clock } = await world()
    const before = keyring.currentKeyId()
    const [sealed, proof] = [keyring.seal('seed', 'p'), keyring.mac('p', 'a')]

    const added = await keyring.rotate()
    assert.notEqual(added, before)
    assert.equal(keyring.currentKeyId(), before, 'other nodes may not have loaded it yet')

    clock.forward(SETTLING_MS)
    assert.equal(keyring.currentKeyId(), added)
    assert.equal(keyring.seal('seed', 'p').split('.')[1], added)
    assert.equal(String(keyring.open(sealed, 'p')), 'seed')
    assert.equal(keyring.macMatches(proof, 'p', 'a'), true)
    assert.notEqual(keyring.mac('p', 'a'), proof)
  })

  test('reaches another node when it reloads', async () => {
    const { keyring, another, clock } = await world()
    const other = await another()
    await keyring.rotate()
    clock.forward(SETTLING_MS)
    const [sealed, proof] = [keyring.seal('seed', 'p'), keyring.mac('p', 'a')]

    assert.throws(() => other.open(sealed, 'p'), unreadable)
    assert.equal(other.macMatches(proof, 'p', 'a'), false)

    await other.reload()
    assert.equal(String(other.open(sealed, 'p')), 'seed')
    assert.equal(other.macMatches(proof, 'p', 'a'), true)
    assert.equal(other.currentKeyId(), keyring.currentKeyId())
  })

  test('asked for on two nodes at once is one', async () => {
    const { keyring, another, rows } = await world()
    const other = await another()

    const [mine, theirs] = await Promise.all([keyring.rotate(), other.rotate()])
    assert.equal(mine, theirs)
    assert.equal(rows.length, 2)
  })

  test('a proof made with one key is not one of another', async () => {
    const { keyring, clock } = await world()
    const old = keyring.mac('p', 'a')
    await keyring.rotate()
    clock.forward(SETTLING_MS)

    const [, text] = old.split('.')
    assert.equal(keyring.macMatches(`${keyring.currentKeyId()}.${text}`, 'p', 'a'), false)
  })
})

/** A database that was empty at noon, a first node on it, and any number of further ones. */
async function world(situation: Parameters<typeof database>[0] = {}) {
  const found = database(situation)
  return { ...found, keyring: await found.another() }
}

/** An empty database at noon, and the start of a node on it. */
function database({ random = randomBytes }: { random?: (count: number) => Uint8Array } = {}) {
  const rows: StoredDataKey[] = []
  const store: DataKeyStore = {
    async all() {
      await new Promise(setImmediate)
      return [...rows]
    },
    async insert(key) {
      await new Promise(setImmediate)
      if (rows.some(({ ordinal }) => ordinal === key.ordinal)) return false
      rows.push(key)
      return true
    },
  }

  let now = noon
  const clock = {
    now: () => now,
    forward(ms: number) {
      now = new Date(now.getTime() + ms)
    },
  }
  let made = 0
  const ids = { next: () => `key-${++made}` }
  const another = ({ masterKey = Buffer.alloc(32, 7) } = {}) =>
    openKeyring({ masterKey, store, random: { bytes: random }, ids, clock })
  return { rows, clock, another }
}
