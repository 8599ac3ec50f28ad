import assert from 'node:assert/strict'
import { after, afterEach } from 'node:test'
import type { Receipt, Reply } from '../../src/core/delivery/replies.ts'
import type { Text } from '../../src/core/delivery/text-sender.ts'
import { AppError } from '../../src/core/errors.ts'
import type { Log } from '../../src/core/ports.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { smppTextSender } from '../../src/outbound/delivery/sms/smpp.ts'
import type { SmppConfig } from '../../src/outbound/delivery/sms/smpp-config.ts'
import { systemClock, systemRandom } from '../../src/system.ts'
import { password } from './smpp-centre.ts'

export const sampleText: Text = { id: 'd1', to: '+12065550100', body: 'Your code is 482915' }

/** What is waited for comes; who waits for silence to its end says a shorter time. */
const times = { bind: 10_000, answer: 10_000, enquire: 30_000, take: 10_000, firstPause: 20, longestPause: 50 }

const endings: (() => Promise<unknown>)[] = []
const endAll = async () => {
  for (const end of endings.splice(0).reverse()) await end()
}
afterEach(endAll)
after(endAll)

/** Ended after the test, the last made first. */
export function atEnd(end: () => Promise<unknown>): void {
  endings.push(end)
}

/** A sender on this machine, with sinks that keep what they are given, and the lines of its log. */
export function smppSender(config: Partial<SmppConfig> = {}) {
  const lines: unknown[] = []
  const write = (...line: unknown[]) => void lines.push(line.map(String).concat(JSON.stringify(line)))
  const log: Log = { info: write, warn: write, error: write }
  const replies: Reply[] = []
  const receipts: Receipt[] = []
  const sender = smppTextSender(
    {
      ...{ host: '127.0.0.1', port: 1, systemId: 'sallyport', password: new Secret(password), from: '12345' },
      ...config,
      times: { ...times, ...config.times },
    },
    { clock: systemClock, random: systemRandom, log },
  )
  atEnd(() => sender.close())
  const sinks = {
    replies: { take: async (reply: Reply) => void replies.push(reply) },
    receipts: { take: async (receipt: Receipt) => void receipts.push(receipt) },
  }
  return { sender, sinks, replies, receipts, lines }
}

/** The message of the AppError with which it ended. */
export async function failure(sending: Promise<void>): Promise<string> {
  const error = await sending.then(
    () => assert.fail('was taken'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AppError && /^delivery\.(failed|unreachable)$/.test(error.code), String(error))
  assert.equal(error.cause, undefined)
  return error.message
}
