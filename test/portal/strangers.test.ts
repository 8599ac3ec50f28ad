import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { after, describe, test } from 'node:test'
import { alicePhone, password, portalWorld, type Seen } from './world.ts'

/** Every argon2 that this process computes. */
const hashes = countedArgon2()
const names = {
  'somebody enrolled': 'alice',
  'somebody not enrolled': 'bob',
  'somebody disabled': 'dora',
  'somebody disabled, with the right password': 'dora',
  'somebody whose second step is locked': 'luke',
  'somebody locked until an administrator helps': 'lena',
  'somebody without a password': 'nick',
  nobody: 'nobody-here',
  'a name that nobody can have': 'no\tbody',
  'a very long name': 'n'.repeat(256),
} as const
type Who = keyof typeof names
const whos = Object.keys(names) as Who[]
const typed = (who: Who) => (who.endsWith('the right password') ? password : 'a wrong password')
const { visitor, phones, database } = await peopleInEveryState()
let places = 0

describe('a stranger with a wrong password', () => {
  for (const who of whos) {
    test(`learns of ${who} what is learnt of nobody, for the same work`, async () => {
      const [known, unknown] = [await fail(who), await fail('nobody')]
      assert.equal(unknown.seen.status, 422)
      assert.deepEqual(known, unknown)
      assert.equal(known.hashes, 1)
    })
  }

  test('is slowed in the same way whoever it is, and is told so on the same page', async () => {
    const series = async (who: Who) => {
      const from = newPlace()
      const all = []
      for (let i = 0; i < 6; i++) all.push(await fail(who, from))
      return all
    }
    const ofNobody = await series('nobody')
    assert.deepEqual(
      ofNobody.map(({ seen, hashes }) => [seen.status, hashes]),
      [422, 422, 422, 422, 429, 429].map((status) => [status, status === 422 ? 1 : 0]),
    )
    assert.match(ofNobody[4]?.seen.text ?? '', /Too many tries/)
    for (const who of whos) assert.deepEqual(await series(who), ofNobody, who)
  })

  test('sends no text to anyone, and is remembered for whom it concerns', async () => {
    const written = async () =>
      database.rows({ parts: ["SELECT what FROM audit WHERE what LIKE 'password.%' ORDER BY seq"], values: [] })
    const before = (await written()).length
    for (const who of whos) await fail(who)
    assert.deepEqual(phones.messages(), [])
    const rows = (await written()).slice(before)
    assert.equal(rows.filter(({ what }) => what === 'password.wrong').length, 7)
    assert.equal(rows.filter(({ what }) => what === 'password.unknown-user').length, 3)
  })
})

test('whoever is locked learns so only with the right password', async () => {
  const luke = visitor()
  assert.equal((await luke.post('/sign-in', { username: 'luke', password })).location, '/second-step')
  const { status, text } = await luke.get('/second-step')
  assert.equal(status, 429)
  assert.match(text, /Too many wrong answers/)
})

function countedArgon2() {
  const { argon2 } = crypto
  const counted = { count: 0 }
  crypto.argon2 = (...all: Parameters<typeof argon2>) => {
    counted.count++
    return argon2(...all)
  }
  syncBuiltinESMExports()
  after(() => {
    crypto.argon2 = argon2
    syncBuiltinESMExports()
  })
  return counted
}

/** A portal whose people are in every state that a stranger could ask about. */
async function peopleInEveryState() {
  const world = await portalWorld({ atFullCost: true })
  for (const name of ['dora', 'luke', 'lena']) await world.add(name, { phone: alicePhone, method: 'text' })
  await world.api.addUser(world.operator, { username: 'nick', phone: alicePhone, method: 'text' })
  const set = (text: string) => world.database.write((tx) => tx.rows({ parts: [text], values: [] }))
  await set("UPDATE users SET disabled_at = 1 WHERE username = 'dora'")
  await set("UPDATE users SET failures = 5, locked_until = 9999999999999 WHERE username = 'luke'")
  await set("UPDATE users SET failures = 10 WHERE username = 'lena'")
  return world
}

/** What a stranger gets, and what it cost. */
async function fail(who: Who, from = newPlace()) {
  const them = visitor()
  const csrf = await them.token()
  const before = hashes.count
  const seen = await them.post('/sign-in', { csrf, username: names[who], password: typed(who) }, { from })
  return { seen: alike(seen, names[who]), hashes: hashes.count - before, cookies: [...them.jar.keys()] }
}

/** An address that nobody came from before. */
function newPlace(): string {
  return `198.51.100.${++places}`
}

/** Without what differs from visit to visit: the form token, the name that was typed, the moment to try again. */
function alike({ status, headers, text, location, cookies }: Seen, name: string) {
  const same = text
    .replaceAll(/name="csrf" value="[^"]+"/g, '')
    .replaceAll(` value="${name.trim()}"`, ' value="NAME"')
    .replaceAll(/datetime="[^"]+"/g, '')
  return { status, headers: [...headers], text: same, location, cookies }
}
