import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { startKannel } from '../../dev/hosts/kannel.ts'
import { startTwilio, type TwilioHost } from '../../dev/hosts/twilio.ts'
import { callbackAddressesIn, mountCallbacks } from '../../src/app/callbacks.ts'
import { configured } from '../../src/app/configured.ts'
import { countedSinks } from '../../src/app/counted.ts'
import { providersIn } from '../../src/app/providers.ts'
import type { Call } from '../../src/contract/caller.ts'
import type { VoiceCaller } from '../../src/core/delivery/voice.ts'
import { AppError } from '../../src/core/errors.ts'
import { listen } from '../../src/inbound/web/listen.ts'
import { createMetrics } from '../../src/outbound/metrics.ts'
import { systemIds, systemRandom, systemClock as systemTime } from '../../src/system.ts'
import { engineWorld, handClock, MAY_TAKE_MS } from '../engine.ts'
import { dialects } from './dialects.ts'
import { password, smppCentre, until } from './smpp-centre.ts'
import { atEnd } from './smpp-world.ts'

const hasKannel = existsSync('/usr/sbin/bearerbox') && existsSync('/usr/lib/kannel/test/fakesmsc')
const publicUrl = 'https://mfa.example.org'
const carolsPhone = '+12065550102'

describe('providers that stop in the middle of a sign-in, each by its own protocol', () => {
  test('SMPP, then Twilio: the next text of the person comes by the other, and by the first again when it is back', async () => {
    const centre = await smppCentre()
    const front = await frontDoor()
    const twilio = await front.twilio()
    const env = {
      SALLYPORT_SMS_PROVIDERS: 'smpp, twilio',
      ...throughSmpp(centre.port),
      ...account('SMS_TWILIO', twilio),
    }
    const { api, from, begin, clock, lines, up } = await world({ front, env })
    const call = { ...from, session: await begin('alice') }
    await until(() => centre.shown().length === 1, 'a text by SMPP')
    await centre.stop()
    clock.advance(1)
    assert.ok((await api.sendText(call, {})).ok)
    await until(() => twilio.texts.length === 1, 'a text by Twilio')
    const answer = await api.answerSecondStep(call, { method: 'text', code: codeIn(twilio.texts[0]?.Body) })
    assert.equal(answer.ok && answer.value.outcome, 'passed')
    assert.deepEqual(lines('is set aside'), ['smpp'])
    assert.match(await up(), /sallyport_provider_up\{kind="text",provider="smpp"\} 0/)

    const back = await smppCentre({ port: centre.port })
    atEnd(() => back.stop())
    await until(() => back.sessions.size > 0, 'the session again')
    clock.advance(25)
    await begin('alice')
    await until(() => back.shown().length === 1, 'a text by SMPP again')
    assert.equal(twilio.texts.length, 1)
    await until(() => lines('takes messages again').length === 1, 'the line that says so')
    assert.match(await up(), /sallyport_provider_up\{kind="text",provider="smpp"\} 1/)
  })

  test('Kannel, then SMPP: the code still comes in time', { skip: !hasKannel && 'needs kannel' }, async () => {
    const kannel = await startKannel()
    atEnd(() => kannel.stop())
    const centre = await smppCentre()
    atEnd(() => centre.stop())
    const env = {
      SALLYPORT_SMS_PROVIDERS: 'http, smpp',
      ...throughSmpp(centre.port),
      SALLYPORT_SMS_HTTP_URL: `${kannel.sendUrl}?username={username}&password={password}&from={from}&to={to}&text={text}&charset=UTF-8&coding=2`,
      SALLYPORT_SMS_HTTP_METHOD: 'GET',
      SALLYPORT_SMS_HTTP_USERNAME: kannel.username,
      SALLYPORT_SMS_HTTP_PASSWORD: kannel.password,
      SALLYPORT_SMS_HTTP_EXPECT_BODY: '^0:',
    }
    const { api, from, begin, clock } = await world({ front: await frontDoor(), env })
    const call = { ...from, session: await begin('alice') }
    await kannel.receivedAtLeast(1)
    await kannel.stop()
    clock.advance(1)
    assert.ok((await api.sendText(call, {})).ok)
    await until(() => centre.shown().length === 1, 'a text by SMPP')
    const answer = await api.answerSecondStep(call, { method: 'text', code: codeIn(centre.shown()[0]?.text) })
    assert.equal(answer.ok && answer.value.outcome, 'passed')
  })
})

describe('two accounts for calls', () => {
  test('the call comes by the other when the first is down, by the first again later, and confirms all the same', async () => {
    const { first, second, carol, begin, again, clock, finish } = await carolsWorld()
    const call = await begin()
    await until(() => first.calls.length === 1, 'a call by the first')
    assert.equal(await finish(call), 'passed')

    await first.stop()
    clock.advance(21)
    const other = await begin()
    await until(() => second.calls.length === 1, 'a call by the second')
    assert.equal(await finish(other), 'passed')

    const back = await again(first)
    back.phone(carol, { types: ['#'] })
    clock.advance(21)
    const third = await begin()
    await until(() => back.calls.length === 1, 'a call by the first again')
    assert.equal(await finish(third), 'passed')
    assert.equal(second.calls.length, 1)
  })

  test('a newer sign-in ends the call that still rings, at the account that placed it', async () => {
    const { first, second, carol, begin, again, clock, finish, lines } = await carolsWorld()
    await first.stop()
    second.phone(carol, 'rings')
    await begin()
    await until(() => second.calls[0]?.status === 'ringing', 'a call by the second')
    const back = await again(first)
    back.phone(carol, { types: ['#'] })
    clock.advance(1)
    const newer = await begin()
    await until(() => back.calls.length === 1, 'a call by the first')
    await until(() => second.calls[0]?.status === 'canceled', 'the end of the other')
    assert.equal(await finish(newer), 'passed')
    assert.deepEqual(lines('could not be ended'), [])
  })
})

for (const [dialect, open] of dialects) {
  test(`a call that a silent provider placed all the same rings alone, on ${dialect}`, async () => {
    const hungUp: string[] = []
    const placedBy = (name: string, place: (callId: string) => Promise<string>): VoiceCaller => ({
      name,
      place: async ({ id }) => ({ providerId: await place(id) }),
      hangUp: async (id) => void hungUp.push(`${id} at ${name}`),
    })
    const silent = placedBy('silent', async () => {
      throw new AppError('delivery.unreachable')
    })
    const placed = Promise.withResolvers<void>()
    const other = placedBy('other', async (callId) => {
      // Only now the first one's call is answered.
      await engine.calls.take({ callId, providerId: 'of-silent', step: 0 })
      placed.resolve()
      return 'of-other'
    })
    const { engine, add, begin } = await engineWorld(await open(), {
      settings: { 'portal.methods': ['text', 'call'] },
      providers: { senders: [], callers: [silent, other] },
    })
    await add('carol', { phone: carolsPhone, method: 'call' })
    await begin('carol')
    await placed.promise
    await until(() => hungUp.length > 0, 'the end of the second call')
    assert.deepEqual(hungUp, ['of-other at other'])
  })
}

type Front = Awaited<ReturnType<typeof frontDoor>>
type Situation = { front: Front; env: Record<string, string>; settings?: Record<string, unknown> }

/** Alice's texts and Carol's calls go by what the environment configures; whatever calls back reaches the engine. */
async function world({ front, env, settings = {} }: Situation) {
  const given = configured({ env: { SALLYPORT_PORTAL_URL: publicUrl, ...env } })
  const said: { message: string; provider: unknown }[] = []
  const write = (message: string, facts: { provider?: unknown } = {}) =>
    void said.push({ message, provider: facts.provider })
  const log = { info: write, warn: write, error: write, debug: write, child: () => log }
  const masterKey = Buffer.alloc(32, 9)
  const addresses = callbackAddressesIn(given.config, 'all', masterKey)
  // The pauses of its sessions are real ones.
  const providers = providersIn(given.config, { addresses, clock: systemTime, random: systemRandom, log })
  atEnd(() => providers.close())
  const [, open] = dialects[0] ?? assert.fail()
  const metrics = createMetrics({ texts: ['smpp', 'twilio'], process: false })
  const clock = handClock()
  const made = await engineWorld(await open(), {
    ...{ clock, masterKey, settings, log },
    providers: { ...providers, onCircuit: metrics.provider },
  })
  const sinks = countedSinks(made.engine, metrics)
  providers.receive(sinks)
  const web = { ...given, role: 'all', log, clock, ids: systemIds(clock, systemRandom), metrics } as const
  mountCallbacks(front.app, { web, engine: made.engine, addresses, sinks })
  return {
    ...made,
    lines: (of: string) => said.filter(({ message }) => message.includes(of)).map(({ provider }) => provider),
    up: () => metrics.page(),
  }
}

/** Where providers reach us, at https://mfa.example.org, which is loopback. */
async function frontDoor() {
  const app = new Hono()
  const listener = await listen({ app, host: '127.0.0.1', port: 0 })
  atEnd(() => listener.close())
  const reach = (url: string) => url.replace(publicUrl, listener.url)
  return {
    app,
    async twilio(again?: TwilioHost) {
      const host = await startTwilio({ reach, ...(again && { again }) })
      atEnd(() => host.stop().catch(() => {}))
      return host
    },
  }
}

function throughSmpp(port: number): Record<string, string> {
  return {
    SALLYPORT_SMS_FROM: '12345',
    SALLYPORT_SMS_SMPP_HOST: '127.0.0.1',
    SALLYPORT_SMS_SMPP_PORT: String(port),
    SALLYPORT_SMS_SMPP_TLS: 'false',
    SALLYPORT_SMS_SMPP_SYSTEM_ID: 'sallyport',
    SALLYPORT_SMS_SMPP_PASSWORD: password,
  }
}

function account(place: string, { accountSid, authToken, baseUrl }: TwilioHost): Record<string, string> {
  return {
    [`SALLYPORT_${place}_ACCOUNT_SID`]: accountSid,
    [`SALLYPORT_${place}_AUTH_TOKEN`]: authToken,
    [`SALLYPORT_${place}_API_URL`]: baseUrl,
    [`SALLYPORT_${place}_FROM`]: '+12065550199',
  }
}

/** Carol signs in by phone call, through two accounts; her phone is picked up, and # pressed. */
async function carolsWorld() {
  const front = await frontDoor()
  const [first, second] = [await front.twilio(), await front.twilio()]
  const env = {
    SALLYPORT_VOICE_PROVIDERS: 'twilio, twilio2',
    ...account('VOICE_TWILIO', first),
    ...account('VOICE_TWILIO2', second),
  }
  const made = await world({ front, env, settings: { 'portal.methods': ['text', 'call'] } })
  const { api, from } = made
  await made.add('carol', { phone: carolsPhone, method: 'call' })
  for (const account of [first, second]) account.phone(carolsPhone, { types: ['#'] })

  return {
    ...made,
    first,
    second,
    carol: carolsPhone,
    again: front.twilio,
    begin: async (): Promise<Call> => ({ ...from, session: await made.begin('carol') }),
    async finish(call: Call): Promise<string> {
      for (const end = Date.now() + MAY_TAKE_MS; Date.now() < end; await sleep(5)) {
        const read = await api.readSecondStep(call, {})
        if (read.ok && read.value.call?.state === 'approved') break
      }
      const answer = await api.finishSecondStep(call, { method: 'call' })
      return answer.ok ? answer.value.outcome : answer.refusal
    },
  }
}

function codeIn(text = ''): string {
  return /\b\d{6}\b/.exec(text)?.[0] ?? assert.fail(`no code in ${text}`)
}
