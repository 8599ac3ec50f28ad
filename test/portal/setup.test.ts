import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { password } from '../engine.ts'
import { portalWorld } from './world.ts'

const straight = { 'portal.allow_method': false, 'portal.methods': ['text', 'app', 'oath', 'passkey'] }
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

describe('User Setup of somebody for whom an import has set the method', () => {
  test('goes straight to its page where nobody may select, and back to it from the page of another', async () => {
    const { ada, world } = await presets(straight)
    const pages = { app: '/setup/app', passkey: '/setup/passkey', text: '/setup/phone' } as const
    for (const [method, path] of Object.entries(pages)) {
      const them = await ada(method as keyof typeof pages)
      assert.equal((await them.get('/setup')).location, path)
      assert.equal((await them.get(path)).status, 200)
    }
    const them = await ada('oath')
    const { status, text } = await them.get('/setup')
    assert.deepEqual([status, text.match(/name="method"/g)?.length], [200, 1], 'a secret is made by a button')
    assert.equal((await them.post('/setup', { method: 'text' })).status, 422)
    assert.equal((await them.post('/setup/phone', { country: 'US', number: '206 555 0188' })).location, '/setup')
    assert.equal((await them.post('/setup', { method: 'oath' })).location, '/setup/token')
    assert.deepEqual(world.failures, [])
  })

  test('offers it first where people may select', async () => {
    const { ada } = await presets({ ...straight, 'portal.allow_method': true })
    const { text } = await (await ada('oath')).get('/setup')
    const methods = [...text.matchAll(/name="method" value="(\w+)"( checked)?/g)]
    assert.deepEqual(
      methods.map(([, value, checked = '']) => value + checked),
      ['oath checked', 'text', 'app', 'passkey'],
    )
  })

  test('asks for the PIN of its mode first, by whatever path it is entered', async () => {
    const { ada } = await presets({ ...straight, 'app.mode': 'pin', 'oath.mode': 'otp-pin' })
    const app = await ada('app')
    for (const path of ['/setup', '/setup/app']) assert.equal((await app.get(path)).location, '/setup/pin?for=app')
    assert.equal((await app.post('/setup/app/new')).location, '/setup')
    const chosen = await app.post('/setup/pin?for=app', { pin: '7391', again: '7391' })
    assert.equal(chosen.location, '/setup/app')
    assert.equal((await app.get('/setup')).location, '/setup/app')

    const oath = await ada('oath')
    assert.equal((await oath.get('/setup/token/enter')).location, '/setup/pin?for=oath')
    assert.equal((await oath.post('/setup/token/new')).location, '/setup/pin?for=oath')
    assert.equal((await oath.post('/setup/token/enter', { secret, kind: 'totp' })).location, '/setup')
    assert.equal((await oath.post('/setup/pin?for=oath', { pin: '7391', again: '7391' })).location, '/setup/token')
  })
})

async function presets(settings: Record<string, unknown>) {
  const world = await portalWorld({ settings })
  const { api, operator, begin, visitor } = world
  async function ada(method: 'app' | 'oath' | 'passkey' | 'text') {
    const username = `ada-${method}`
    // By name, text wants a number; it is the settings' first here in any case.
    await api.addUser(operator, { username, password, ...(method !== 'text' && { method }) })
    const them = visitor()
    them.holds(await begin(username))
    return them
  }
  return { world, ada }
}
