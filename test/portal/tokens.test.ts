import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeOfHardware, hardwareToken } from '../hardware.ts'
import { portalWorld } from './world.ts'

describe('a token, on the pages', () => {
  test('User Setup takes a token of one’s own, and the person is in', async () => {
    const { bob } = await world()
    assert.equal((await bob.get('/setup/token/enter')).status, 200)
    const entered = await bob.post('/setup/token/enter', { secret: secretOf('own'), kind: 'hotp', counter: '40' })
    assert.equal(entered.location, '/setup/token')
    const asked = await bob.get('/setup/token')
    assert.match(asked.text, /Code from the token/)
    assert.ok(!asked.text.includes(secretOf('own')))
    assert.equal((await bob.post('/setup/token', { code: codeOfHardware('own', 39) })).status, 422)
    assert.equal((await bob.post('/setup/token', { code: codeOfHardware('own', 40) })).location, '/account?done=setup')
  })

  test('what is wrong is told beside its field, and the secret is not sent back', async () => {
    const { bob } = await world()
    for (const [fields, complaint] of [
      [{ secret: '' }, 'Type the secret of your token.'],
      [{ secret: 'geheim 0189' }, 'This is neither base 32'],
      [{ secret: 'ABCD' }, 'This is too short'],
      [{ secret: secretOf('own'), kind: 'hotp', counter: 'x' }, 'Type the counter in digits'],
    ] as const) {
      const { status, text } = await bob.post('/setup/token/enter', fields)
      assert.equal(status, 422)
      assert.ok(text.includes(complaint), complaint)
      assert.ok(!/geheim|value="ABCD/.test(text))
    }
    const odd = await bob.post('/setup/token/enter', { secret: secretOf('own'), kind: 'x', digits: '7', period: '-1' })
    assert.equal(odd.location, '/setup/token', 'what no page of ours sends is as if it were not there')
    assert.equal((await bob.post('/setup/token/enter', { secret: 'A'.repeat(600) })).status, 400)
  })

  test('whose last token was revoked is signed out by it, told so at the next sign-in, from every page, and can leave', async () => {
    const { api, operator, visitor, begin } = await world()
    await api.importTokens(operator, { tokens: [hardwareToken('S', { owner: 'bob' })] })
    const them = visitor()
    them.holds(await begin('bob'))
    assert.equal((await them.get('/second-step')).status, 200)
    assert.equal((await them.get('/second-step/none')).location, '/second-step', 'there is one yet')
    assert.ok((await api.revokeToken(operator, { serial: 'S' })).ok)
    assert.equal((await them.get('/second-step')).location, '/')
    them.holds(await begin('bob'))
    for (const path of ['/second-step', '/second-step/ways', '/second-step/resync']) {
      assert.equal((await them.get(path)).location, '/second-step/none', path)
    }
    assert.match((await them.get('/second-step/none')).text, /There is nothing we can ask you/)
    const typed = await them.post('/second-step?way=oath', { code: codeOfHardware('S', 0) })
    assert.equal(typed.location, '/second-step/none')
    assert.equal((await them.post('/sign-out')).location, '/sign-in?notice=signed-out')
  })

  test('resynchronising keeps the way back to where the person wanted to go, and takes no other', async () => {
    const { api, operator, visitor, begin } = await world()
    await api.importTokens(operator, { tokens: [hardwareToken('S', { owner: 'bob' })] })
    const them = visitor()
    them.holds(await begin('bob'))
    const codes = { first: codeOfHardware('S', 90), second: codeOfHardware('S', 91) }
    const done = await them.post('/second-step/resync?to=%2Faccount%2Fmethod', codes)
    assert.equal(done.location, '/second-step?way=oath&to=%2Faccount%2Fmethod&notice=in-step')
    const later = { first: codeOfHardware('S', 190), second: codeOfHardware('S', 191) }
    const elsewhere = await them.post('/second-step/resync?to=%2F%2Fevil.example', later)
    assert.equal(elsewhere.location, '/second-step?way=oath&notice=in-step')
  })
})

async function world() {
  const world = await portalWorld()
  const bob = world.visitor()
  bob.holds(await world.begin('bob'))
  return { ...world, bob }
}

/** In hex. */
function secretOf(serial: string): string {
  return hardwareToken(serial).secret
}
