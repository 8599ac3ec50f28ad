import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { chosenPassword } from '../changing-directory.ts'
import { password, portalWorld } from './world.ts'

test('while the directory does not answer, the page keeps the name and says that it is not the password', async () => {
  const { visitor, failures } = await world()
  const pages = await Promise.all(
    ['alice', 'nobody-of-that-name'].map(async (username) => {
      const { status, text } = await visitor().post('/sign-in', { username, password })
      assert.equal(status, 503)
      assert.match(text, /<title>Error: Sign in/)
      assert.match(text, /We cannot check passwords right now/)
      assert.match(text, /give this number: request-7/)
      assert.match(text, new RegExp(`name="username"[^>]* value="${username}"`))
      assert.ok(!text.includes(password), 'what was typed does not come back')
      return text.replaceAll(username, 'NAME').replaceAll(/name="csrf" value="[^"]+"/g, '')
    }),
  )
  assert.equal(pages[0], pages[1], 'it does not tell who exists')
  assert.equal(failures.length, 2, 'the log has it as any other failure')
})

test('nor are passwords changed meanwhile: the page for that stays as well', async () => {
  const { visitor } = await world()
  const fields = { username: 'alice', why: 'reset', password, chosen: chosenPassword, again: chosenPassword }
  const { status, text } = await visitor().post('/sign-in/password', fields)
  assert.equal(status, 503)
  assert.match(text, /We cannot check passwords right now/)
  assert.match(text, /name="username"[^>]* value="alice"/)
  assert.match(text, /only for the first time/)
  for (const secret of [password, chosenPassword]) assert.ok(!text.includes(secret), secret)
})

test('a form from elsewhere is not answered with it', async () => {
  const { visitor } = await world()
  assert.equal((await visitor().post('/sign-in', { username: 'alice', password, csrf: 'forged' })).status, 403)
})

async function world() {
  const down = () => Promise.reject(new AppError('directory.unreachable'))
  return portalWorld({ around: (inner) => ({ ...inner, checkPassword: down, changePassword: down }) })
}
