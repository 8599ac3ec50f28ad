import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { csrfMatches, csrfToken } from '../../src/inbound/web/csrf.ts'
import { html } from '../../src/inbound/web/html.ts'
import { page } from '../../src/inbound/web/http.ts'
import { form, session, siteWith, visit } from './world.ts'

const rows: [situation: string, headers: Record<string, string>, token: string | undefined, status: number][] = [
  [
    'a form of ours, in a browser that says where it comes from',
    { origin: 'http://portal.test', 'sec-fetch-site': 'same-origin' },
    csrfToken(session),
    200,
  ],
  ['a form of ours, in an old browser that says nothing', {}, csrfToken(session), 200],
  ['the public origin that was configured', { origin: 'https://mfa.example.org' }, csrfToken(session), 200],
  ['no token', { origin: 'http://portal.test' }, undefined, 403],
  ['an empty token', {}, '', 403],
  ['a token with another signature', {}, csrfToken(session).replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')), 403],
  ['a token cut short', {}, csrfToken(session).split('.')[0], 403],
  ['the token of another session', {}, csrfToken('another-session-of-somebody-else'), 403],
  ['the token from before sign-in', {}, csrfToken(visit), 403],
  ['another site with a stolen token', { origin: 'https://evil.test' }, csrfToken(session), 403],
  ['another port of the same host', { origin: 'http://portal.test:81' }, csrfToken(session), 403],
  ['a subdomain', { origin: 'http://x.portal.test' }, csrfToken(session), 403],
  ['a sandboxed frame', { origin: 'null' }, csrfToken(session), 403],
  ['an origin that is none', { origin: 'portal.test' }, csrfToken(session), 403],
  ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }, csrfToken(session), 403],
  [
    'a browser that says same-site',
    { 'sec-fetch-site': 'same-site', origin: 'http://portal.test' },
    csrfToken(session),
    403,
  ],
]

describe('a form is taken only from a page of ours', () => {
  for (const [situation, headers, token, status] of rows) {
    test(`${situation}: ${status}`, async () => {
      const { send, handled } = world()
      const response = await send(
        '/act',
        form({ ...(token !== undefined && { csrf: token }) }, { cookie: `__Host-sallyport=${session}`, ...headers }),
      )
      assert.equal(response.status, status)
      assert.equal(handled(), status === 200 ? 1 : 0)
      if (status === 403) assert.match(await response.text(), /Nothing was changed. Go back, reload the page/)
    })
  }

  test('before sign-in the visit cookie stands in for the session', async () => {
    const { send } = world()
    const cookie = `__Host-sallyport-visit=${visit}`
    assert.equal((await send('/act', form({ csrf: csrfToken(visit) }, { cookie }))).status, 200)
    assert.equal((await send('/act', form({ csrf: csrfToken(session) }, { cookie }))).status, 403)
    assert.equal((await send('/act', form({ csrf: csrfToken(visit) }))).status, 403, 'without the cookie')
  })

  test('the first page brings the visit cookie whose token its forms carry', async () => {
    const { send } = world()
    const shown = await send('/show')
    const [cookie = ''] = shown.headers.getSetCookie()
    assert.match(cookie, /^__Host-sallyport-visit=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
    const csrf = await shown.text()
    assert.equal((await send('/act', form({ csrf }, { cookie: cookie.split(';')[0] ?? '' }))).status, 200)
  })

  test('a planted second cookie is not believed', async () => {
    const { send } = world()
    const cookie = `__Host-sallyport-visit=${visit}; __Host-sallyport-visit=planted-by-somebody-else`
    assert.equal((await send('/act', form({ csrf: csrfToken('planted-by-somebody-else') }, { cookie }))).status, 403)
    assert.equal((await send('/act', form({ csrf: csrfToken(visit) }, { cookie }))).status, 403)
  })

  test('each page has another token, and all of them count', () => {
    const [one, two] = [csrfToken(session), csrfToken(session)]
    assert.notEqual(one, two)
    assert.ok(csrfMatches(session, one) && csrfMatches(session, two))
  })

  for (const type of [
    undefined,
    'text/plain',
    'TEXT/PLAIN',
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=utf-7',
  ]) {
    test(`the content type ${type} is no form`, async () => {
      const { send, handled } = world()
      const body = new TextEncoder().encode(`csrf=${csrfToken(session)}`)
      const headers = { cookie: `__Host-sallyport=${session}`, ...(type && { 'content-type': type }) }
      assert.equal((await send('/act', { method: 'POST', headers, body })).status, 415)
      assert.equal(handled(), 0)
    })
  }
})

/** One form that counts how often it was taken, and one page that shows its token. */
function world() {
  let handled = 0
  const act = () => {
    handled++
    return page(html`done`)
  }
  const { send } = siteWith({
    publicOrigin: 'https://mfa.example.org',
    routes: [
      { method: 'POST', path: '/act', who: 'anyone', handler: act },
      { method: 'GET', path: '/show', who: 'anyone', handler: ({ csrf }) => page(html`${csrf}`) },
    ],
  })
  return { send, handled: () => handled }
}
