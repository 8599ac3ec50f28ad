import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cookieNames } from '../../src/inbound/web/cookies.ts'
import { fromBase32 } from '../../src/protocols/base32.ts'
import { window } from './browser.ts'
import { firstSignIn } from './first-sign-in.ts'
import { splitWorld, storyPassword } from './split.ts'

test('neither program writes a secret of the story into its log, at its most talkative', {
  timeout: 600_000,
}, async () => {
  const { folder, server, portal, place, servicePassword } = await splitWorld({ trust: 'fingerprint', level: 'debug' })
  const secrets = new Map<string, string>()
  const urls = new Set<string>()
  const texted = new Set<string>()
  const codes = async (phone: string) => {
    const all = await place.codes(phone)
    for (const code of all) texted.add(code)
    return all
  }

  await firstSignIn(
    { ...place, codes },
    async () => {
      const context = await window({ ignoreCertificate: true })
      context.on('request', (request) => {
        urls.add(request.url())
        for (const [name, value] of new URLSearchParams(request.postData() ?? '')) {
          if (name === 'csrf') secrets.set(`form token ${secrets.size}`, value)
          if (name === 'code') texted.add(value.replaceAll(/\D/g, ''))
        }
      })
      context.on('response', async (response) => {
        for (const { name, value } of await context.cookies().catch(() => [])) {
          if (isSecret(name)) secrets.set(`cookie ${name} ${value.slice(0, 3)} ${response.url()}`, value)
        }
      })
      return context
    },
    async () => {},
  )

  secrets.set('password', storyPassword)
  secrets.set('wrong password', 'not his password')
  secrets.set('service password', servicePassword)
  secrets.set('service password, as sent', Buffer.from(`portal:${servicePassword}`).toString('base64'))
  secrets.set('OATH secret', place.erinsSecret)
  secrets.set('OATH secret, as bytes', Buffer.from(fromBase32(place.erinsSecret) ?? []).toString('hex'))
  secrets.set('master key', readFileSync(join(folder, 'server', 'master.key'), 'utf8').trim())
  server.signal('SIGTERM')
  portal.signal('SIGTERM')
  assert.deepEqual([await server.ended, await portal.ended], [0, 0])
  const said = { server: server.said(), portal: portal.said() }

  for (const [who, text] of Object.entries(said)) {
    // What must be there shows that we look in the right place.
    assert.match(text, /"level":"debug".*"msg":"Answered"/, who)
    for (const [name, secret] of secrets)
      assert.ok(secret.length > 8 && !text.includes(secret), `${name}, said by ${who}`)
    for (const code of texted) {
      assert.doesNotMatch(text, new RegExp(`(?<![0-9A-Za-z:.-])${code}(?![0-9A-Za-z:.-])`), `a code, said by ${who}`)
    }
  }
  assert.ok(texted.size >= 3, [...texted].join())
  assert.ok([...secrets.keys()].filter((name) => name.startsWith('cookie')).length >= 4, [...secrets.keys()].join())

  assert.ok(urls.size > 10)
  for (const url of urls) {
    for (const [name, secret] of secrets) assert.ok(!url.includes(secret), `${name}, in an address`)
    assert.doesNotMatch(url, /s[ie]_[\w-]{20}|csrf|password|[?&]code=/)
  }
})

const { session, visit } = cookieNames()
const isSecret = (cookie: string) => cookie === session || cookie === visit
