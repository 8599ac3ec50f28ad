import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import { type Kannel, startKannel } from '../../dev/hosts/kannel.ts'
import type { Text } from '../../src/core/delivery/text-sender.ts'
import { AppError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { httpTextSender } from '../../src/outbound/delivery/sms/http.ts'

const missing =
  existsSync('/usr/sbin/bearerbox') && existsSync('/usr/lib/kannel/test/fakesmsc')
    ? false
    : 'needs the packages kannel and kannel-extras'

describe('texts through Kannel, as the guide sets it up', { skip: missing }, () => {
  let kannel: Kannel
  before(async () => {
    kannel = await startKannel()
  })
  after(() => kannel.stop())

  test('umlauts, &, +, %, a line break and a code arrive unchanged at the right number', async () => {
    const text = { id: 'd1', to: '+12065550100', body: 'Grüße & 1+1 = 2, 50 % "gültig"\nIhr Code: 482 915 {to} €' }
    await world(kannel).send(text)
    assert.deepEqual(await kannel.receivedAtLeast(1), [{ to: text.to, text: text.body }])
  })

  test('a text of several parts arrives whole', async () => {
    const text = { id: 'd2', to: '+498930901820', body: `${'Ünïcode '.repeat(30)}482915` }
    const already = kannel.received().length
    await world(kannel).send(text)
    assert.deepEqual((await kannel.receivedAtLeast(already + 1)).at(-1), { to: text.to, text: text.body })
  })

  test('a wrong password is a failure that names no secret', async () => {
    const message = await failed(world(kannel, { password: 'wr0ng&pass' }).send(sample))
    assert.match(message, /answered 403: "Authorization failed for sendsms"/)
    assert.ok(!message.includes('wr0ng') && !message.includes('482915') && !message.includes('sendsms?'), message)
  })

  test('a text that Kannel can only keep for later is a failure', async () => {
    await kannel.stopSmsc()
    assert.match(await failed(world(kannel).send(sample)), /answered 202: "3: Queued for later delivery"/)
  })

  test('Kannel that is gone is a failure', async () => {
    await kannel.stop()
    assert.match(await failed(world(kannel).send(sample)), /ECONNREFUSED/)
  })
})

const sample: Text = { id: 'd3', to: '+12065550100', body: 'Your code is 482915' }

async function failed(sending: Promise<void>): Promise<string> {
  const error = await sending.then(
    () => assert.fail('was taken'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AppError && /^delivery\.(failed|unreachable)$/.test(error.code), String(error))
  return error.message
}

/** The guide's own example, pointed at this Kannel. */
function world({ sendUrl, username, password }: Kannel, wrong: { password?: string } = {}) {
  const guide = readFileSync(new URL('../../docs/guides/send-texts.md', import.meta.url), 'utf8')
  const { sms } = parse(/^### Kannel$.*?^```yaml$(.*?)^```$/ms.exec(guide)?.[1] ?? '')
  const sender = httpTextSender({
    url: sms.http.url.replace('http://127.0.0.1:13013/cgi-bin/sendsms', sendUrl),
    method: sms.http.method,
    headers: {},
    expectBody: new RegExp(sms.http.expect_body),
    from: sms.from,
    timeoutMs: 5_000,
    username,
    password: new Secret(wrong.password ?? password),
  })
  after(() => sender.close())
  return { send: (text: Text) => sender.send(text, new AbortController().signal) }
}
