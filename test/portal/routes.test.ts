import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { admits, portalRoutes } from '../../src/inbound/portal/routes.ts'
import {
  castOf,
  everything,
  type LevelName,
  levels,
  portalWorld,
  type Seen,
  type Visitor,
  visitorWho,
} from './world.ts'

const levelOf = {
  nobody: 'anyone',
  'with a forged token': 'anyone',
  'half signed in': 'half signed in',
  'with a half-way token relabelled': 'anyone',
  'setting up': 'setting up',
  'choosing a PIN': 'choosing a PIN',
  'signed in': 'signed in',
  'with an ended session': 'anyone',
} as const satisfies Record<LevelName, (typeof admits)['anyone'][number]>
const names = Object.keys(levels) as LevelName[]

const world = await portalWorld()
/** Where admitted forms are sent: they do something. */
const acting = await portalWorld()
const visitorOf = await castOf(world)

describe('the table of routes', () => {
  for (const { method, path, who } of portalRoutes) {
    const admitted = names.filter((name) => admits[who].includes(levelOf[name]))
    const refused = names.filter((name) => !admitted.includes(name))

    if (refused.length > 0) {
      test(`${method} ${path} sends away whoever is not ${who}, and does nothing`, async () => {
        const before = await everything(world)
        for (const name of refused) {
          const seen = await call(visitorOf(name), method, path)
          assert.deepEqual([seen.status, seen.location, seen.text, seen.cookies], [303, '/', '', []], name)
        }
        assert.deepEqual(await everything(world), before)
      })
    }

    test(`${method} ${path} takes: ${admitted.join(', ')}`, async () => {
      for (const name of admitted) {
        acting.clock.advance(20)
        const them = method === 'GET' ? visitorOf(name) : await visitorWho(name, acting)
        const seen = await call(them, method, path)
        assert.ok(seen.status < 500, `${name}: ${seen.status}`)
        assert.ok(seen.status !== 303 || (seen.location !== '/' && seen.location !== path), `${name}: ${seen.location}`)
        // A page that came of a form is loaded again when the language is changed on it, or when something happened.
        if (seen.text.startsWith('<!DOCTYPE')) assert.notEqual((await them.get(path)).status, 405, name)
      }
    })
  }

  test('nothing in it fell through to a failure', () => assert.deepEqual([world.failures, acting.failures], [[], []]))
})

test('with the password alone nothing that makes a second step can be opened or done', async () => {
  const mallory = visitorOf('half signed in')
  const changing = portalRoutes.filter(({ path }) => /^\/(setup|account|pin)/.test(path))
  const fields = {
    method: 'oath',
    country: 'US',
    number: '2065550199',
    code: '123456',
    language: 'de',
    pin: '8264',
    again: '8264',
  }
  const before = await everything(world)

  assert.ok(changing.length > 25)
  for (const { method, path } of changing) {
    const seen = await call(mallory, method, path, fields)
    assert.deepEqual([seen.status, seen.location, seen.text], [303, '/', ''], path)
  }

  assert.deepEqual(await everything(world), before)
  assert.deepEqual(world.phones.messages('+12065550199'), [])
})

test('whoever is in User Setup opens no account, and whoever is signed in no User Setup', async () => {
  for (const { method, path } of portalRoutes) {
    if (path.startsWith('/account')) assert.equal((await call(visitorOf('setting up'), method, path)).location, '/')
    if (path.startsWith('/setup')) assert.equal((await call(visitorOf('signed in'), method, path)).location, '/')
  }
})

describe('the first page leads everyone to where they are', () => {
  const places: Record<LevelName, string> = {
    nobody: '/sign-in',
    'with a forged token': '/sign-in?notice=ended',
    'half signed in': '/second-step',
    'with a half-way token relabelled': '/sign-in?notice=ended',
    'setting up': '/setup',
    'choosing a PIN': '/pin',
    'signed in': '/account',
    'with an ended session': '/sign-in?notice=ended',
  }
  for (const [name, place] of Object.entries(places)) {
    test(`${name}: ${place}`, async () => {
      assert.equal((await visitorOf(name as LevelName).get('/')).location, place)
    })
  }
})

describe('a change that wants a fresh second step', () => {
  test('leads there first, and from there to a page that can be opened', async () => {
    const world = await portalWorld()
    const alice = await visitorWho('signed in', world)
    await alice.post('/account/phone', { country: 'US', number: '2065550188' })
    world.clock.advance(11)
    const gets = portalRoutes.filter(({ method }) => method === 'GET').map(({ path }) => path as string)
    const asked: string[] = []

    for (const { method, path } of portalRoutes.filter(({ path }) => path.startsWith('/account/'))) {
      const { location = '' } = await call(alice, method, path, { method: 'text', code: '1', number: '2065550188' })
      if (!location.startsWith('/second-step?')) continue
      asked.push(`${method} ${path}`)
      const back = new URL(location, 'https://portal.test').searchParams.get('to') ?? ''
      assert.ok(gets.includes(back), `${method} ${path} leads back to ${back}`)
    }
    assert.ok(asked.includes('POST /account/phone/again') && asked.includes('POST /account/token/remove'))
    assert.ok(asked.length >= 12, asked.join(', '))
  })
})

const call = (them: Visitor, method: string, path: string, fields: Record<string, string> = {}): Promise<Seen> =>
  method === 'GET' ? them.get(path) : them.post(path, fields)
