import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import smpp from 'smpp'
import { encodeBind, encodeSubmitSm, readDeliverSm, readMessageId } from '../../src/protocols/smpp-message.ts'
import { command, encodePdu, LONGEST_PDU, type Pdu, pduReader, statusName } from '../../src/protocols/smpp-pdu.ts'
import { isReceipt, readReceipt } from '../../src/protocols/smpp-receipt.ts'

const word = fc.integer({ min: 0, max: 0xffffffff })
const pdu = fc.record({ command: word, status: word, sequence: word, body: fc.uint8Array({ maxLength: 300 }) })

describe('an SMPP PDU', () => {
  test('is the example of SMPP 3.4 section 3.2.3, but for version and address range', () => {
    const body = encodeBind({ systemId: 'SMPP3TEST', password: 'secret08', systemType: 'SUBMIT1' })
    const bytes = Buffer.from(encodePdu({ command: command.bindTransmitter, status: 0, sequence: 1, body }))
    const example = '0000002f000000020000000000000001534d50503354455354007365637265743038005355424d4954310000010100'
    assert.equal(bytes.subarray(0, -4).toString('hex'), example.slice(0, -8))
    assert.equal(bytes.subarray(-4).toString('hex'), '34000000')
  })

  test('is what npm smpp makes of the same submit_sm', () => {
    for (const payload of [undefined, Buffer.from('long')]) {
      const message = payload ? Buffer.alloc(0) : Buffer.from('Hi')
      const theirs = new smpp.PDU('submit_sm', {
        ...{ sequence_number: 7, service_type: 'OTP', source_addr_ton: 5, source_addr_npi: 0, source_addr: 'Contoso' },
        ...{ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '12065550100', esm_class: 0x40 },
        ...{ registered_delivery: 1, data_coding: 8, short_message: message },
        ...(payload ? { message_payload: payload } : {}),
      })
      const body = encodeSubmitSm({
        ...{ serviceType: 'OTP', source: { ton: 5, npi: 0, address: 'Contoso' } },
        ...{ destination: { ton: 1, npi: 1, address: '12065550100' }, esmClass: 0x40 },
        ...{ registeredDelivery: 1, dataCoding: 8, message, payload },
      })
      const ours = Buffer.from(encodePdu({ command: command.submitSm, status: 0, sequence: 7, body }))
      assert.equal(ours.toString('hex'), theirs.toBuffer().toString('hex'))
    }
  })

  test('is found again however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(pdu, { maxLength: 10 }), fc.array(fc.nat(400)), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(encodePdu))
        const reader = pduReader()
        const found: Pdu[] = []
        let at = 0
        for (const size of [...cuts, stream.length]) {
          found.push(...reader.push(stream.subarray(at, at + size)).pdus)
          at += size
        }
        assert.deepEqual(found.map(plain), sent.map(plain))
      }),
    )
  })

  test('of a length that cannot be is a fault, after those before it', () => {
    for (const length of [0, 1, 15, LONGEST_PDU + 1, 0x7fffffff, 0xffffffff]) {
      const good = Buffer.from(encodePdu({ command: 0x15, status: 0, sequence: 9, body: Buffer.alloc(0) }))
      const bad = Buffer.alloc(16)
      bad.writeUInt32BE(length)
      const { pdus, fault } = pduReader().push(Buffer.concat([good, bad]))
      assert.equal(pdus[0]?.sequence, 9)
      assert.match(fault ?? '', new RegExp(`of ${length} bytes`))
    }
  })

  test('has a status that an operator can read', () => {
    assert.equal(statusName(0x0e), '0x0e, invalid password')
    assert.equal(statusName(0x4ff), '0x4ff')
  })
})

describe('the body of an SMPP PDU', () => {
  test('may be any octets: what cannot be read is undefined', () => {
    const anything = fc.uint8Array({ maxLength: 300 })
    const nearly = fc.tuple(fc.nat(400), fc.nat(255), fc.nat(400)).map(([at, octet, length]) => {
      const whole = new smpp.PDU('deliver_sm', {
        ...{ source_addr: '12065550100', esm_class: 4, short_message: 'id:1 stat:DELIVRD', receipted_message_id: '1' },
      }).toBuffer()
      whole[16 + (at % (whole.length - 16))] = octet
      return new Uint8Array(whole.subarray(16, 16 + length))
    })
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (body) => {
        const deliver = readDeliverSm(body)
        if (deliver && isReceipt(deliver)) readReceipt(deliver)
        readMessageId(body)
      }),
      { numRuns: 3_000 },
    )
  })

  test('has its receipt in TLVs or in the text of appendix B, whose keys centres write as they like', () => {
    const receipt = (fields: Record<string, unknown>) => {
      const bytes = new smpp.PDU('deliver_sm', { esm_class: 4, ...fields }).toBuffer()
      const deliver = readDeliverSm(bytes.subarray(16)) ?? assert.fail('cannot be read')
      return isReceipt(deliver) ? readReceipt(deliver) : 'no receipt'
    }
    const delivered = { messageId: 'c449ab97', outcome: 'delivered' }
    const text = 'id:c449ab97 sub:001 dlvrd:001 submit date:2611241700 done date:2611241701 stat:DELIVRD err:000 text:x'
    assert.deepEqual(receipt({ short_message: text }), delivered)
    assert.deepEqual(receipt({ short_message: text.toUpperCase().replace('C449AB97', 'c449ab97') }), delivered)
    assert.deepEqual(receipt({ receipted_message_id: 'c449ab97', message_state: 2, esm_class: 0 }), delivered)
    assert.deepEqual(receipt({ short_message: text, message_state: 5 }), { ...delivered, outcome: 'failed' })
    assert.deepEqual(receipt({ short_message: text, esm_class: 0x20 }), { ...delivered, outcome: 'pending' })
    assert.equal(receipt({ short_message: 'stat:DELIVRD' }), undefined)
    assert.equal(receipt({ short_message: text, esm_class: 0 }), 'no receipt')
  })

  test('holds no NUL where a string ends with one', () => {
    assert.throws(() => encodeBind({ systemId: 'a\0b', password: '', systemType: '' }), RangeError)
    assert.throws(() => encodeBind({ systemId: 'Ж', password: '', systemType: '' }), RangeError)
  })
})

function plain({ body, ...rest }: Pdu): unknown {
  return { ...rest, body: Buffer.from(body).toString('hex') }
}
