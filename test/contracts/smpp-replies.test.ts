import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Receipt, Reply } from '../../src/core/delivery/replies.ts'
import { toSeptets, toUcs2 } from '../../src/protocols/gsm0338.ts'
import { smppCentre, until } from './smpp-centre.ts'
import { atEnd, smppSender, sampleText as text } from './smpp-world.ts'

describe('replies over SMPP', () => {
  test('arrive in every alphabet, with the number they came from', async () => {
    const { deliver, replies } = await world()
    for (const [data_coding, bytes, read] of [
      [0, toSeptets('Nein, 1 € [ü]'), 'Nein, 1 € [ü]'],
      [0xf1, toSeptets('Grüße'), 'Grüße'],
      [1, Buffer.from('482915'), '482915'],
      [3, Buffer.from('Grüße', 'latin1'), 'Grüße'],
      [8, toUcs2('Да 😀'), 'Да 😀'],
    ] as const) {
      const short_message = Buffer.from(bytes ?? [])
      assert.equal(await deliver({ source_addr: '12065550100', source_addr_ton: 1, data_coding, short_message }), 0)
      const { from, to, text, provider } = replies.at(-1) ?? assert.fail('nothing came')
      assert.deepEqual(
        { from, to, text, provider },
        { from: '+12065550100', to: '12345', text: read, provider: 'smpp' },
      )
    }
    assert.equal(new Set(replies.map(({ providerId }) => providerId)).size, replies.length)
  })

  test('arrive in message_payload, and in the default alphabet of another centre', async () => {
    const { deliver, replies } = await world({ defaultAlphabet: 'latin1' })
    await deliver({ source_addr: '+12065550100', short_message: '', message_payload: Buffer.from('ja, @ü', 'latin1') })
    assert.equal(replies[0]?.text, 'ja, @ü')
  })

  test('in parts arrive once and whole, by headers and by sar_ TLVs, a pair of surrogates cut in two included', async () => {
    const { deliver, replies } = await world()
    const common = { source_addr: '12065550100', data_coding: 8 }
    const header = (place: number) => Buffer.of(5, 0, 3, 7, 2, place)
    await deliver({ ...common, esm_class: 0x40, short_message: Buffer.concat([header(2), toUcs2('\ude00 482')]) })
    await deliver({ ...common, esm_class: 0x40, short_message: Buffer.concat([header(1), toUcs2('Code \ud83d')]) })
    const sar = { ...common, data_coding: 0, sar_msg_ref_num: 9, sar_total_segments: 2 }
    await deliver({ ...sar, sar_segment_seqnum: 1, short_message: Buffer.from('one ') })
    await deliver({ ...sar, sar_segment_seqnum: 2, short_message: Buffer.from('two') })
    assert.deepEqual(
      replies.map(({ text }) => text),
      ['Code 😀 482', 'one two'],
    )
  })

  test('are acknowledged after they were taken, not before', async () => {
    const taking = Promise.withResolvers<void>()
    const { deliver, session } = await world({}, { reply: () => taking.promise })
    let answered = false
    const status = deliver({ source_addr: '12065550100', short_message: '1' }).finally(() => {
      answered = true
    })
    const bound = await session()
    // Asked later and answered at once.
    await new Promise((resolve) => bound.enquire_link(resolve))
    assert.equal(answered, false)
    taking.resolve()
    assert.equal(await status, 0)
  })

  test('that were not taken stay with the centre: nothing is lost, the last part of several included', async () => {
    let broken = true
    const taken: string[] = []
    const { deliver } = await world(
      {},
      {
        reply: async (reply) => {
          if (broken) throw new Error('the database is gone')
          taken.push(reply.text)
        },
      },
    )
    const part = (place: number) =>
      deliver({
        source_addr: '12065550100',
        esm_class: 0x40,
        short_message: Buffer.concat([Buffer.of(5, 0, 3, 7, 2, place), Buffer.from(String(place))]),
      })
    assert.equal(await part(1), 0)
    assert.equal(await part(2), 0x64, 'a temporary error')
    broken = false
    assert.equal(await part(2), 0)
    assert.equal(await part(2), 0, 'once more: it may be a part of the next text')
    assert.deepEqual(taken, ['12'])
  })

  test('that take too long are asked for again', async () => {
    const { deliver } = await world({ times: { take: 20 } }, { reply: () => new Promise(() => {}) })
    assert.equal(await deliver({ source_addr: '12065550100', short_message: '1' }), 0x64)
  })

  test('before anybody listens are asked for again', async () => {
    const { deliver } = await world({}, 'nobody')
    assert.equal(await deliver({ source_addr: '12065550100', short_message: '1' }), 0x64)
  })

  test('from what is no phone, or in what is no text, are refused for good', async () => {
    const { deliver, replies } = await world()
    for (const source_addr of ['Contoso', '12345', '0170123456', '', '+0123456789', '1'.repeat(16)]) {
      assert.equal(await deliver({ source_addr, short_message: '1' }), 0x66, source_addr)
    }
    const from = { source_addr: '12065550100' }
    assert.equal(await deliver({ ...from, data_coding: 4, short_message: Buffer.of(1, 2, 3) }), 0x66)
    assert.equal(await deliver({ ...from, esm_class: 0x40, short_message: Buffer.of(200, 1) }), 0x66)
    assert.deepEqual(replies, [])
  })
})

describe('receipts over SMPP', () => {
  for (const how of ['both', 'text', 'tlv'] as const) {
    test(`say what became of a text, by ${how === 'both' ? 'text and TLVs' : how}`, async () => {
      const { send, receipt, receipts, replies } = await world()
      for (const [stat, state, outcome] of [
        ['DELIVRD', 2, 'delivered'],
        ['UNDELIV', 5, 'failed'],
        ['EXPIRED', 3, 'failed'],
        ['DELETED', 4, 'failed'],
        ['REJECTD', 8, 'failed'],
      ] as const) {
        const id = await send({ id: `text ${stat}` })
        assert.equal(await receipt(id, 'ENROUTE', 1, how), 0)
        assert.equal(await receipt(id, 'ACCEPTD', 6, how), 0)
        assert.equal(await receipt(id, stat, state, how), 0)
        const { textId, outcome: said } = receipts.at(-1) ?? assert.fail('nothing came')
        assert.deepEqual({ textId, said }, { textId: `text ${stat}`, said: outcome })
        assert.equal(await receipt(id, stat, state, how), 0, 'once more')
      }
      assert.equal(receipts.length, 5)
      assert.deepEqual(replies, [])
    })
  }

  test('say "delivered" when every part is, and "failed" when one is not', async () => {
    const { send, receipt, receipts, submitted } = await world()
    const body = 'a'.repeat(400)
    await send({ id: 'whole', body })
    const [one = '', two = '', three = ''] = submitted.map(({ id }) => id)
    await receipt(three, 'DELIVRD', 2)
    await receipt(one, 'DELIVRD', 2)
    await receipt(one, 'DELIVRD', 2)
    assert.deepEqual(receipts, [])
    await receipt(two, 'DELIVRD', 2)
    await send({ id: 'torn', body })
    await receipt(submitted[4]?.id ?? '', 'UNDELIV', 5)
    await receipt(submitted[3]?.id ?? '', 'DELIVRD', 2)
    assert.deepEqual(
      receipts.map(({ textId, outcome }) => [textId, outcome]),
      [
        ['whole', 'delivered'],
        ['torn', 'failed'],
      ],
    )
  })

  test('that come before the answer that names their message count all the same', async () => {
    const { send, receipts, early } = await world()
    early()
    await send({ id: 'early' })
    await until(() => receipts.length === 1, 'the receipt')
    assert.deepEqual([receipts[0]?.textId, receipts[0]?.outcome], ['early', 'delivered'])
  })

  test('that were not taken stay with the centre', async () => {
    let broken = true
    const { send, receipt, receipts } = await world(
      {},
      {
        receipt: async () => {
          if (broken) throw new Error('the database is gone')
        },
      },
    )
    const id = await send()
    assert.equal(await receipt(id, 'DELIVRD', 2), 0x64)
    broken = false
    assert.equal(await receipt(id, 'DELIVRD', 2), 0)
    assert.equal(receipts.length, 1)
  })

  test('are known by ids in hexadecimal where they were given in decimal, and the other way round', async () => {
    for (const [receiptIds, given, said] of [
      ['hexadecimal', '3735928559', 'DEADBEEF'],
      ['decimal', '0deadbeef', '3735928559'],
      ['same', '0001A', '1a'],
    ] as const) {
      const { send, receipt, receipts } = await world({ receiptIds }, {}, () => given)
      await send()
      await receipt(said, 'DELIVRD', 2)
      assert.equal(receipts.length, 1, receiptIds)
    }
  })

  test('of nobody knows what, or without an id, change nothing', async () => {
    const { deliver, receipt, receipts } = await world()
    assert.equal(await receipt('M999', 'DELIVRD', 2), 0)
    const from = { source_addr: '12065550100', esm_class: 0x04 }
    assert.equal(await deliver({ ...from, short_message: 'whatever' }), 0)
    assert.deepEqual(receipts, [])
  })

  test('cannot be written by a person: the same words in a reply are a reply', async () => {
    const { send, deliver, receipts, replies } = await world()
    const id = await send()
    const words = `id:${id} sub:001 dlvrd:001 submit date:2611241700 done date:2611241701 stat:UNDELIV err:000 text:x`
    await deliver({ source_addr: '12065550100', short_message: words })
    assert.deepEqual(receipts, [])
    assert.equal(replies[0]?.text, words)
  })
})

type Sinks = { reply?: (reply: Reply) => Promise<void>; receipt?: (receipt: Receipt) => Promise<void> }

/** A centre that takes everything, and a sender that is bound to it and listens, or has nobody to tell. */
async function world(
  config: Parameters<typeof smppSender>[0] = {},
  sinks: Sinks | 'nobody' = {},
  idOf?: (count: number) => string,
) {
  let before = async (_id: string) => {}
  const answer = async ({ id }: { id: string }) => {
    await before(id)
    return 0
  }
  const centre = await smppCentre({ answer, ...(idOf ? { idOf } : {}) })
  atEnd(centre.stop)
  const { sender, replies, receipts } = smppSender({ port: centre.port, ...config })
  const given = sinks === 'nobody' ? {} : sinks
  if (sinks === 'nobody') await sender.send(text, new AbortController().signal)
  else
    sender.receive({
      replies: {
        async take(reply) {
          await given.reply?.(reply)
          replies.push(reply)
        },
      },
      receipts: {
        async take(receipt) {
          await given.receipt?.(receipt)
          receipts.push(receipt)
        },
      },
    })
  return {
    ...centre,
    replies,
    receipts,
    /** Answers the id of the last message. */
    async send(change: Partial<typeof text> = {}) {
      await sender.send({ ...text, ...change }, new AbortController().signal)
      return centre.submitted.at(-1)?.id ?? ''
    },
    /** From now on a receipt comes before the answer to its message. */
    early() {
      before = async (id) => void (await centre.receipt(id, 'DELIVRD', 2))
    },
  }
}
