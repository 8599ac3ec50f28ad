import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changingDirectory, chosenPassword } from '../changing-directory.ts'
import { password, portalWorld } from './world.ts'

const page = '/sign-in/password'
const filled = { username: 'dora', password, chosen: chosenPassword, again: chosenPassword }

test('a password that is expired, or was reset, leads to the choice of another, and that leads on', async () => {
  const { visitor } = await world()
  const them = visitor()
  const asked = await them.post('/sign-in', { username: 'dora', password })
  assert.equal(asked.status, 200)
  assert.match(asked.text, /Choose a new password/)
  assert.match(asked.text, /Your password has expired/)
  assert.match(asked.text, /<input[^>]* name="username"[^>]* value="dora"[^>]* readonly/)
  for (const [name, autocomplete] of [
    ['username', 'username'],
    ['password', 'current-password'],
    ['chosen', 'new-password'],
    ['again', 'new-password'],
  ]) {
    assert.match(asked.text, new RegExp(`<input[^>]* name="${name}"[^>]* autocomplete="${autocomplete}"`))
  }
  assert.ok(!asked.text.includes(password), 'what was typed does not come back')
  assert.match((await visitor().post('/sign-in', { username: 'fred', password })).text, /only for the first time/)

  assert.equal((await them.post(page, filled)).location, '/setup')
})

test('what is wrong is said beside its box, keeps the name, and gives no password back', async () => {
  const { visitor } = await world()
  const them = visitor()
  for (const [changes, said] of [
    [{ password: '' }, /Enter your current password/],
    [{ chosen: '' }, /Enter a new password/],
    [{ again: 'another' }, /not the same/],
    [{ chosen: 'short', again: 'short' }, /does not take that password/],
    [{ chosen: password, again: password }, /password you had/],
    [{ chosen: '   ', again: '   ' }, /cannot be a password/],
    [{ password: 'Guess-no-1' }, /isn’t your current password/],
    [{ password: '', again: 'another' }, /2 answers need another look[\s\S]*current password[\s\S]*not the same/],
  ] as const) {
    const { status, text } = await them.post(page, { ...filled, ...changes, why: 'reset' })
    assert.equal(status, 422, String(said))
    assert.match(text, said)
    assert.match(text, /name="username"[^>]* value="dora"/)
    assert.match(text, /Type all three passwords again/)
    assert.match(text, /only for the first time/)
    for (const secret of [chosenPassword, password, 'Guess-no-1']) assert.ok(!text.includes(secret), secret)
  }
})

test('who tried too often waits, and hours are told in words', async () => {
  const { visitor } = await world({ 'password.free_tries': 1 })
  const them = visitor()
  await them.post(page, { ...filled, password: 'Guess-no-1' })
  const seen = await them.post(page, filled)
  assert.equal(seen.status, 429)
  assert.match(seen.text, /Too many tries/)
  const { location } = await visitor().post('/sign-in', { username: 'hugo', password })
  assert.equal(location, '/sign-in?notice=hours')
  assert.match((await visitor().get(location ?? '')).text, /at this time of day/)
})

test('the page can be loaded again, as after a change of the language: it leads to the sign-in', async () => {
  const { visitor } = await world()
  assert.equal((await visitor().get(page)).location, '/sign-in')
})

test('where it cannot be changed here, that is said, and nothing is asked', async () => {
  const { visitor } = await world({}, false)
  const { status, text } = await visitor().post('/sign-in', { username: 'dora', password })
  assert.equal(status, 200)
  assert.match(text, /cannot be changed here/)
  assert.doesNotMatch(text, /name="chosen"/)
})

async function world(settings: Record<string, unknown> = {}, changing = true) {
  const world = await portalWorld({
    settings,
    around: (inner) => {
      const directory = changingDirectory(inner)
      if (!changing) delete directory.changePassword
      return directory
    },
  })
  for (const name of ['dora', 'fred', 'hugo']) await world.add(name)
  return world
}
