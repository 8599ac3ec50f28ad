import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sent } from './world.ts'
import { password, portalWorld } from './world.ts'

const page = '/sign-in/integrated'
const proxy = '192.0.2.80'
const sent = (name: string, from = proxy): Sent => ({ headers: { 'x-remote-user': name }, from })
const refused = '/sign-in?notice=integrated-refused'

test('whom the trusted proxy has proven goes on without a password, to the second step', async () => {
  const { visitor } = await world()
  const them = visitor()
  const { text } = await them.get('/sign-in', sent('alice'))
  assert.match(text, /Continue as alice/)
  assert.match(text, /name="password"/, 'somebody else may sign in there too')
  assert.equal((await them.post(page, {}, sent('alice'))).location, '/second-step')
  assert.equal((await visitor().post(page, {}, sent('bob'))).location, '/setup')
})

test('a name that is not ASCII comes as UTF-8', async () => {
  const { visitor, add } = await world()
  await add('jörg')
  const bytes = Buffer.from('jörg').toString('latin1')
  assert.match((await visitor().get('/sign-in', sent(bytes))).text, /Continue as jörg/)
  assert.doesNotMatch((await visitor().get('/sign-in', sent('j\u00f6rg'))).text, /Continue as/)
})

test('from anybody else, and through whatever forwards it, the header is not looked at', async () => {
  const { visitor, trusting } = await world()
  for (const given of [
    sent('alice', '198.51.100.1'),
    { headers: { 'x-remote-user': 'alice', 'x-forwarded-for': proxy } },
  ]) {
    const them = visitor()
    assert.doesNotMatch((await them.get('/sign-in', given)).text, /Continue as/)
    assert.equal((await them.post(page, {}, given)).location, refused)
  }
  const them = visitor()
  const behind = { headers: { 'x-remote-user': 'alice', 'x-forwarded-for': proxy }, from: trusting }
  assert.equal((await them.post(page, {}, behind)).location, refused)
})

test('a header that is there twice, blank, too long or no name proves nobody', async () => {
  const { visitor } = await world()
  for (const name of ['alice, bob', ' ', 'a'.repeat(300), '']) {
    assert.doesNotMatch((await visitor().get('/sign-in', sent(name))).text, /Continue as/, name)
    assert.equal((await visitor().post(page, {}, sent(name))).location, refused, name)
  }
})

test('who is unknown or disabled is refused alike; no page of another site can begin it', async () => {
  const { visitor, database } = await world()
  assert.equal((await visitor().post(page, {}, sent('nobody'))).location, refused)
  await database.write((tx) =>
    tx.rows({ parts: ["UPDATE users SET disabled_at = 1 WHERE username = 'alice'"], values: [] }),
  )
  assert.equal((await visitor().post(page, {}, sent('alice'))).location, refused)
  assert.equal((await visitor().post(page, { csrf: 'forged' }, sent('bob'))).status, 403)
})

test('a portal on another machine proves nobody: its calls carry no such word', async () => {
  const { api, from } = await world()
  const answer = await api.beginIntegratedSignIn(from, {})
  assert.deepEqual(answer, { ok: false, refusal: 'caller.refused' })
})

async function world() {
  const trusting = '192.0.2.81'
  const world = await portalWorld({
    trusts: (address) => address === trusting,
    proves: { header: 'X-Remote-User', from: (address) => address === proxy },
  })
  return { ...world, trusting, password }
}
