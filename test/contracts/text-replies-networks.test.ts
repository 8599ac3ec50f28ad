import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kannel, startKannel } from '../../dev/hosts/kannel.ts'
import type { TextSender } from '../../src/core/delivery/text-sender.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { kannel as fields, smsDoor } from '../../src/inbound/sms/sms.route.ts'
import { listen } from '../../src/inbound/web/listen.ts'
import { httpTextSender } from '../../src/outbound/delivery/sms/http.ts'
import { toUcs2 } from '../../src/protocols/gsm0338.ts'
import { alicePhone, engineWorld } from '../engine.ts'
import { dialects } from './dialects.ts'
import { smppCentre, until } from './smpp-centre.ts'
import { atEnd, smppSender } from './smpp-world.ts'

const missing =
  existsSync('/usr/sbin/bearerbox') && existsSync('/usr/lib/kannel/test/fakesmsc')
    ? false
    : 'needs the packages kannel and kannel-extras'

const secret = 'q3TbB2dVd0x7u1mY4nZr5w'

describe('a sign-in by a text and its reply', () => {
  describe('through Kannel', { skip: missing }, () => {
    let kannel: Kannel
    let door: Awaited<ReturnType<typeof listen>>
    let engine: Awaited<ReturnType<typeof engineWorld>>['engine'] | undefined

    before(async () => {
      const app = smsDoor({
        secret,
        providers: [fields],
        sink: { take: async (reply) => engine?.replies.take(reply) },
        failure: () => 503,
        now: () => new Date(),
        newId: () => 'none',
      })
      door = await listen({ app, host: '127.0.0.1', port: 0 })
      kannel = await startKannel({
        replies: `${door.url}/sms/kannel/${secret}?from=%p&to=%P&text=%b&charset=%C&id=%I`,
      })
    })
    after(async () => {
      await kannel.stop()
      await door.close()
    })

    for (const mode of ['two-way', 'two-way-number'] as const) {
      test(`${mode}: the text goes out, what is sent back signs in, and a wrong one does not`, async () => {
        const before = kannel.received().length
        const world = await signingIn(overKannel(kannel), mode)
        engine = world.engine
        const texts = await kannel.receivedAtLeast(before + 1)
        assert.equal(texts.at(-1)?.to, alicePhone)
        const right = await world.answerTo(texts.at(-1)?.text ?? '')

        await kannel.sendIn(alicePhone, right === '111111' ? '222222' : '111111')
        assert.equal((await world.seen((reply) => reply.attemptsLeft === 4)).state, 'waiting')
        await kannel.sendIn(alicePhone, right)
        await world.seen((reply) => reply.state === 'approved')
        assert.equal(await world.finish(), 'passed')
      })
    }
  })

  describe('over SMPP', () => {
    const full = (text: string) => [...text].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')
    const alphabets: [name: string, fields: (text: string) => Record<string, unknown>][] = [
      ['in GSM', (text) => ({ data_coding: 0, short_message: Buffer.from(text) })],
      ['in UCS-2, as full-width digits', (text) => ({ data_coding: 8, short_message: toUcs2(full(text)) })],
    ]
    for (const [alphabet, inAlphabet] of alphabets) {
      test(`${alphabet}: the text goes out, what is sent back signs in, and is acknowledged after it counts`, async () => {
        const centre = await smppCentre()
        atEnd(centre.stop)
        const { sender } = smppSender({ port: centre.port })
        const world = await signingIn(sender, 'two-way')
        sender.receive({ replies: world.engine.replies })
        await until(() => centre.submitted.length === 1, 'the text')
        const code = await world.answerTo(centre.shown()[0]?.text ?? '')

        const from = (source_addr: string) => ({ source_addr, source_addr_ton: 1, ...inAlphabet(code) })
        assert.equal(await centre.deliver(from('12065550166')), 0)
        assert.equal(await world.finish(), 'gone', 'from another phone')
        assert.equal(await centre.deliver(from('12065550100')), 0)
        assert.equal(await world.finish(), 'passed')
      })
    }
  })
})

function overKannel({ sendUrl, username, password }: Kannel): TextSender {
  return httpTextSender({
    url: `${sendUrl}?username={username}&password={password}&from=12345&to={to}&text={text}&charset=UTF-8&coding=2`,
    method: 'GET',
    headers: {},
    expectBody: /^0:/,
    timeoutMs: 30_000,
    username,
    password: new Secret(password),
  })
}

/** Alice has given her password. `seen` waits until her page would show it. */
async function signingIn(sender: TextSender, mode: 'two-way' | 'two-way-number') {
  const [, open] = dialects[0] ?? assert.fail('no database')
  const world = await engineWorld(await open(), { settings: { 'text.mode': mode }, providers: { senders: [sender] } })
  const call = { ...world.from, session: await world.begin('alice') }

  async function look() {
    const read = await world.api.readSecondStep(call, {})
    return read.ok && read.value.reply ? read.value.reply : assert.fail(JSON.stringify(read))
  }
  return {
    engine: world.engine,
    /** What to text back. */
    answerTo: async (text: string) => /\b\d{6}\b/.exec(text)?.[0] ?? (await look()).number ?? assert.fail(text),
    async seen(is: (reply: Awaited<ReturnType<typeof look>>) => boolean) {
      for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) {
        const reply = await look()
        if (is(reply)) return reply
      }
      return assert.fail('it never came')
    },
    async finish(): Promise<string> {
      const answer = await world.api.finishSecondStep(call, { method: 'text' })
      return answer.ok ? answer.value.outcome : answer.refusal
    },
  }
}
