import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { trustedProxies } from '../../src/inbound/web/address.ts'
import { csrfToken } from '../../src/inbound/web/csrf.ts'
import { doorPage } from '../../src/inbound/web/design/layout.ts'
import { html } from '../../src/inbound/web/html.ts'
import { json, page, seeOther } from '../../src/inbound/web/http.ts'
import type { Answered, Route, Site } from '../../src/inbound/web/routes.ts'
import { form, session, siteWith, visit } from './world.ts'

const signedIn = { cookie: `__Host-sallyport=${session}` }

describe('every answer', () => {
  for (const path of [
    '/mfa/page',
    '/mfa/no-such-page',
    '/mfa/broken',
    '/mfa/away',
    '/mfa/data',
    '/mfa/assets/none.css',
  ]) {
    test(`${path} says what browsers may do with it`, async () => {
      const { headers } = await world().send(path)
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none';/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /unsafe|\*|https?:/)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('referrer-policy'), 'same-origin')
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin')
      assert.equal(headers.get('strict-transport-security'), 'max-age=31536000')
      assert.equal(headers.get('cache-control'), 'no-store')
    })
  }

  test('without TLS nothing is said of strict transport', async () => {
    const { headers } = await world({ tls: false }).send('/mfa/page')
    assert.equal(headers.get('strict-transport-security'), null)
  })

  test('files of the design are kept for ever, under names of their content', async () => {
    const { send } = world()
    const text = await (await send('/mfa/page')).text()
    const files = [...text.matchAll(/(?:href|src)="(\/mfa\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
    assert.equal(files.length, 4)
    for (const path of files) {
      const { status, headers } = await send(path)
      assert.equal(status, 200)
      assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable')
      assert.deepEqual(headers.getSetCookie(), [])
    }
  })

  for (const [accept, encoding] of [
    ['gzip, deflate, br', 'gzip'],
    ['br;q=1.0, gzip;q=0.8', 'gzip'],
    ['gzip;q=0', null],
    ['identity', null],
  ] as const) {
    test(`is compressed for those who can read it so: ${accept}`, async () => {
      const response = await world().send('/mfa/page', { headers: { 'accept-encoding': accept } })
      assert.equal(response.headers.get('content-encoding'), encoding)
      assert.equal(response.headers.get('vary'), 'Accept-Encoding')
      const bytes = Buffer.from(await response.arrayBuffer())
      assert.match(String(encoding ? gunzipSync(bytes) : bytes), /^<!DOCTYPE html>/)
    })
  }
})

describe('what cannot be shown is a page that says what to do', () => {
  const rows: [what: string, path: string, init: RequestInit, status: number, words: RegExp][] = [
    ['an unknown path', '/mfa/none', {}, 404, /There is no page here/],
    ['an unknown path, posted', '/mfa/none', form({}), 404, /There is no page here/],
    ['another method', '/mfa/page', form({ csrf: csrfToken(session) }, signedIn), 405, /cannot be opened like that/],
    ['a method that nobody has', '/mfa/page', { method: 'DELETE' }, 405, /cannot be opened like that/],
    ['an error of ours', '/mfa/broken', {}, 500, /give this number: request-7/],
    ['a form from elsewhere', '/mfa/act', form({}), 403, /We did not accept that form/],
    ['no form at all', '/mfa/act', { method: 'POST', body: '{}' }, 415, /could not read that form/],
    ['a file that is none', '/mfa/assets/..%2f..%2fpackage.json', {}, 404, /There is no page here/],
    ['a path that does not decode', '/mfa/devices/%ff', {}, 200, /device/],
    ['a doubled slash', '/mfa//page', {}, 404, /There is no page here/],
  ]
  for (const [what, path, init, status, words] of rows) {
    test(`${what}: ${status}`, async () => {
      const response = await world().send(path, init)
      assert.equal(response.status, status)
      const text = await response.text()
      assert.match(text, words)
      assert.doesNotMatch(text, /secret detail|\.ts|node_modules|Error: secret/)
    })
  }

  test('405 names the methods there are', async () => {
    const { headers } = await world().send('/mfa/page', { method: 'PUT' })
    assert.equal(headers.get('allow'), 'GET')
  })

  test('an outage is 503, and the door’s own view of the error is kept', async () => {
    const { send } = world({ failure: () => 503 })
    const response = await send('/mfa/broken')
    assert.equal(response.status, 503)
    assert.match(await response.text(), /We cannot do this right now/)
  })

  test('when not even the settings can be had there is still a page', async () => {
    const { send, errors } = world({
      look: () => {
        throw new Error('secret detail')
      },
    })
    const response = await send('/mfa/page')
    assert.equal(response.status, 500)
    assert.match(await response.text(), /This did not work/)
    assert.equal(errors.length, 1)
  })

  test('in the language of the browser', async () => {
    const response = await world().send('/mfa/none', { headers: { 'accept-language': 'de-AT' } })
    assert.match(await response.text(), /<html lang="de"[\s\S]*Hier gibt es keine Seite/)
  })
})

describe('who may come in', () => {
  test('is asked of the door before each handler, with the row’s level', async () => {
    const asked: string[] = []
    const { send } = world({
      admit: async (who) => {
        asked.push(who)
        return who === 'anyone' ? undefined : { ...seeOther('/sign-in'), session: null }
      },
    })
    assert.equal((await send('/mfa/page')).status, 200)
    const refused = await send('/mfa/mine', { headers: signedIn })
    assert.equal(refused.status, 303)
    assert.equal(refused.headers.get('location'), '/mfa/sign-in')
    assert.match(
      refused.headers.getSetCookie().join('\n'),
      /^__Host-sallyport=; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=0$/m,
    )
    assert.deepEqual(asked, ['anyone', 'signed in'])
  })

  test('an error in the answer is a refusal', async () => {
    const { send } = world({
      admit: async () => {
        throw new Error('secret detail')
      },
    })
    assert.equal((await send('/mfa/mine')).status, 500)
  })

  for (const [what, cookie, seen] of [
    ['a token', `__Host-sallyport=${session}`, session],
    ['none', '', 'none'],
    ['two', `__Host-sallyport=${session}; __Host-sallyport=${visit}`, 'none'],
    ['an oversized one', `__Host-sallyport=${'a'.repeat(300)}`, 'none'],
    ['a broken one', '__Host-sallyport="><script>alert(1)</script>', 'none'],
    ['one without the prefix', `sallyport=${session}`, 'none'],
  ] as const) {
    test(`a session cookie with ${what}`, async () => {
      const response = await world().send('/mfa/mine', { headers: { cookie } })
      assert.equal(await response.text(), seen)
    })
  }
})

describe('a change of session', () => {
  test('sets the cookie and throws the visit away, so that older form tokens end', async () => {
    const { send } = world()
    const cookie = `__Host-sallyport-visit=${visit}`
    const response = await send('/mfa/act', form({ csrf: csrfToken(visit) }, { cookie }))
    assert.equal(response.status, 303)
    assert.deepEqual(response.headers.getSetCookie(), [
      '__Host-sallyport=new-session-of-ada-0123456789; Path=/; Secure; HttpOnly; SameSite=Lax',
      '__Host-sallyport-visit=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0',
    ])
  })
})

describe('the choice of language', () => {
  const choose = (fields: Record<string, string>) =>
    world().send('/mfa/language', form({ csrf: csrfToken(session), ...fields }, signedIn))

  test('is kept in a cookie, and leads back', async () => {
    const { status, headers } = await choose({ language: 'de', back: '/page?x=1' })
    assert.equal(status, 303)
    assert.equal(headers.get('location'), '/mfa/page?x=1')
    assert.match(headers.getSetCookie().join(), /^__Host-sallyport-language=de; .*Max-Age=31536000$/)
  })

  test('never leads elsewhere, and knows only our languages', async () => {
    const { headers } = await choose({ language: 'xx', back: '//evil.test' })
    assert.equal(headers.get('location'), '/mfa/')
    assert.deepEqual(headers.getSetCookie(), [])
  })
})

describe('a redirect', () => {
  test('stays on this site, or the handler has a mistake', () => {
    for (const to of ['//evil.test', '/\\evil.test', 'https://evil.test', 'account', ''])
      assert.throws(() => seeOther(to), TypeError)
  })

  test('takes any letters, and a line break stays inside', async () => {
    const { headers } = await world().send('/mfa/far')
    assert.equal(headers.get('location'), '/mfa/users/J%C3%B6rg%0D%0Ax')
  })
})

describe('what a handler sees', () => {
  test('paths without the base, parameters, the client behind a trusted proxy', async () => {
    const { send } = world({ trusts: trustedProxies(['192.0.2.1']) })
    const response = await send('/mfa/devices/a%20b?tab=2', { headers: { 'x-forwarded-for': '203.0.113.7' } })
    assert.equal(await response.text(), 'device a b at /devices/a%20b?tab=2 for 203.0.113.7')
  })

  test('the base without its slash leads to the first page', async () => {
    const { status, headers } = await world().send('/mfa')
    assert.deepEqual([status, headers.get('location')], [303, '/mfa/'])
  })

  test('each answer is reported with its row, not with the ids in its path', async () => {
    const answered: Answered[] = []
    const { send } = world({ answered: (facts) => answered.push(facts) })
    await send('/mfa/devices/7')
    assert.deepEqual(
      answered.map(({ route, status, method, id }) => ({ route, status, method, id })),
      [{ route: '/devices/:id', status: 200, method: 'GET', id: 'request-7' }],
    )
  })
})

/** A site below /mfa with one row for each kind of reply. */
function world(site: Partial<Site<'anyone' | 'signed in'>> = {}) {
  const routes: Route<'anyone' | 'signed in'>[] = [
    {
      method: 'GET',
      path: '/page',
      who: 'anyone',
      handler: (request) => page(doorPage(request, { heading: 'Page', body: '' })),
    },
    { method: 'GET', path: '/away', who: 'anyone', handler: () => seeOther('/page') },
    { method: 'GET', path: '/far', who: 'anyone', handler: () => seeOther('/users/Jörg\r\nx') },
    { method: 'GET', path: '/data', who: 'anyone', handler: () => json({ a: 1 }) },
    { method: 'GET', path: '/mine', who: 'signed in', handler: ({ session }) => page(html`${session ?? 'none'}`) },
    {
      method: 'POST',
      path: '/act',
      who: 'anyone',
      handler: () => seeOther('/page', { session: 'new-session-of-ada-0123456789' }),
    },
    {
      method: 'GET',
      path: '/devices/:id',
      who: 'anyone',
      handler: ({ params, path, address }) => page(html`device ${params.id} at ${path} for ${address}`),
    },
    {
      method: 'GET',
      path: '/broken',
      who: 'anyone',
      handler: () => {
        throw new Error('secret detail')
      },
    },
  ]
  return siteWith({ base: '/mfa', routes, ...site })
}
