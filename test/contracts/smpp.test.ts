import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { smppCentre, until } from './smpp-centre.ts'
import { atEnd, failure, smppSender, sampleText as text } from './smpp-world.ts'

describe('texts through an SMPP centre', () => {
  for (const [what, body, parts] of [
    ['plain letters', 'Your code is 482 915', 1],
    ['umlauts, euro and brackets', 'Grüße & 1+1 = 2, 50 % "gültig" [€]\n@482915 _ $', 1],
    ['160 characters', 'a'.repeat(160), 1],
    ['emoji', 'Code 482915 😀👩‍👩‍👧', 1],
    ['400 characters', 'Ihr Code für €: '.repeat(25), 3],
    ['400 characters with emoji', 'Ваш код 😀: 482 '.repeat(25), 6],
    ['nothing at all', '', 1],
  ] as const) {
    test(`arrive whole: ${what}`, async () => {
      const { send, shown } = await world()
      await send({ body })
      assert.deepEqual(shown(), [{ from: '12345', to: '12065550100', text: body, parts }])
    })
  }

  test('go as one message_payload where the centre wants that', async () => {
    const { send, shown, submitted } = await world({}, { longTexts: 'payload' })
    const body = 'Ihr Code 😀: '.repeat(40)
    await send({ body })
    assert.deepEqual(shown(), [{ from: '12345', to: '12065550100', text: body, parts: 1 }])
    assert.equal(submitted[0]?.short_message.message.length, 0)
  })

  test('go as Latin-1 to a centre whose default it is, and as UCS-2 where that has not every character', async () => {
    const { send, submitted } = await world({}, { defaultAlphabet: 'latin1' })
    await send({ body: 'Grüße @' })
    await send({ body: '5 €' })
    assert.deepEqual(
      submitted.map(({ data_coding }) => data_coding),
      [0, 8],
    )
    assert.equal(submitted[1]?.short_message.message, '5 €')
  })

  test('say who sends and who receives as the norm has it', async () => {
    for (const [from, ton, npi, address] of [
      ['12345', 3, 0, '12345'],
      ['+498930901820', 1, 1, '498930901820'],
      ['Contoso', 5, 0, 'Contoso'],
    ] as const) {
      const { send, submitted, binds } = await world({}, { from, systemType: 'OTP' })
      await send()
      const [one] = submitted
      assert.deepEqual([one?.source_addr_ton, one?.source_addr_npi, one?.source_addr], [ton, npi, address])
      assert.deepEqual([one?.dest_addr_ton, one?.dest_addr_npi, one?.destination_addr], [1, 1, '12065550100'])
      assert.equal(one?.registered_delivery, 1)
      assert.deepEqual([binds[0]?.system_id, binds[0]?.system_type], ['sallyport', 'OTP'])
    }
  })

  test('fail where the centre refuses one, and say with what', async () => {
    const { send } = await world({ answer: () => 0x0b })
    assert.match(await failure(send()), /127\.0\.0\.1:\d+: submit_sm was refused: 0x0b, invalid destination address/)
  })

  test('fail with a wrong password, which stands in no error and no line of the log', async () => {
    const { send, lines } = await world({}, { password: new Secret('wr0ng&pass') })
    const message = await failure(send())
    assert.match(message, /bind was refused: 0x0e, invalid password/)
    assert.doesNotMatch(JSON.stringify([message, lines]), /wr0ng|482915|2065550100/)
  })

  test('fail where nobody listens', async () => {
    const centre = await smppCentre()
    await centre.stop()
    const { sender } = smppSender({ port: centre.port })
    assert.match(await failure(sender.send(text, new AbortController().signal)), /ECONNREFUSED/)
  })

  test('fail without asking the centre where the number is none', async () => {
    const { send, submitted } = await world()
    for (const to of ['12065550100', '+', '+0123456', '+1206555\x080']) {
      assert.match(await failure(send({ to })), /not a number/)
    }
    assert.equal(submitted.length, 0)
  })

  test('wait no longer than their signal', async () => {
    const { sender, submitted } = await world({ answer: () => undefined })
    const stop = new AbortController()
    const sending = failure(sender.send(text, stop.signal))
    await until(() => submitted.length === 1, 'the submit')
    stop.abort()
    assert.match(await sending, /given up/)
    assert.match(await failure(sender.send(text, stop.signal)), /given up/)
    assert.equal(submitted.length, 1)
  })

  test('go over two sessions to a centre that knows no transceiver', async () => {
    const { send, shown, binds, replies, deliver } = await world({}, { bind: 'separate' })
    await send()
    await until(() => binds.length === 2, 'both')
    assert.deepEqual(binds.map(({ command }) => command).sort(), ['bind_receiver', 'bind_transmitter'])
    assert.equal(shown().length, 1)
    assert.equal(await deliver({ source_addr: '12065550100', short_message: '1' }), 0)
    assert.equal(replies.length, 1)
  })

  test('go over TLS only to a centre whose certificate is trusted', async () => {
    const tls = selfSigned()
    const centre = await smppCentre({ tls })
    atEnd(centre.stop)
    const over = (ca?: string) => smppSender({ port: centre.port, tls: { ca } }).sender
    await over(tls.cert).send(text, new AbortController().signal)
    assert.equal(centre.shown().length, 1)
    assert.match(await failure(over().send(text, new AbortController().signal)), /SELF_SIGNED/)
    assert.equal(centre.binds.length, 1, 'the password was not said')
  })
})

describe('the window', () => {
  test('is never exceeded, however many texts there are, and is not made wider by those who give up', async () => {
    let open = 0
    let most = 0
    const doors: (() => void)[] = []
    const { sender, submitted } = await world(
      {
        answer: async () => {
          most = Math.max(most, ++open)
          await new Promise<void>((resolve) => doors.push(resolve))
          open--
          return 0
        },
      },
      { window: 3 },
    )
    const impatient = new AbortController()
    const lost = [1, 2, 3].map(() => failure(sender.send(text, impatient.signal)))
    await until(() => submitted.length === 3, 'a full window')
    impatient.abort()
    await Promise.all(lost)

    const sent = Array.from({ length: 20 }, () => sender.send(text, new AbortController().signal))
    while (submitted.length < 23) {
      await until(() => doors.length > 0, 'a message under way')
      doors.shift()?.()
      await until(() => open === 3 || submitted.length === 23, 'the next')
    }
    for (const door of doors) door()
    await Promise.all(sent)
    assert.equal(most, 3)
  })

  test('rests when the centre is throttled, and what it refused is sent again', async () => {
    let refusals = 3
    const { send, submitted } = await world({ answer: () => (refusals-- > 0 ? 0x58 : 0) })
    await send()
    assert.equal(submitted.length, 4)
  })

  test('gives up on a centre that stays throttled or full', async () => {
    for (const status of [0x58, 0x14]) {
      const { send } = await world({ answer: () => status })
      assert.match(await failure(send()), status === 0x58 ? /throttled/ : /queue full/)
    }
  })
})

describe('a configuration', () => {
  test('that cannot be is refused with all that is wrong', () => {
    const wrong = { host: 'a b', port: 0, systemId: '', from: 'Ünïcode', window: 0, sourceTon: 256 }
    assert.throws(
      () => smppSender(wrong),
      (error) =>
        error instanceof AppError &&
        error.code === 'config.wrong' &&
        ['host', 'port', 'systemId', 'from', 'window', 'sourceTon'].every((key) => error.message.includes(`${key}: `)),
    )
  })
})

function selfSigned() {
  const folder = mkdtempSync(join(tmpdir(), 'smpp-tls-'))
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  try {
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, ...files], { stdio: 'pipe' })
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    return { cert: read('cert.pem'), key: read('key.pem') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A centre that takes everything, and a sender that is bound to it with a window of ten. */
async function world(behaviour: Parameters<typeof smppCentre>[0] = {}, config: Parameters<typeof smppSender>[0] = {}) {
  const centre = await smppCentre(behaviour)
  atEnd(centre.stop)
  const made = smppSender({ port: centre.port, ...config })
  made.sender.receive(made.sinks)
  return {
    ...centre,
    ...made,
    send: (change: Partial<typeof text> = {}) => made.sender.send({ ...text, ...change }, new AbortController().signal),
  }
}
