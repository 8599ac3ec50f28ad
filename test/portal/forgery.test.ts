import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { admits, portalRoutes } from '../../src/inbound/portal/routes.ts'
import { base, everything, formType, origin, password, portalWorld, type Visitor, visitorWho } from './world.ts'

const posts = [...portalRoutes.filter(({ method }) => method === 'POST'), { path: '/language', who: 'anyone' } as const]
/** What a forged form would ask for. */
const fields = {
  username: 'alice',
  password,
  method: 'oath',
  country: 'US',
  number: '2065550199',
  code: '123456',
  language: 'de',
  all: 'yes',
}
const world = await portalWorld()
const people = {
  nobody: await visitorWho('nobody', world),
  'half signed in': await visitorWho('half signed in', world),
  'setting up': await visitorWho('setting up', world),
  'signed in': await visitorWho('signed in', world),
}
const mallory = await visitorWho('half signed in', world)

type Forgery = { csrf?: string; headers?: Record<string, string> }
const forgeries: [what: string, make: (them: Visitor) => Promise<Forgery>][] = [
  ['no token', async () => ({})],
  ['an empty token', async () => ({ csrf: '' })],
  ['a token of another browser', async () => ({ csrf: await mallory.token() })],
  ['a token of a visitor who is not signed in', async () => ({ csrf: await world.visitor().token() })],
  ['a token cut short', async (them) => ({ csrf: (await them.token()).slice(0, -1) })],
  ['the cookie as the token', async (them) => ({ csrf: them.session ?? 'none' })],
  ...['https://evil.test', 'null', 'http://portal.test.evil.test', 'https://portal.test:444'].map(
    (from): (typeof forgeries)[number] => [
      `the right token, from ${from}`,
      async (them) => ({ csrf: await them.token(), headers: { origin: from } }),
    ],
  ),
  ...['cross-site', 'same-site', 'none'].map((site): (typeof forgeries)[number] => [
    `the right token, Sec-Fetch-Site: ${site}`,
    async (them) => ({ csrf: await them.token(), headers: { 'sec-fetch-site': site, origin } }),
  ]),
]

describe('a form that is not from our page changes nothing', () => {
  for (const [what, make] of forgeries) {
    test(`${what}: 403 at every form, for everyone`, async () => {
      const before = await everything(world)
      for (const { path, who } of posts) {
        for (const [name, them] of Object.entries(people)) {
          const { csrf, headers = {} } = await make(them)
          const body = new URLSearchParams({ ...(csrf !== undefined && { csrf }), ...fields }).toString()
          const { status, text, cookies } = await them.ask(
            path,
            { method: 'POST', body, headers: formType },
            { headers },
          )
          assert.equal(status, 403, `${path} (${who}), ${name}`)
          assert.match(text, /We did not accept that form/)
          assert.ok(!cookies.some((cookie) => cookie.startsWith('__Host-sallyport=')), path)
        }
      }
      assert.deepEqual(await everything(world), before)
    })
  }

  test('and the right token from the right place is taken', async () => {
    const sent = { headers: { origin, 'sec-fetch-site': 'same-origin' } }
    for (const { path, who } of posts.filter(({ path }) => !path.startsWith('/sign-'))) {
      for (const [name, them] of Object.entries(people)) {
        if (who !== 'anyone' && !admits[who].some((level) => level === name)) continue
        assert.notEqual((await them.post(path, {}, sent)).status, 403, `${path}, ${name}`)
      }
    }
  })
})

describe('what was planted before somebody signs in', () => {
  test('a visit cookie that is known to another makes no form of the session', async () => {
    const { visitor } = await portalWorld()
    const [planter, bob] = [visitor(), visitor()]
    const planted = await planter.token()
    bob.jar.set('__Host-sallyport-visit', planter.jar.get('__Host-sallyport-visit') ?? assert.fail('no visit'))

    assert.equal((await bob.post('/sign-in', { csrf: planted, username: 'bob', password })).location, '/setup')

    assert.equal(bob.jar.get('__Host-sallyport-visit'), undefined, 'it is taken away')
    const { status } = await bob.post('/setup', { csrf: planted, method: 'oath' })
    assert.equal(status, 403)
    bob.jar.set('__Host-sallyport-visit', planter.jar.get('__Host-sallyport-visit') ?? '')
    assert.equal((await bob.post('/setup', { csrf: planted, method: 'oath' })).status, 403, 'planted again')
  })

  test('a session cookie of somebody else never becomes the session of who signs in', async () => {
    const world = await portalWorld()
    const planter = await visitorWho('half signed in', world)
    const bob = world.visitor()
    const planted = planter.session ?? assert.fail('no session')
    bob.holds(planted)

    await bob.post('/sign-in', { username: 'bob', password })

    assert.notEqual(bob.session, planted)
    assert.equal((await planter.get('/')).location, '/second-step', 'the planter is where the planter was')
  })

  test('the cookie of each step is dead after the next, and of the last after signing out', async () => {
    const world = await portalWorld()
    const alice = world.visitor()
    const { code } = await world.codeAfter('+12065550100', () =>
      alice.post('/sign-in', { username: 'alice', password }),
    )
    const half = alice.session ?? assert.fail('no session')
    await alice.post('/second-step', { code })
    const whole = alice.session ?? assert.fail('no session')
    assert.notEqual(whole, half)
    await alice.post('/sign-out')
    assert.equal(alice.session, undefined)

    for (const dead of [half, whole]) {
      const thief = world.visitor()
      thief.holds(dead)
      for (const path of ['/account', '/second-step', '/account/activity']) {
        assert.equal((await thief.get(path)).location, '/', path)
      }
    }
  })
})

describe('every answer of the portal', () => {
  const pages = ['/', '/nothing-here', '/assets/none.css', ...portalRoutes.map(({ path }) => path)]
  for (const [name, them] of Object.entries(people)) {
    test(`${name}: is kept by no cache, framed by nobody, and takes no script but ours`, async () => {
      for (const path of pages) {
        const { headers, status, text } = await them.get(path)
        const about = `${path} ${status}`
        assert.equal(headers.get('cache-control'), 'no-store', about)
        assert.match(
          headers.get('content-security-policy') ?? '',
          /^default-src 'none'; .*frame-ancestors 'none'/,
          about,
        )
        assert.equal(headers.get('x-content-type-options'), 'nosniff', about)
        assert.equal(headers.get('referrer-policy'), 'same-origin', about)
        assert.equal(headers.get('strict-transport-security'), 'max-age=31536000', about)
        assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)|\son[a-z]+=|style=/, about)
      }
    })
  }

  test('cookies are for this host alone, over TLS, out of reach for scripts', async () => {
    const { visitor } = await portalWorld()
    const bob = visitor()
    const set = [
      ...(await bob.get('/sign-in')).cookies,
      ...(await bob.post('/sign-in', { username: 'bob', password })).cookies,
    ]
    assert.equal(set.length, 3)
    for (const cookie of set)
      assert.match(cookie, /^__Host-[\w-]+=[\w-]*; Path=\/; Secure; HttpOnly; SameSite=Lax(; Max-Age=0)?$/)
  })

  test('outside its folder there is a page too, and the root leads into it', async () => {
    const at = async (path: string) => world.send(path)
    assert.deepEqual([(await at('/')).status, (await at('/')).headers.get('location')], [303, `${base}/`])
    const missing = await at('/favicon.ico')
    assert.equal(missing.status, 404)
    assert.match(await missing.text(), /There is no page here/)
    for (const response of [await at('/'), missing]) {
      assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
      assert.equal(response.headers.get('cache-control'), 'no-store')
    }
  })
})

describe('other methods', () => {
  test('HEAD says what GET says, without its body, and waits for nothing', async () => {
    for (const { path, method } of portalRoutes) {
      if (method !== 'GET') continue
      for (const [name, them] of Object.entries(people)) {
        const [head, get] = [await them.ask(path, { method: 'HEAD' }), await them.get(path)]
        assert.deepEqual([head.status, head.location, head.text], [get.status, get.location, ''], `${path}, ${name}`)
      }
    }
  })

  test('no other is taken, whoever asks, and nothing happens', async () => {
    const before = await everything(world)
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'x']) {
      for (const { path } of portalRoutes) {
        const { status, headers } = await people['signed in'].ask(path, { method })
        assert.equal(status, 405, `${method} ${path}`)
        assert.match(headers.get('allow') ?? '', /^(GET|POST|GET, POST)$/)
      }
    }
    assert.deepEqual(await everything(world), before)
  })
})
