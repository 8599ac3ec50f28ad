import assert from 'node:assert/strict'
import { type Argon2Parameters, argon2Sync, randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { needsRehash, passwordHasher } from '../src/core/secrets/password-hash.ts'

/** From the tests of argon2's reference implementation: "password", salt "somesalt", 64 MiB, 2 passes, 1 lane. */
const REFERENCE = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

describe('argon2id', () => {
  test("is the RFC's (RFC 9106 section 5.3)", () => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      passes: 3,
      memory: 32,
      parallelism: 4,
      tagLength: 32,
    })
    assert.equal(tag.toString('hex'), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
  })
})

describe('a hashed password', () => {
  test('is told from another, and is not the same twice', async () => {
    const { hash, verify } = world()
    const [stored, again] = [await hash('correct horse'), await hash('correct horse')]

    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.notEqual(stored, again)
    assert.equal(await verify('correct horse', stored), true)
    assert.equal(await verify('correct hors', stored), false)
    assert.equal(await verify('', stored), false)
  })

  test('made elsewhere is verified with the cost it was made with', async () => {
    const { verify, work } = world()

    assert.equal(await verify('password', REFERENCE), true)
    assert.equal(await verify('Password', REFERENCE), false)
    assert.equal(work[0]?.memory, 65_536)
  })

  test('counts whole: no cut at 72 bytes or at a NUL, nothing trimmed', async () => {
    const { hash, verify } = world()
    const long = 'x'.repeat(1023)
    const stored = await hash(`${long}y`)

    assert.equal(await verify(`${long}y`, stored), true)
    assert.equal(await verify(`${long}z`, stored), false)
    assert.equal(await verify(`${long}`, stored), false)

    const spaced = await hash(' a\0b ')
    for (const other of ['a\0b', ' a\0b', 'a\0b ', ' a', ' a\0c ']) {
      assert.equal(await verify(other, spaced), false, JSON.stringify(other))
    }
    assert.equal(await verify(' a\0b ', spaced), true)
  })

  test('is the same from a keyboard that composes accents and from one that does not', async () => {
    const { hash, verify } = world()
    const stored = await hash('S\u00f6hne')

    assert.equal(await verify('So\u0308hne', stored), true)
    assert.equal(await verify('Sohne', stored), false)
    // Look-alikes stay apart: normal form KC would make both of them "fi1".
    assert.equal(await verify('fi1', await hash('\ufb01\u00b9')), false)
  })

  test('of more than 1024 units, or of half a character, is nobody\u2019s', async () => {
    const { hash, verify, work } = world()
    for (const password of ['x'.repeat(1025), 'a\ud800', '\udc00b']) {
      await assert.rejects(hash(password), RangeError)
      assert.equal(await verify(password, REFERENCE), false)
      assert.equal(await verify(password, undefined), false)
    }
    assert.equal(work.length, 0)
  })
})

describe('where there is no hash to compare with', () => {
  test('it is a no that takes the same work', async () => {
    const { hash, verify, work } = world()
    const stored = await hash('secret')
    work.length = 0

    assert.equal(await verify('wrong', stored), false)
    assert.equal(await verify('wrong', undefined), false)
    assert.equal(await verify('wrong', 'malformed'), false)

    const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
    assert.deepEqual(work, [cost, cost, cost])
  })

  test('it is a no even for the password that hashes to the stand-in', async () => {
    const { verify } = world({ argon2id: async ({ tagLength }) => Buffer.alloc(tagLength) })

    assert.equal(await verify('anything', undefined), false)
  })

  test('a malformed hash is a no, not an exception, and costs what a no costs', async () => {
    const { verify, work } = world()
    const malformed = [
      '',
      'password',
      REFERENCE.replace('argon2id', 'argon2i'),
      REFERENCE.replace('v=19', 'v=16'),
      REFERENCE.replace('v=19$', ''),
      REFERENCE.replace('m=65536', 'm=4'),
      REFERENCE.replace('m=65536', 'm=9999999'),
      REFERENCE.replace('m=65536', 'm=262145'),
      REFERENCE.replace('m=65536', 'm=065536'),
      REFERENCE.replace('m=65536', 'm=-1'),
      REFERENCE.replace('t=2', 't=0'),
      REFERENCE.replace('t=2', 't=17'),
      REFERENCE.replace('p=1', 'p=17'),
      REFERENCE.replace('m=65536,t=2', 't=2,m=65536'),
      REFERENCE.replace('c29tZXNhbHQ', 'c2FsdA'),
      REFERENCE.replace('c29tZXNhbHQ', 'c29tZXNhbHR'),
      REFERENCE.replace('c29tZXNhbHQ', 'c29tZXNhbHQ=='),
      REFERENCE.replace('CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc', 'CTFhFdXPJO1aFaM'),
      REFERENCE.replace('Pc', 'Pd'),
      `${REFERENCE}\n`,
      ` ${REFERENCE}`,
      `${REFERENCE}$`,
    ]
    for (const stored of malformed) {
      assert.equal(await verify('password', stored), false, stored)
      assert.equal(needsRehash(stored), true, stored)
      assert.deepEqual(work.pop(), { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }, stored)
    }
  })

  test('the smallest cost that is read can be worked with', async () => {
    const { verify } = world()
    const tag = argon2Sync('argon2id', {
      message: 'p',
      nonce: Buffer.alloc(8),
      memory: 16,
      passes: 1,
      parallelism: 2,
      tagLength: 16,
    })
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

    assert.equal(await verify('p', `$argon2id$v=19$m=16,t=1,p=2$${text(Buffer.alloc(8))}$${text(tag)}`), true)
  })
})

describe('a hash is made anew', () => {
  test('when it was made with another cost', async () => {
    const { hash } = world()
    const stored = await hash('secret')

    assert.equal(needsRehash(stored), false)
    assert.equal(needsRehash(stored.replace('m=19456', 'm=19457')), true)
    assert.equal(needsRehash(stored.replace('t=2', 't=3')), true)
    assert.equal(needsRehash(stored.replace('p=1', 'p=2')), true)
    assert.equal(needsRehash(REFERENCE), true)
  })
})

describe('when many passwords come at once', () => {
  test('so many are worked on, so many wait, and the rest hear that the queue is full', async () => {
    const { verify, held } = heldWorld({ mostAtOnce: 2, mostWaiting: 3 })

    const answers = Array.from({ length: 7 }, () => verify('secret', undefined).catch((error) => error.code))
    assert.equal(await Promise.race(answers), 'queue.full')
    assert.equal(held.length, 2, 'two are worked on')

    while (held.length > 0) {
      held.shift()?.()
      await new Promise(setImmediate)
      assert.ok(held.length <= 2)
    }
    assert.deepEqual(await Promise.all(answers), [false, false, false, false, false, 'queue.full', 'queue.full'])
  })

  test('one that fails hands its turn on', async () => {
    let calls = 0
    const argon2id = async ({ tagLength }: Argon2Parameters) => {
      if (calls++ === 0) throw new Error('no memory')
      return Buffer.alloc(tagLength, 1)
    }
    const { verify } = world({ mostAtOnce: 1, mostWaiting: 1, argon2id })

    const [first, second] = await Promise.allSettled([verify('a', undefined), verify('b', undefined)])
    assert.equal(first.status, 'rejected')
    assert.deepEqual(second, { status: 'fulfilled', value: false })
    assert.equal(await verify('c', undefined), false)
  })
})

type Options = {
  mostAtOnce?: number
  mostWaiting?: number
  argon2id?: (parameters: Argon2Parameters) => Promise<Uint8Array>
}

/** A hasher with room for everyone, that notes the cost of each piece of work. */
function world({ mostAtOnce = 4, mostWaiting = 100, argon2id = really }: Options = {}) {
  const work: { memory: number; passes: number; parallelism: number; tagLength: number }[] = []
  const hasher = passwordHasher({
    random: { bytes: randomBytes },
    mostAtOnce,
    mostWaiting,
    argon2id(parameters) {
      const { memory, passes, parallelism, tagLength } = parameters
      work.push({ memory, passes, parallelism, tagLength })
      return argon2id(parameters)
    },
  })
  return { ...hasher, work }
}

/** The same, but no work ends before it is let go. */
function heldWorld(limits: { mostAtOnce: number; mostWaiting: number }) {
  const held: (() => void)[] = []
  const argon2id = ({ tagLength }: Argon2Parameters) =>
    new Promise<Uint8Array>((resolve) => held.push(() => resolve(Buffer.alloc(tagLength, 1))))
  return { ...world({ ...limits, argon2id }), held }
}

async function really(parameters: Argon2Parameters) {
  return argon2Sync('argon2id', parameters)
}
