import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Bar } from '../../src/core/directory.ts'
import { AppError } from '../../src/core/errors.ts'
import { site } from '../engine.ts'
import { authenticator, type Lies } from '../passkey/authenticator.ts'
import { alicePhone, base, password, portalWorld, type Seen, type Visitor, visitorWho } from './world.ts'

const settings = { 'portal.passkey_sign_in': true }

describe('the pages of passkeys', () => {
  test('in User Setup one is made, and signs in from then on', async () => {
    const { world, bob, browser } = await enrolled()
    assert.equal((await bob.get('/account?done=setup')).status, 200)
    const again = world.visitor()
    assert.equal((await again.post('/sign-in', { username: 'bob', password })).location, '/second-step')
    const page = await again.get('/second-step')
    assert.match(page.text, /<form[^>]*data-passkey="get"[^>]*data-ask="\/MultiFactorAuth\/second-step\/passkey\/ask"/)
    assert.match(page.text, /<script type="module" src="\/MultiFactorAuth\/assets\/passkey-[0-9a-f]{12}\.js">/)

    const { options } = await asked(again, '/second-step/passkey/ask')
    const answered = await again.post('/second-step/passkey?to=/account/method', { credential: browser.get(options) })
    assert.equal(answered.location, '/account/method')
    assert.equal((await again.get('/account')).status, 200)
  })

  test('the script is served once, for ever, and is nothing that a page holds inside', async () => {
    const { world } = await enrolled()
    const [, name = ''] = /assets\/(passkey-[^"]+)/.exec((await world.visitor().get('/sign-in')).text) ?? []
    const script = await world.visitor().get(`/assets/${name}`)
    assert.match(script.headers.get('cache-control') ?? '', /immutable/)
    assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/)
  })

  test('without script a form says what it needs, and nothing is counted', async () => {
    const { world, bob } = await enrolled()
    const half = world.visitor()
    await half.post('/sign-in', { username: 'bob', password })
    for (const path of ['/second-step/passkey?to=/account', '/second-step/passkey']) {
      const seen = await half.post(path, { credential: '' })
      assert.deepEqual([seen.status, /A passkey needs JavaScript/.test(seen.text)], [422, true])
      assert.match(seen.text, /Use another way to prove it’s you/)
    }
    const add = await bob.post('/account/passkey', { credential: '', name: 'My "own"' })
    assert.deepEqual([add.status, /value="My &#34;own&#34;"/.test(add.text)], [422, true])
    const alone = await world.visitor().post('/sign-in/passkey', { credential: '' })
    assert.equal(alone.location, '/sign-in?notice=passkey-script')
    assert.match((await world.visitor().get(alone.location ?? '')).text, /A passkey needs JavaScript/)
    const [row] = await world.database.rows({
      parts: ["SELECT failures FROM users WHERE username = 'bob'"],
      values: [],
    })
    assert.equal(Number(row?.failures), 0)
  })

  test('a wrong answer says how many tries are left, and the fifth leads to the page that says until when', async () => {
    const { world, browser } = await enrolled()
    const half = world.visitor()
    await half.post('/sign-in', { username: 'bob', password })
    const wrong = async () => {
      const { options } = await asked(half, '/second-step/passkey/ask')
      return half.post('/second-step/passkey', { credential: browser.get(options, { signature: new Uint8Array(70) }) })
    }
    for (const left of ['4 tries', '3 tries', '2 tries', '1 try']) {
      const seen = await wrong()
      assert.equal(seen.status, 422)
      assert.match(seen.text, new RegExp(`We could not accept that passkey. ${left} left`))
    }
    assert.equal((await wrong()).location, '/second-step')
    assert.equal((await half.get('/second-step')).status, 429)
    const csrf = await half.token()
    const { text } = await half.post('/second-step/passkey/ask', { csrf })
    assert.deepEqual(JSON.parse(text), { go: `${base}/second-step` })
  })

  test('one of several is renamed and removed; the last is not, and the page says so instead of going round', async () => {
    const { bob, browser } = await enrolled()
    await add(bob, authenticator(site), 'Spare <key>')
    const account = (await bob.get('/account?done=passkey')).text
    assert.match(account, /Spare &#60;key&#62;/)
    const [first = '', spare = ''] = [...account.matchAll(/\/account\/passkeys\/([\w-]+)\/remove/g)].map(([, id]) => id)
    assert.match((await bob.get(`/account/passkeys/${spare}/name`)).text, /value="Spare &#60;key&#62;"/)
    assert.equal((await bob.post(`/account/passkeys/${spare}/name`, { name: ' ' })).status, 422)
    const renamed = await bob.post(`/account/passkeys/${spare}/name`, { name: 'Keyring' })
    assert.equal(renamed.location, '/account?done=passkey-renamed')

    assert.match((await bob.get(`/account/passkeys/${spare}/remove`)).text, /“Keyring” will not be accepted any more/)
    const removed = await bob.post(`/account/passkeys/${spare}/remove`)
    assert.equal(removed.location, '/account?done=passkey-removed')
    const last = await bob.post(`/account/passkeys/${first}/remove`)
    assert.equal(last.location, `/account/passkeys/${first}/remove?last=yes`)
    assert.match((await bob.get(last.location ?? '')).text, /This is your only way in/)
    assert.equal(browser.keys.length, 1)
  })

  test('another’s passkey is not there: its pages lead to one’s own account, and its forms change nothing', async () => {
    const { world, bob } = await enrolled()
    const [, id = ''] = /\/account\/passkeys\/([\w-]+)\/remove/.exec((await bob.get('/account')).text) ?? []
    const alice = await visitorWho('signed in', world)
    for (const path of [`/account/passkeys/${id}/name`, `/account/passkeys/${id}/remove`]) {
      assert.equal((await alice.get(path)).location, '/account')
      assert.equal((await alice.post(path, { name: 'Mine' })).location, '/account')
    }
    assert.match((await bob.get('/account')).text, new RegExp(id))
  })

  test('the eleventh is not begun, and the page says why', async () => {
    const { bob } = await enrolled()
    for (let i = 2; i <= 10; i++) await add(bob, authenticator(site), `Key ${i}`)
    const { text } = await bob.post('/account/passkey/offer')
    const { go } = JSON.parse(text) as { go: string }
    assert.match((await bob.get(go.slice(base.length))).text, /as many passkeys as one can have/)
  })
})

describe('a passkey alone, at the sign-in page', () => {
  test('signs in, and the cookie of before is replaced', async () => {
    const { world, browser } = await enrolled()
    const them = world.visitor()
    const seen = await alone(them, (options) => browser.get(options))
    assert.equal(seen.location, '/account')
    assert.equal((await them.get('/account')).status, 200)
  })

  test('tells nothing of which passkeys and people there are', async () => {
    const { world, browser } = await enrolled()
    const strangers = authenticator(site)
    strangers.create({ ...(await offered(await visitorWho('signed in', world), '/account')), excludeCredentials: [] })
    const seen: Seen[] = []
    for (const [from, lie] of [
      [browser, { signature: new Uint8Array(70) }],
      [browser, { verified: false }],
      [browser, { userHandle: undefined }],
      [browser, { counter: 0 }],
      [strangers, {}],
    ] as [typeof browser, Lies][]) {
      if (lie.counter === 0) await alone(world.visitor(), (options) => browser.get(options))
      seen.push(await alone(world.visitor(), (options) => from.get(options, lie)))
    }
    seen.push(await alone(world.visitor(), () => '{"id":"x"}'))
    const [first, ...others] = seen.map(({ status, location, text, cookies, headers }) => ({
      ...{ status, location, text, cookies },
      headers: [...headers].filter(([name]) => name !== 'set-cookie'),
    }))
    assert.equal(first?.location, '/sign-in?notice=passkey-refused')
    for (const other of others) assert.deepEqual(other, first)
  })

  test('waits, on a page that says so, where it was tried too often', async () => {
    const { world } = await enrolled()
    const them = world.visitor()
    for (let i = 0; i < 60; i++) await asked(them, '/sign-in/passkey/begin')
    const { text } = await them.post('/sign-in/passkey/begin')
    const { go } = JSON.parse(text) as { go: string }
    assert.match((await them.get(go.slice(base.length))).text, /That was tried too often from here/)
  })

  test('is told that the second step is locked, once it has proven who it is', async () => {
    const { world, browser } = await enrolled()
    await world.database.write((tx) =>
      tx.rows({
        parts: ["UPDATE users SET failures = 5, locked_until = 9999999999999 WHERE username = 'bob'"],
        values: [],
      }),
    )
    const seen = await alone(world.visitor(), (options) => browser.get(options))
    assert.equal(seen.location, '/sign-in?notice=passkey-locked')
    assert.match((await world.visitor().get(seen.location ?? '')).text, /your second step is locked/)
  })

  test('is told what the directory says to whoever it has proven, and that it does not answer', async () => {
    const said: { bar?: Bar; down?: boolean } = {}
    const barred = async () => {
      if (said.down) throw new AppError('directory.unreachable')
      return said.bar
    }
    const { world, browser } = await enrolled({ around: (inner) => ({ ...inner, barred }) })
    const seen = () => alone(world.visitor(), (options) => browser.get(options))
    said.bar = 'hours'
    assert.equal((await seen()).location, '/sign-in?notice=hours')
    said.bar = 'disabled'
    assert.equal((await seen()).location, '/sign-in?notice=passkey-refused')
    said.down = true
    const { status, text } = await seen()
    assert.equal(status, 503)
    assert.match(text, /We cannot check accounts right now/)
    assert.match(text, /nothing to do with your passkey. Try again in a few minutes. .*request-7/s)
    assert.match(text, /data-ask="\/MultiFactorAuth\/sign-in\/passkey\/begin"/, 'it can be tried again from there')
  })

  test('is neither shown nor taken where it is switched off', async () => {
    const world = await portalWorld()
    const them = world.visitor()
    assert.doesNotMatch((await them.get('/sign-in')).text, /passkey/i)
    const { text } = await them.post('/sign-in/passkey/begin')
    assert.deepEqual(JSON.parse(text), { go: `${base}/sign-in` })
    assert.equal((await them.post('/sign-in/passkey', { id: 'x', credential: '{}' })).location, '/sign-in')
  })
})

type Browser = ReturnType<typeof authenticator>
type CreationOptions = Parameters<Browser['create']>[0]
type RequestOptions = Parameters<Browser['get']>[0]

/** What the script of a page fetches. */
async function asked(them: Visitor, path: string): Promise<{ id: string; options: RequestOptions }> {
  const { status, text, headers } = await them.post(path)
  assert.deepEqual([status, headers.get('content-type')], [200, 'application/json'])
  return JSON.parse(text)
}

async function offered(them: Visitor, journey: '/setup' | '/account'): Promise<CreationOptions> {
  const { options } = JSON.parse((await them.post(`${journey}/passkey/offer`)).text) as { options: CreationOptions }
  return options
}

async function add(them: Visitor, browser: Browser, name: string): Promise<void> {
  const credential = browser.create(await offered(them, '/account'))
  assert.equal((await them.post('/account/passkey', { credential, name })).location, '/account?done=passkey')
}

async function alone(them: Visitor, answer: (options: RequestOptions) => string): Promise<Seen> {
  const csrf = await them.token()
  const { id, options } = await asked(them, '/sign-in/passkey/begin')
  return them.post('/sign-in/passkey', { csrf, id, credential: answer(options) })
}

/** Bob, who has enrolled with a passkey of `browser` and is signed in. */
async function enrolled(options: Parameters<typeof portalWorld>[0] = {}) {
  const world = await portalWorld({ settings, ...options })
  const bob = await visitorWho('setting up', world)
  assert.equal((await bob.post('/setup', { method: 'passkey' })).location, '/setup/passkey')
  const browser = authenticator(site)
  const credential = browser.create(await offered(bob, '/setup'))
  const seen = await bob.post('/setup/passkey', { credential })
  assert.equal(seen.location, '/account?done=setup')
  assert.deepEqual(world.phones.messages(alicePhone), [])
  return { world, bob, browser }
}
