import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { describe, test } from 'node:test'
import smpp from 'smpp'
import { smppSession } from '../../src/outbound/delivery/sms/smpp-session.ts'
import { smppCentre, until } from './smpp-centre.ts'
import { atEnd, failure, smppSender, sampleText as text } from './smpp-world.ts'

const SUBMIT = 0x04
const SUBMITTED = 0x80000004
const ENQUIRE = 0x15

describe('an SMPP centre that misbehaves costs a text that failed, and a new session', () => {
  type Misbehaviour = (socket: Socket, sequence: number) => void
  const cases: [what: string, why: RegExp, misbehave: Misbehaviour][] = [
    ['sends garbage', /sent a PDU of 2779096485 bytes/, (socket) => socket.write(Buffer.alloc(5_000, 0xa5))],
    ['sends a length of 2 GB', /sent a PDU of 2147483647 /, (socket) => socket.write(header(0x7fffffff, SUBMITTED, 1))],
    ['sends a length of 4 GB', /sent a PDU of 4294967295 /, (socket) => socket.write(header(0xffffffff, SUBMITTED, 1))],
    ['sends a length below that of a header', /PDU of 15 /, (socket) => socket.write(header(15, SUBMITTED, 1))],
    ['sends a length of nothing', /PDU of 0 bytes/, (socket) => socket.write(Buffer.alloc(64))],
    [
      'stops in the middle of a PDU',
      /no answer/,
      (socket, sequence) => socket.write(submitted(sequence).subarray(0, -3)),
    ],
    ['never answers', /no answer within/, () => {}],
    [
      'answers with numbers that nobody gave',
      /no answer/,
      (socket, sequence) => socket.write(submitted(sequence + 1_000)),
    ],
    ['answers another command', /no answer/, (socket, sequence) => socket.write(header(16, 0x80000021, sequence))],
    ['closes the connection', /closed the connection/, (socket) => socket.end()],
    ['breaks the connection', /ECONNRESET/, (socket) => socket.resetAndDestroy()],
    ['says good-bye', /ended the session/, (socket) => socket.write(header(16, 0x06, 1))],
  ]
  for (const [what, why, misbehave] of cases) {
    test(what, async () => {
      const request = (socket: Socket, { command, sequence }: Head, count: number) => {
        if (command === SUBMIT && count === 1) misbehave(socket, sequence)
        else if (command === SUBMIT) socket.write(submitted(sequence))
        // From then on it is silent on the session on which it misbehaved.
        else if (count > 1 && command === ENQUIRE) socket.write(header(16, 0x80000015, sequence))
      }
      const { send, sessions } = await hostile(request, undefined, /no answer/.test(why.source) ? brief : {})
      assert.match(await failure(send()), why)
      await sendUntilTaken(send)
      assert.ok(sessions() >= 2, `${sessions()} sessions`)
    })
  }

  test('refuses or never answers the bind, and then does', async () => {
    for (const status of [0x0d, undefined]) {
      let binds = 0
      const { send } = await hostile(
        (socket, { command, sequence }) => command === SUBMIT && socket.write(submitted(sequence)),
        (socket, sequence) => {
          if (++binds > 2) return socket.write(bound(sequence))
          if (status !== undefined) socket.write(header(16, 0x80000009, sequence, status))
        },
        brief,
      )
      await failure(send())
      await sendUntilTaken(send)
      assert.equal(binds, 3)
    }
  })

  test('comes back on the same port after a while', async () => {
    const first = await smppCentre()
    const { sender } = smppSender({ port: first.port })
    const send = () => sender.send(text, new AbortController().signal)
    await send()
    await first.stop()
    await failure(send())
    const second = await smppCentre({ port: first.port })
    atEnd(second.stop)
    await sendUntilTaken(send)
    assert.equal(second.shown()[0]?.text, text.body)
  })
})

describe('from an SMPP centre', () => {
  test('an answer that comes byte by byte is an answer', async () => {
    const { send, sessions } = await hostile(async (socket, { command, sequence }) => {
      if (command !== SUBMIT) return
      for (const byte of submitted(sequence)) {
        socket.write(Buffer.of(byte))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })
    await send()
    assert.equal(sessions(), 1)
  })

  test('an answer without a message id, or with a body that is none, is an answer', async () => {
    for (const body of [Buffer.alloc(0), Buffer.of(0), Buffer.alloc(300, 0x41)]) {
      const { send, sessions } = await hostile((socket, { command, sequence }) => {
        if (command === SUBMIT) socket.write(Buffer.concat([header(16 + body.length, 0x80000004, sequence), body]))
      })
      await send()
      assert.equal(sessions(), 1)
    }
  })

  test('a deliver_sm that ends too soon is refused and the session goes on', async () => {
    const { send, socket, answers, replies } = await hostile()
    await send()
    const whole = new smpp.PDU('deliver_sm', { source_addr: '12065550100', short_message: 'yes' }).toBuffer()
    for (let length = 16; length < whole.length; length++) {
      const cut = Buffer.from(whole.subarray(0, length))
      cut.writeUInt32BE(length)
      cut.writeUInt32BE(length, 12)
      socket().write(cut)
      await until(() => answers.some(({ sequence }) => sequence === length), 'its answer')
      assert.notEqual(answers.at(-1)?.status, 0, `${length} bytes`)
    }
    await send()
    assert.deepEqual(replies, [])
  })

  test('a command that a sender does not know is answered so, and one without an answer is not', async () => {
    const { send, socket, answers } = await hostile()
    await send()
    socket().write(Buffer.concat([header(16, 0x102, 7), header(16, 0x7777, 8)]))
    await until(() => answers.length > 0, 'an answer')
    assert.deepEqual(answers, [{ command: 0x80000000, status: 3, sequence: 8 }])
  })

  test('a flood of replies is taken whole and no faster than it can be', async () => {
    const FLOOD = 1_000
    const { send, socket, answers, sinks, replies } = await hostile()
    let open = 0
    let most = 0
    const keep = sinks.replies.take
    sinks.replies.take = async (reply) => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setImmediate(resolve))
      await keep(reply)
      open--
    }
    await send()
    for (let sequence_number = 1; sequence_number <= FLOOD; sequence_number++) {
      const fields = { sequence_number, source_addr: '12065550100', short_message: `reply ${sequence_number}` }
      socket().write(new smpp.PDU('deliver_sm', fields).toBuffer())
    }
    await until(() => answers.length === FLOOD, 'all answers')
    assert.equal(new Set(replies.map((reply) => reply.text)).size, FLOOD)
    assert.ok(answers.every(({ status }) => status === 0))
    assert.ok(most <= 16, `${most} at once`)
    await send()
  })

  test('more than it reads the answers to is left unread', async () => {
    // A connection that takes no octet off our hands.
    const socket = new Duplex({ read() {}, write() {} })
    atEnd(async () => socket.destroy())
    smppSession({ socket, times: { answer: 1_000, enquire: 60_000 }, deliver: async () => 0, log: quiet })
    for (let chunk = 0; chunk < 100; chunk++) {
      socket.push(Buffer.concat(Array.from({ length: 1_000 }, (_, sequence) => header(16, ENQUIRE, sequence))))
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.ok(socket.isPaused())
    assert.ok(socket.readableLength > 1_000_000, `${socket.readableLength} octets unread`)
    assert.ok(socket.writableLength < 100_000, `${socket.writableLength} octets unsaid`)
  })

  test('that it does not understand is a text that failed, and the session goes on', async () => {
    let understands = false
    const { send, sessions } = await hostile((socket, { command, sequence }) => {
      if (command === SUBMIT) socket.write(understands ? submitted(sequence) : header(16, 0x80000000, sequence, 3))
    })
    assert.match(await failure(send()), /0x03, invalid command/)
    understands = true
    await send()
    assert.equal(sessions(), 1)
  })
})

describe('a session with an SMPP centre', () => {
  test('that is silent is asked whether it is there, and given up when it is not', async () => {
    let enquiries = 0
    const { send, sessions, sender, sinks } = await hostile(
      (socket, { command, sequence }, count) => {
        if (command === SUBMIT) socket.write(submitted(sequence))
        if (command !== ENQUIRE) return
        enquiries++
        if (count > 1 || enquiries < 3) socket.write(header(16, 0x80000015, sequence))
      },
      undefined,
      { ...brief, enquire: 20 },
    )
    sender.receive(sinks)
    await until(() => sessions() === 2, 'a second session')
    assert.ok(enquiries >= 3)
    await send()
  })

  test('ends with a good-bye, after what is under way was answered', async () => {
    const centre = await smppCentre()
    atEnd(centre.stop)
    const { sender, sinks, replies } = smppSender({ port: centre.port })
    const taking = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const keep = sinks.replies.take
    sinks.replies.take = async (reply) => {
      begun.resolve()
      await taking.promise
      await keep(reply)
    }
    sender.receive(sinks)
    await sender.send(text, new AbortController().signal)
    const status = centre.deliver({ source_addr: '12065550100', short_message: '1' })
    await begun.promise
    const closing = sender.close()
    taking.resolve()
    assert.equal(await status, 0)
    await closing
    assert.equal(replies.length, 1)
    assert.equal(centre.unbinds(), 1)
    assert.match(await failure(sender.send(text, new AbortController().signal)), /closed/)
    await sender.close()
  })

  test('closes also with a centre that does not say good-bye, and while it is being opened', async () => {
    const silent = await hostile(undefined, undefined, { mute: true, answer: 1_000 })
    await silent.send()
    await silent.sender.close()
    const opening = await hostile(undefined, () => {})
    const sending = failure(opening.send())
    await until(() => opening.sessions() === 1, 'the connection')
    await opening.sender.close()
    await sending
  })
})

/** Another try a little later, as the dispatcher makes them. */
async function sendUntilTaken(send: () => Promise<void>): Promise<void> {
  for (let tries = 1; tries < 100; tries++) {
    if (
      await send().then(
        () => true,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail('no text was taken any more')
}

/** For a centre that does not answer. */
const brief = { answer: 400, bind: 400 }
const quiet = { info() {}, warn() {}, error() {} }

type Head = { command: number; status: number; sequence: number }

function header(length: number, command: number, sequence: number, status = 0): Buffer {
  const bytes = Buffer.alloc(16)
  for (const [index, word] of [length, command, status, sequence].entries()) bytes.writeUInt32BE(word, index * 4)
  return bytes
}

const submitted = (sequence_number: number) =>
  new smpp.PDU('submit_sm_resp', { sequence_number, message_id: 'M1' }).toBuffer()
const bound = (sequence_number: number) =>
  new smpp.PDU('bind_transceiver_resp', { sequence_number, system_id: 'hostile' }).toBuffer()

/**
 * A centre that binds whoever comes and then does as told; `count` is the number of the session. By default it
 * takes all texts. `mute`: it says no good-bye.
 */
async function hostile(
  request: (socket: Socket, head: Head, count: number) => unknown = (socket, { command, sequence }) =>
    command === SUBMIT && socket.write(submitted(sequence)),
  bind: (socket: Socket, sequence: number) => unknown = (socket, sequence) => socket.write(bound(sequence)),
  { mute = false, ...times }: { enquire?: number; answer?: number; bind?: number; mute?: boolean } = {},
) {
  const sockets: Socket[] = []
  const answers: Head[] = []
  const server = createServer((socket) => {
    const count = sockets.push(socket)
    let held = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 16 && held.length >= held.readUInt32BE()) {
        const head = { command: held.readUInt32BE(4), status: held.readUInt32BE(8), sequence: held.readUInt32BE(12) }
        held = held.subarray(held.readUInt32BE())
        if (head.command >= 0x80000000) answers.push(head)
        else if (head.command === 0x09) bind(socket, head.sequence)
        else if (head.command === 0x06 && !mute) socket.write(header(16, 0x80000006, head.sequence))
        else request(socket, head, count)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  const { port } = server.address() as AddressInfo
  const made = smppSender({ port, times })
  made.sender.receive({
    replies: { take: (reply) => made.sinks.replies.take(reply) },
  })
  return {
    ...made,
    answers,
    sessions: () => sockets.length,
    socket: () => sockets.at(-1) ?? assert.fail('nobody is connected'),
    send: () => made.sender.send(text, new AbortController().signal),
  }
}
