import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { type Kannel, startKannel } from '../../dev/hosts/kannel.ts'
import { kannel as fields, smsDoor } from '../../src/inbound/sms/sms.route.ts'
import { listen } from '../../src/inbound/web/listen.ts'
import type { Reply } from '../../src/inbound/web/replies.ts'
import { until } from './smpp-centre.ts'

const missing =
  existsSync('/usr/sbin/bearerbox') && existsSync('/usr/lib/kannel/test/fakesmsc')
    ? false
    : 'needs the packages kannel and kannel-extras'

const secret = 'q3TbB2dVd0x7u1mY4nZr5w'
const phone = '+12065550100'

describe('replies through Kannel, whose service calls our door', { skip: missing }, () => {
  const taken: Reply[] = []
  let broken = false
  let failures = 0
  let kannel: Kannel
  let door: Awaited<ReturnType<typeof listen>>

  before(async () => {
    const app = smsDoor({
      secret,
      providers: [fields],
      sink: {
        async take(reply) {
          if (broken) throw new Error('the database is gone')
          taken.push(reply)
        },
      },
      failure() {
        failures++
        return 503
      },
      now: () => new Date(),
      newId: () => 'none',
    })
    door = await listen({ app, host: '127.0.0.1', port: 0 })
    const replies = `${door.url}/sms/kannel/${secret}?from=%p&to=%P&text=%b&charset=%C&id=%I`
    kannel = await startKannel({ replies })
  })
  after(async () => {
    await kannel.stop()
    await door.close()
  })

  test('arrive as they were written, each with an id of its own', async () => {
    const texts = ['123456', 'Grüße &  1+1 = 2, 50 % [€] #', 'JA']
    for (const [index, text] of texts.entries()) {
      await kannel.sendIn(phone, text)
      await until(() => taken.length > index, text)
    }
    assert.deepEqual(
      taken.map(({ from, to, text, provider }) => ({ from, to, text, provider })),
      texts.map((text) => ({ from: phone, to: '12345', text, provider: 'kannel' })),
    )
    assert.equal(new Set(taken.map(({ providerId }) => providerId)).size, texts.length)
    assert.ok(taken.every(({ providerId }) => /^[0-9a-f-]{36}$/.test(providerId)))
  })

  test('are answered with no text, neither when they were taken nor when they could not be', async () => {
    broken = true
    await kannel.sendIn(phone, 'lost?')
    await until(() => failures > 0, 'the failure')
    broken = false
    const already = taken.length
    await kannel.sendIn(phone, '654321')
    await until(() => taken.length > already, 'the next reply')
    // What Kannel wanted to say before would be on its way before this one.
    const query = new URLSearchParams({ username: kannel.username, password: kannel.password, to: phone, text: 'last' })
    assert.equal((await fetch(`${kannel.sendUrl}?${query}`)).status, 202)
    assert.deepEqual(await kannel.receivedAtLeast(1), [{ to: phone, text: 'last' }])
  })
})
