import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { phoneSimulator } from '../../src/outbound/delivery/sms/simulator.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { handClock } from '../engine.ts'
import { alicePhone, base, portalWorld, type Seen, type Visitor, visitorWho, whenSent } from './world.ts'

describe('without JavaScript a waiting page loads itself again', () => {
  test('soon, while the text is on its way; and a second after the code has expired', async () => {
    const { world, deliver, course } = await withTextsHeldBack({ 'code.minutes': 3 })
    const alice = await visitorWho('half signed in', world)
    assert.equal(refreshOf(await alice.get('/second-step')), 5)
    deliver()
    const sent = await whenSent(alice, '/second-step')
    isAbout(refreshOf(sent), 181, course)

    world.clock.advance(2)
    isAbout(refreshOf(await alice.get('/second-step')), 61, { ...course, advanced: 2 })
    world.clock.advance(1.5)
    const expired = await alice.get('/second-step')
    assert.match(expired.text, /That code has expired/)
    assert.equal(expired.status, 200)
  })

  test('in User Setup too', async () => {
    const { world, deliver, course } = await withTextsHeldBack()
    const bob = await visitorWho('setting up', world)
    await bob.post('/setup/phone', { country: 'US', number: '206 555 0177' })
    assert.equal(refreshOf(await bob.get('/setup/phone/code')), 5)
    deliver()
    isAbout(refreshOf(await whenSent(bob, '/setup/phone/code')), 301, course)
  })

  test('when a lock ends, and never soon while only an administrator can end it', async () => {
    const world = await portalWorld({ settings: { 'lock.tries': 3, 'lock.budget': 6, 'lock.minutes': 2 } })
    const course = { clock: world.clock, begun: world.clock.now() }
    const alice = await visitorWho('half signed in', world)
    const wrong = async () => {
      for (let i = 0; i < 3; i++) await alice.post('/second-step?way=text', { code: '12345' })
      return alice.get('/second-step')
    }
    const locked = await wrong()
    assert.equal(locked.status, 429)
    isAbout(refreshOf(locked), 121, course)
    world.clock.advance(2.1)
    assert.equal((await alice.get('/second-step')).status, 200)
    await alice.post('/second-step/send')
    assert.equal(refreshOf(await wrong()), 900)
  })

  test('and a page on which something is typed about an app does not', async () => {
    const world = await portalWorld()
    const bob = await visitorWho('setting up', world)
    await bob.post('/setup', { method: 'oath' })
    assert.doesNotMatch((await bob.get('/setup/token')).text, /http-equiv="refresh"/)
  })
})

describe('the stream of a waiting page', () => {
  test('tells at once of what changed before it was opened, and where to go when it is over', async () => {
    const world = await portalWorld()
    const alice = await visitorWho('half signed in', world)
    const page = await whenSent(alice, '/second-step')
    const live = / data-live="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&#38;', '&') ?? assert.fail('not live')
    const stream = await events(world, alice, live.replace(/stamp=[^&]+/, 'stamp=older'))
    assert.deepEqual(await stream.next(), { name: 'changed', data: null })

    const { code } = world.phones.messages(alicePhone)[0] ?? assert.fail('no text')
    const passed = await alice.post('/second-step?way=text', { code: code ?? '' })
    assert.equal(passed.location, '/account')

    // The code is gone, which is a change; then the sign-in itself is over. Whoever looks a little later sees both at once.
    const first = await stream.next()
    assert.ok(first?.name === 'go' || first?.name === 'changed', JSON.stringify(first))
    const last = first.name === 'go' ? first : await stream.next()
    assert.deepEqual(last, { name: 'go', data: `${base}/` })
    assert.equal(await stream.next(), undefined, 'and that was all')
    assert.deepEqual(world.failures, [])
  })

  test('is not opened for who may not see the page', async () => {
    const world = await portalWorld()
    for (const path of ['/second-step/events', '/setup/phone/events', '/account/phone/events']) {
      const { status, location } = await (await visitorWho('with an ended session', world)).get(path)
      assert.deepEqual([status, location], [303, '/'], path)
    }
  })
})

function refreshOf({ text }: Seen): number {
  const [, seconds] = /<noscript><meta http-equiv="refresh" content="(\d+)"><\/noscript>/.exec(text) ?? []
  return Number(seconds ?? assert.fail('it does not load itself again'))
}

/** Looks at the clock of the tests let it go on: so many seconds, or one less, but for those since `begun` that nobody asked for. */
function isAbout(seconds: number, whole: number, { clock, begun, advanced = 0 }: Course): void {
  const looked = (clock.now().getTime() - begun.getTime()) / 1_000 - advanced * 60
  assert.ok(seconds <= whole && seconds >= whole - 1 - looked, `${seconds} s`)
}

/** `advanced`: minutes that the clock was put forward since `begun`. */
type Course = { clock: ReturnType<typeof handClock>; begun: Date; advanced?: number }

/** Texts are on their way until `deliver`. */
async function withTextsHeldBack(settings: Record<string, unknown> = {}) {
  const clock = handClock()
  const phones = phoneSimulator({ clock, ids: systemIds(clock, systemRandom) })
  const { promise: held, resolve: deliver } = Promise.withResolvers<void>()
  const late: typeof phones = { ...phones, send: (...all) => held.then(() => phones.send(...all)) }
  const world = await portalWorld({ clock, phones: late, settings })
  return { world, deliver, course: { clock, begun: clock.now() } }
}

/** Reads events as a browser does. */
async function events({ send }: Awaited<ReturnType<typeof portalWorld>>, them: Visitor, path: string) {
  const cookie = [...them.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await send(path, { headers: { cookie } })
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const lines = response.body?.pipeThrough(new TextDecoderStream()).getReader() ?? assert.fail('no stream')
  let rest = ''
  return {
    async next(): Promise<{ name: string; data: unknown } | undefined> {
      for (;;) {
        const [, name, data] = /event: (.*)\ndata: (.*)\n\n/.exec(rest) ?? []
        if (name !== undefined && data !== undefined) {
          rest = rest.slice(rest.indexOf(`data: ${data}\n\n`) + data.length + 8)
          return { name, data: JSON.parse(data) }
        }
        const { value, done } = await lines.read()
        if (done) return undefined
        rest += value
      }
    },
  }
}
