import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Phone } from '../../dev/hosts/twilio-call.ts'
import { AppError } from '../../src/core/errors.ts'
import type { CallOutcome, CallSetup } from '../../src/core/methods/call/dialogue.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { twilioCaller } from '../../src/outbound/delivery/voice/twilio.ts'
import { adasPhone, noon, publicUrl, world } from './world.ts'

type Row = [
  what: string,
  setup: Partial<CallSetup>,
  phone: Phone,
  outcome: CallOutcome,
  heard: RegExp,
  judged: string[],
]

const rows: Row[] = [
  ['# confirms', {}, { types: ['#'] }, 'confirmed', /press the pound key\..*is confirmed/, []],
  ['# pressed twice confirms', {}, { types: ['##'] }, 'confirmed', /is confirmed/, []],
  ['silence, then #', {}, { types: ['', '#'] }, 'confirmed', /did not get that.*is confirmed/, []],
  ['nothing but silence', {}, { types: [] }, 'no-answer', /did not get that.*not confirmed/, []],
  ['another key', {}, { types: ['5', '5#', '*#'] }, 'no-answer', /did not get that.*not confirmed/, []],
  ['the PIN', { mode: 'pin' }, { types: ['1234#'] }, 'confirmed', /Enter your PIN.*is confirmed/, ['pin 1234']],
  [
    'a wrong PIN, then the right one',
    { mode: 'pin' },
    { types: ['1235#', '1234#'] },
    'confirmed',
    /PIN is not right.*is confirmed/,
    ['pin 1235', 'pin 1234'],
  ],
  [
    'wrong PINs',
    { mode: 'pin' },
    { types: ['1#', '2#', '3#'] },
    'wrong-pin',
    /not confirmed/,
    ['pin 1', 'pin 2', 'pin 3'],
  ],
  ['# alone for a PIN', { mode: 'pin' }, { types: ['#', '1234#'] }, 'confirmed', /did not get/, ['pin 1234']],
  ['the number', { mode: 'number' }, { types: ['42#'] }, 'confirmed', /number on your screen/, ['number 42']],
  ['three digits for a number', { mode: 'number' }, { types: ['142#', '42#'] }, 'confirmed', /did/, ['number 42']],
  ['hung up', { mode: 'pin' }, { types: ['hang-up'] }, 'hung-up', /Enter your PIN/, []],
  ['busy', {}, 'busy', 'busy', /^$/, []],
  ['declined', {}, 'declined', 'declined', /^$/, []],
  ['no answer', {}, 'no-answer', 'no-answer', /^$/, []],
  ['unreachable', {}, 'unreachable', 'unreachable', /^$/, []],
  ['0# in standard mode', {}, { types: ['0#'] }, 'fraud', /stopped this sign-in/, []],
  ['0# in PIN mode', { mode: 'pin' }, { types: ['0#'] }, 'fraud', /stopped this sign-in/, []],
  ['0# and 1', { fraudBlocks: true }, { types: ['0#', '1'] }, 'fraud', /press 1\..*is blocked/, []],
  ['0# and 1#', { fraudBlocks: true }, { types: ['0#', '1#'] }, 'fraud', /is blocked/, []],
  ['0# and nothing', { fraudBlocks: true }, { types: ['0#'] }, 'fraud', /press 1\..*told your/, []],
  ['another fraud code', { fraudCode: '911' }, { types: ['911#'] }, 'fraud', /press 9 1 1,/, []],
  ['German', { language: 'de' }, { types: ['#'] }, 'confirmed', /^de-DE: Hier ist .*de-DE: Danke/, []],
]

for (const sendsFinishedOnKey of [false, true]) {
  describe(`a call through Twilio that ${sendsFinishedOnKey ? 'says' : 'does not say'} which key ended the waiting`, () => {
    let at: Awaited<ReturnType<typeof world>>
    before(async () => {
      at = await world({ sendsFinishedOnKey })
    })
    after(() => at.stop())

    for (const [what, setup, phone, outcome, heard, judged] of rows) {
      test(`${what}: ${outcome}`, async () => {
        const { twilio, engine, call, turnedAway } = at
        engine.judged.length = 0
        twilio.phone(adasPhone, phone)
        await call(what, setup)
        await twilio.settled()

        assert.deepEqual(engine.outcomes(what), [outcome])
        assert.match(twilio.calls.at(-1)?.heard.join(' ') ?? '', heard)
        assert.deepEqual(engine.judged, judged)
        assert.equal(engine.blocked.has(what), setup.fraudBlocks === true && /1/.test(String(Object(phone).types)))
        assert.deepEqual(turnedAway, [])
        assert.ok(engine.stateOf(what)?.ended, 'the end was told')
      })
    }

    test(`a PIN without # ${sendsFinishedOnKey ? 'is not judged' : 'cannot be told from one with it'}`, async () => {
      at.engine.judged.length = 0
      at.twilio.phone(adasPhone, { types: ['1234', 'hang-up'] })
      await at.call('no hash', { mode: 'pin' })
      await at.twilio.settled()
      assert.deepEqual(at.engine.judged, sendsFinishedOnKey ? [] : ['pin 1234'])
    })

    test('0 without # reports nothing in standard mode', async () => {
      at.twilio.phone(adasPhone, { types: ['0', '#'] })
      await at.call('zero')
      await at.twilio.settled()
      assert.deepEqual(at.engine.outcomes('zero'), ['confirmed'])
    })
  })
}

describe('placing a call', () => {
  test('asks Twilio for what is wanted, and dials the extension after two pauses', async (t) => {
    const { twilio, call, addresses } = await started(t)
    const { providerId } = await call('c1', { extension: '12' })
    await twilio.settled()
    const [placed] = twilio.calls
    assert.equal(providerId, placed?.sid)
    assert.deepEqual(placed?.request, {
      To: adasPhone,
      From: '+12065550199',
      Url: addresses.addressOf({ kind: 'voice', id: 'c1', step: 0 }),
      Method: 'POST',
      StatusCallback: addresses.addressOf({ kind: 'call-status', id: 'c1' }),
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: 'completed',
      Timeout: '20',
      SendDigits: 'ww12',
    })
    assert.ok(placed.request.Url?.startsWith(`${publicUrl}/telephony/voice/c1/0/`))
  })

  test('a call that rings can be given up; one that is over is left alone', async (t) => {
    const { twilio, call, caller, engine } = await started(t)
    twilio.phone(adasPhone, 'rings')
    const { providerId } = await call('c1')
    await caller.hangUp(providerId)
    await twilio.settled()
    assert.deepEqual(engine.outcomes('c1'), ['no-answer'])
    await caller.hangUp(providerId)
  })

  test('a call that nobody waits for any more is hung up when it is answered', async (t) => {
    const { twilio, call, engine } = await started(t)
    twilio.phone(adasPhone, { types: ['#'] })
    const placed = call('c1')
    engine.giveUp('c1')
    await placed
    await twilio.settled()
    assert.deepEqual(twilio.calls[0]?.heard, [])
    assert.deepEqual(twilio.calls[0]?.answers, [200, 204])
    assert.ok(!engine.outcomes('c1').includes('confirmed'))
  })

  test('fails as delivery.failed, without number, address or token in what is said', async (t) => {
    const { account, caller, addresses } = await started(t)
    const secret = addresses.addressOf({ kind: 'voice', id: 'c1', step: 0 }).split('/').at(-1) ?? ''
    const call = { id: 'c1', to: '+1206', language: 'en', ringSeconds: 20 }
    for (const [change, detail] of [
      [{}, /answered 400 with error 21211: "The 'To' number \*\*\* is not/],
      [{ to: adasPhone, ringSeconds: 601 }, /error 21208/],
      [{ to: adasPhone, extension: '1 2' }, /Invalid SendDigits \*\*\*/],
    ] as const) {
      const error = await caller.place({ ...call, ...change }, new AbortController().signal).catch((e: unknown) => e)
      assert.ok(error instanceof AppError && error.code === 'delivery.failed')
      assert.match(error.message, detail)
      for (const hidden of ['1206', secret, account.authToken.reveal()]) assert.ok(!error.message.includes(hidden))
    }
  })

  test('fails when nobody is there, when the token is wrong, when the answer is none, and when it is stopped', async (t) => {
    const { account } = await started(t)
    const call = { id: 'c1', to: adasPhone, language: 'en', ringSeconds: 20 }
    const stopped = AbortSignal.abort()
    for (const [change, signal, code, detail] of [
      [{ baseUrl: 'http://127.0.0.1:1' }, undefined, 'delivery.unreachable', /ECONNREFUSED/],
      [{ authToken: new Secret('another-token') }, undefined, 'delivery.failed', /answered 401 with error 20003/],
      [{ baseUrl: `${account.baseUrl}/elsewhere` }, undefined, 'delivery.failed', /answered 404/],
      [{}, stopped, 'delivery.unreachable', /stopped/],
    ] as const) {
      const caller = twilioCaller({ ...account, ...change })
      const error = await caller.place(call, signal ?? new AbortController().signal).catch((e: unknown) => e)
      await caller.close()
      assert.ok(error instanceof AppError && error.code === code, String(error))
      assert.match(error.message, detail)
      assert.doesNotMatch(error.message, /another-token|Basic \w/)
    }
  })
})

describe('a text through Twilio', () => {
  test('is taken, and what became of it is told', async (t) => {
    const { twilio, sender, statuses, addresses } = await started(t)
    await sender.send({ id: 'd1', to: adasPhone, body: 'Grüße: 482915' }, new AbortController().signal)
    await twilio.settled()
    const StatusCallback = addresses.addressOf({ kind: 'text-status', id: 'd1' })
    assert.deepEqual(twilio.texts, [{ To: adasPhone, From: '+12065550199', Body: 'Grüße: 482915', StatusCallback }])
    assert.deepEqual(statuses, ['d1 delivered by twilio'])
    assert.equal((await twilio.post(StatusCallback, { MessageStatus: 'sent' })).status, 204)
    assert.equal((await twilio.post(StatusCallback, { MessageStatus: 'failed' })).status, 204)
    assert.deepEqual(statuses, ['d1 delivered by twilio', 'd1 failed by twilio'])
  })

  test('that is refused says why, without the text, the code or the number', async (t) => {
    const { sender } = await started(t)
    const body = `Your code is 482 915. ${'x'.repeat(1600)}`
    const error = await sender.send({ id: 'd1', to: adasPhone, body }, new AbortController().signal).catch((e) => e)
    assert.ok(error instanceof AppError && error.code === 'delivery.failed')
    assert.match(error.message, /error 21617: "The concatenated message body to \*\*\* exceeds/)
    assert.doesNotMatch(error.message, /482|xxx|2065550100/)
  })

  test('that somebody sends to us arrives, once', async (t) => {
    const { twilio, replies, turnedAway } = await started(t)
    const reply = { MessageSid: 'SM1', From: adasPhone, To: '+12065550199', Body: '482915 1234' }
    const answer = await twilio.post(`${publicUrl}/telephony/sms`, reply)
    assert.deepEqual(answer, { status: 200, body: '<?xml version="1.0" encoding="UTF-8"?>\n<Response/>' })
    assert.deepEqual(await twilio.post(`${publicUrl}/telephony/sms`, reply), answer, 'the same again is taken already')
    assert.equal(
      (await twilio.post(`${publicUrl}/telephony/sms`, { ...reply, MessageSid: 'SM2', From: 'x' })).status,
      400,
    )
    const taken = { providerId: 'SM1', from: adasPhone, to: '+12065550199', text: '482915 1234' }
    assert.deepEqual(replies, [{ ...taken, provider: 'twilio', at: noon }])
    assert.deepEqual(turnedAway, ['form'])
  })
})

async function started(t: { after(end: () => Promise<void>): void }) {
  const at = await world()
  t.after(() => at.stop())
  return at
}
