import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Directory } from '../../src/core/directory.ts'
import { askingDirectory, rightReplies } from '../asking-directory.ts'
import { password, portalWorld } from './world.ts'

const page = '/sign-in/challenge'

test('what the directory asks back is shown as text, and its right answer leads on', async () => {
  const { carol } = await world()
  const them = carol()
  assert.equal((await them.post('/sign-in', { username: 'carol', password })).location, page)

  const { status, text } = await them.get(page)
  assert.equal(status, 200)
  assert.ok(text.includes('Code from your card?') && text.includes('&#60;b&#62;Hurry&#60;/b&#62;'), text)
  assert.match(text, /<input[^>]* name="reply" type="password" autocomplete="one-time-code"/)
  assert.match(text, /<a[^>]* href="\/MultiFactorAuth\/sign-in"/)

  assert.equal((await them.get('/')).location, page)

  const empty = await them.post(page, { reply: ' ' })
  assert.equal(empty.status, 422)
  assert.match(empty.text, /Enter your answer/)

  const before = them.session
  assert.equal((await them.post(page, { reply: rightReplies.right })).location, '/setup')
  assert.notEqual(them.session, before)
})

test('the answer is seen while it is typed where the directory says that it may be', async () => {
  const { carol } = await world({}, { echo: true })
  const them = carol()
  await them.post('/sign-in', { username: 'carol', password })
  const { text } = await them.get(page)
  assert.match(text, /<input[^>]* name="reply" type="text" autocomplete="one-time-code"[^>]* spellcheck="false"/)
  assert.doesNotMatch((await them.post(page, { reply: '' })).text, /type="password"/)
})

test('it can be answered from the browser that was asked, and from no other', async () => {
  const { carol, visitor } = await world()
  const them = carol()
  await them.post('/sign-in', { username: 'carol', password })
  const other = visitor()
  const over = '/sign-in?notice=challenge-over'

  assert.equal((await other.get(page)).location, over)
  assert.equal((await other.post(page, { reply: rightReplies.right })).location, over)
  assert.equal((await them.post(page, { reply: rightReplies.right })).location, '/setup')
})

test('a wrong answer leads back to the sign-in, where "back" finds the question over; another question has its own page', async () => {
  const { carol } = await world()
  const them = carol()
  await them.post('/sign-in', { username: 'carol', password })
  const asked = them.session ?? ''
  const wrong = await them.post(page, { reply: '000000' })
  assert.equal(wrong.location, '/sign-in?notice=challenge-wrong')
  assert.match((await them.get(wrong.location ?? '')).text, /not the right answer/)
  them.holds(asked)
  assert.equal((await them.post(page, { reply: rightReplies.right })).location, '/sign-in?notice=challenge-over')

  await them.post('/sign-in', { username: 'carol', password })
  assert.equal((await them.post(page, { reply: rightReplies.more })).location, page)
  assert.match((await them.get(page)).text, /And now\?/)
  assert.equal((await them.post(page, { reply: rightReplies.last })).location, '/setup')
})

test('who was asked too often waits, in words of the sign-in page', async () => {
  const { carol } = await world({ 'password.free_tries': 1 })
  const [them, other] = [carol(), carol()]
  await them.post('/sign-in', { username: 'carol', password }, { from: '198.51.100.1' })
  await other.post('/sign-in', { username: 'carol', password }, { from: '198.51.100.2' })

  const seen = await them.post(page, { reply: rightReplies.right }, { from: '198.51.100.2' })
  assert.equal(seen.status, 429)
  assert.match(seen.text, /Too many tries/)
})

test('whoever is signed in, or asked for the second step, stays so', async () => {
  const { carol, visitor } = await world()
  const alice = visitor()
  await alice.post('/sign-in', { username: 'alice', password })
  assert.equal((await alice.get(page)).location, '/sign-in?notice=challenge-over')
  assert.equal((await alice.post(page, { reply: rightReplies.right })).location, '/sign-in?notice=challenge-over')
  assert.equal((await alice.get('/')).location, '/second-step')
  const odd = carol()
  odd.holds(`dc_${'A'.repeat(250)}`)
  assert.equal((await odd.get(page)).location, '/sign-in?notice=challenge-over')
  assert.equal((await odd.get('/')).location, '/sign-in?notice=ended')
})

async function world(settings: Record<string, unknown> = {}, terms = { echo: false }) {
  const around = (inner: Directory) => Object.assign(askingDirectory(inner), { terms })
  const world = await portalWorld({ settings, around })
  await world.add('carol')
  return { ...world, carol: world.visitor }
}
