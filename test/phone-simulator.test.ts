import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { phoneSimulator } from '../src/outbound/delivery/sms/simulator.ts'

const noon = new Date('2026-01-01T12:00:00Z')

describe('the phones of the demo', () => {
  test('show the newest message first, each on its own number', async () => {
    const { text, phones } = world()
    await text('+12065550100', 'one')
    await text('+12065550177', 'two')
    await text('+12065550100', 'three')

    assert.deepEqual(
      phones.messages('+12065550100').map((message) => message.text),
      ['three', 'one'],
    )
    assert.deepEqual(
      phones.messages().map((message) => message.text),
      ['three', 'two', 'one'],
    )
    assert.deepEqual(phones.messages('+12065550199'), [])
    const [newest] = phones.messages()
    assert.deepEqual(newest, {
      id: 'm3',
      kind: 'text',
      to: '+12065550100',
      text: 'three',
      code: undefined,
      at: noon.toISOString(),
    })
  })

  test('keep the newest 500', async () => {
    const { text, phones } = world()
    for (let n = 1; n <= 502; n++) await text('+12065550100', `text ${n}`)
    assert.equal(phones.messages().length, 500)
    assert.equal(phones.messages().at(-1)?.text, 'text 3')
  })

  test('tell who listens, and no longer once they left', async () => {
    const { text, phones } = world()
    let rung = 0
    const leave = phones.subscribe(() => rung++)
    await text('+12065550100', 'one')
    leave()
    await text('+12065550100', 'two')
    assert.equal(rung, 1)
  })

  for (const [body, code] of [
    ['Contoso: your code is 482 915. Good for 5 minutes.', '482915'],
    ['482915', '482915'],
    ['Code: 12345678', '12345678'],
    ['Code: 1234-5678, help: +1 206 555 0199', '12345678'],
    ['Help: +1 206 555 0199 or 2065550199. Code 482915', '482915'],
    ['Year 2026, 1234567 and 12345', undefined],
    ['Order 111111.\n@portal.example #482915', '482915'],
  ] as const) {
    test(`find ${code ?? 'no code'} in "${body.replaceAll('\n', ' ')}"`, async () => {
      const { text, phones } = world()
      await text('+12065550100', body)
      assert.equal(phones.messages()[0]?.code, code)
    })
  }
})

function world() {
  let made = 0
  const phones = phoneSimulator({ clock: { now: () => noon }, ids: { next: () => `m${++made}` } })
  const text = (to: string, body: string) => phones.send({ id: 'd1', to, body }, new AbortController().signal)
  return { phones, text }
}
