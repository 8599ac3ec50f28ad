import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { trustedProxies } from '../../src/inbound/web/address.ts'
import { olgaPhone } from '../engine.ts'
import { hostile } from '../web/hostile-paths.ts'
import { alicePhone, base, castOf, portalWorld, type Seen, type Visitor, visitorWho, whenSent } from './world.ts'

/** For what changes nothing that another test looks at. */
const shared = await portalWorld({ settings: { 'password.free_tries': 10, 'lock.tries': 20, 'lock.budget': 100 } })
const visitorOf = await castOf(shared)

describe('a complaint', () => {
  const numbers: [typed: string, country: string, complaint: RegExp][] = [
    ['', 'US', /Enter your phone number/],
    ['206 555 01', 'US', /too short for the country you chose \(United States\)/],
    ['206 555 0177 1234', 'US', /too long for the country you chose \(United States\)/],
    ['call me', 'US', /That is not a phone number/],
    ['206 555 0177 ext. 12', 'US', /without an extension/],
    ['111 111 1111', 'US', /There is no such number in the country you chose \(United States\)/],
    ['900 234 5678', 'US', /There is no such number in the country you chose \(United States\)/],
    ['+44 20 7946 0', 'US', /./],
    ['2065550177', 'XX', /There is no such number/],
  ]
  for (const [typed, country, complaint] of numbers) {
    test(`of ${JSON.stringify(typed)} in ${country} stands beside the field, which keeps what was typed`, async () => {
      const bob = visitorOf('setting up')
      const seen = await bob.post('/setup/phone', { country, number: typed })
      assert.equal(seen.status, 422)
      assert.match(complaintAt(seen, 'number'), complaint)
      assert.equal(typedIn(seen, 'number'), typed)
      if (country !== 'XX') assert.match(seen.text, new RegExp(`<option value="${country}" selected>`))
      assert.ok(
        shared.phones.messages().every(({ to }) => to === alicePhone || to === olgaPhone),
        'nobody else was texted',
      )
    })
  }

  test('of a code stands beside the field, which keeps what was typed', async () => {
    const alice = visitorOf('half signed in')
    for (const [typed, complaint] of [
      ['', /Enter the code/],
      ['12 34 5', /That isn’t the code we expected. \d tries left/],
    ] as const) {
      const seen = await alice.post('/second-step', { code: typed })
      assert.equal(seen.status, 422)
      assert.match(complaintAt(seen, 'code'), complaint)
      assert.equal(typedIn(seen, 'code'), typed)
    }
  })

  test('of a password comes without the password, and with the name', async () => {
    const them = shared.visitor()
    for (const [username, typed, at] of [
      ['alice', 'canary-of-a-password', 'password'],
      ['Jörg "Ö" <b>', 'canary-of-a-password', 'password'],
      ['alice', '', 'password'],
      ['', 'canary-of-a-password', 'username'],
    ] as const) {
      const seen = await them.post('/sign-in', { username, password: typed })
      assert.equal(seen.status, 422)
      assert.match(complaintAt(seen, at), /./)
      assert.equal(typedIn(seen, 'username'), username)
      assert.doesNotMatch(seen.text, /canary/)
    }
  })
})

describe('the way back', () => {
  for (const to of hostile) {
    test(`never leads to ${JSON.stringify(to.slice(0, 40))}`, async () => {
      const them = visitorOf('half signed in')
      const ask = `/second-step?to=${encodeURIComponent(to)}`
      for (const { text } of [await them.get(ask), await them.get(ask.replace('?', '/ways?'))]) {
        assert.doesNotMatch(text.replace(/name="back" value="[^"]*"/, ''), /name="to"|[?&;]to=/)
      }
      const { location } = await them.post(`/second-step/send?to=${encodeURIComponent(to)}`)
      assert.match(location ?? '', /^\/second-step\?way=text(&notice=too-soon)?$/)
      const switched = await them.post('/language', { language: 'en', back: to })
      if (switched.status !== 400) assert.equal(switched.location, '/')
    })
  }

  test('after the second step is the page that asked for it, and never a hostile one', async () => {
    const world = await portalWorld()
    const alice = await visitorWho('signed in', world)
    const prove = async (to: string) => {
      const { code } = await world.codeAfter(alicePhone, () => alice.post('/second-step/send'))
      return (await alice.post(`/second-step?to=${encodeURIComponent(to)}`, { code })).location
    }
    assert.equal(await prove('/account/method'), '/account/method')
    assert.equal(await prove('//evil.test'), '/account')
    assert.equal(await prove('/\\evil.test'), '/account')
  })
})

describe('headers that anybody can write', () => {
  const forged = {
    host: 'evil.test',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '81',
    'x-forwarded-prefix': '/evil',
    forwarded: 'host=evil.test;proto=http;for=203.0.113.9',
    'x-original-url': '/account',
    'x-rewrite-url': '/account',
    'x-http-method-override': 'POST',
    'x-forwarded-for': '203.0.113.9',
    'x-real-ip': '203.0.113.9',
  }

  test('change no page, no redirect and no cookie', async () => {
    // A page that says that a text is on its way says something else a moment later.
    await whenSent(visitorOf('half signed in'), '/second-step')
    for (const level of ['nobody', 'half signed in', 'setting up', 'signed in'] as const) {
      const them = visitorOf(level)
      for (const path of ['/', '/sign-in', '/second-step', '/setup', '/setup/phone', '/account', '/nothing']) {
        const [honest, lied] = [await them.get(path), await them.get(path, { headers: forged })]
        assert.deepEqual([lied.status, lied.location], [honest.status, honest.location], path)
        assert.equal(alike(lied.text), alike(honest.text), path)
        assert.doesNotMatch(lied.text + [...lied.headers].join(), /evil|203\.0\.113/)
      }
    }
  })

  test('the address of a person is the peer’s, unless the peer is a proxy that is trusted', async () => {
    for (const [trusts, recorded] of [
      [undefined, '192.0.2.7'],
      [trustedProxies(['192.0.2.7']), '203.0.113.9'],
    ] as const) {
      const world = await portalWorld({ ...(trusts && { trusts }) })
      const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9', 'x-real-ip': '198.51.100.2' }
      await world.visitor().post('/sign-in', { username: 'alice', password: 'x' }, { headers })
      const [row] = await world.database.rows({
        parts: ["SELECT address FROM audit WHERE what = 'password.wrong'"],
        values: [],
      })
      assert.equal(row?.address, recorded)
    }
  })
})

describe('the choice of language keeps the place', () => {
  for (const [level, path] of [
    ['nobody', '/sign-in?notice=signed-out'],
    ['half signed in', '/second-step?way=text&to=%2Faccount%2Fphone'],
    ['half signed in', '/second-step/ways?to=%2Faccount'],
    ['setting up', '/setup'],
    ['setting up', '/setup/phone'],
    ['signed in', '/account'],
    ['signed in', '/account/activity'],
    ['signed in', '/account/phone'],
    ['signed in', '/nothing-here?x=1'],
  ] as const) {
    test(`${level}, at ${path}`, async () => {
      const them = visitorOf(level)
      const { location } = await them.post('/language', { language: 'de', back: backOf(await them.get(path)) })
      assert.equal(location, path)
      assert.match((await them.get(path)).text, /<html lang="de"/)
      assert.equal(them.jar.get('__Host-sallyport-language'), 'de')
    })
  }

  test('after a wrong code of another way it is still that way, and still leads back', async () => {
    const world = await portalWorld()
    const alice = world.visitor()
    const { session } = await world.proveToken(await world.signIn('alice', alicePhone))
    alice.holds(session)
    await alice.get('/second-step?way=oath&to=%2Faccount%2Fphone')

    const seen = await sendForm(alice, await alice.get('/second-step?way=oath&to=%2Faccount%2Fphone'), {
      code: '000000',
    })

    assert.equal(seen.status, 422)
    const again = await alice.get(backOf(seen))
    assert.match(again.text, /Enter the code from your app or token/)
    assert.match(again.text, /to=%2Faccount%2Fphone/)
  })
})

/** As a browser sends the page's own form: to where it leads, with what stands in it. */
async function sendForm(them: Visitor, { text }: Seen, typed: Record<string, string>): Promise<Seen> {
  const [, action = '', inner = ''] =
    /<form method="post" action="([^"]*)"(?! class)[^>]*>([\s\S]*?)<\/form>/.exec(text) ?? []
  const hidden = [...inner.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)]
  const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, plain(value)]))
  return them.post(plain(action).slice(base.length), { ...fields, ...typed })
}

/** What assistive technology reads with the field. */
function complaintAt({ text }: Seen, name: string): string {
  assert.match(text, /<title>Error: /)
  const input = new RegExp(`<input[^>]* id="${name}"[^>]*>`).exec(text)?.[0] ?? assert.fail(`no field ${name}`)
  assert.match(input, /aria-invalid="true"/)
  const described = /aria-describedby="([^"]+)"/.exec(input)?.[1] ?? assert.fail('not described')
  const [, line = ''] = new RegExp(`<p class="complaint" id="${described}">([\\s\\S]*?)</p>`).exec(text) ?? []
  return line.replace(/<[^>]+>/g, '').replace(/^Error: /, '')
}

function typedIn({ text }: Seen, name: string): string {
  const input = new RegExp(`<input[^>]* id="${name}"[^>]*>`).exec(text)?.[0] ?? assert.fail(`no field ${name}`)
  return plain(/ value="([^"]*)"/.exec(input)?.[1] ?? '')
}

const backOf = ({ text }: Seen): string =>
  plain(/name="back" value="([^"]*)"/.exec(text)?.[1] ?? assert.fail('no choice'))
const plain = (escaped: string) => escaped.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
/** Without what is another at each look: the form token, and the seconds until the code expires. */
const alike = (text: string) =>
  text.replace(/name="csrf" value="[^"]+"/g, '').replace(/http-equiv="refresh" content="\d+"/, '')
