import assert from 'node:assert/strict'
import { Hono } from 'hono'
import { startTwilio } from '../../dev/hosts/twilio.ts'
import type { CallBook, CallEvents } from '../../src/core/delivery/voice.ts'
import {
  advanceCall,
  beginCall,
  type CallEvent,
  type CallOutcome,
  type CallSetup,
  type CallState,
  type Verdict,
} from '../../src/core/methods/call/dialogue.ts'
import type { CallStep } from '../../src/core/methods/call/step.ts'
import { Secret } from '../../src/core/secrets/secret.ts'
import { mountTelephony, type TurnedAway } from '../../src/inbound/telephony/telephony.ts'
import { listen } from '../../src/inbound/web/listen.ts'
import type { Reply } from '../../src/inbound/web/replies.ts'
import { twilioTextSender } from '../../src/outbound/delivery/sms/twilio.ts'
import { twilioCaller } from '../../src/outbound/delivery/voice/twilio.ts'
import { callbackAddresses } from '../../src/protocols/callback-addresses.ts'

export const publicUrl = 'https://mfa.example.org'
export const noon = new Date('2026-11-24T12:00:00Z')
export const adasPhone = '+12065550100'
const from = '+12065550199'

/**
 * Twilio calls Ada, whose PIN is 1234 and whose screen shows 42; our door stands at https://mfa.example.org, which is
 * loopback. What the engine will do with calls, a map does here.
 */
export async function world({ sendsFinishedOnKey = false, ...setup }: World = {}) {
  const app = new Hono()
  const listener = await listen({ app, host: '127.0.0.1', port: 0 })
  const reach = (url: string) => url.replace(publicUrl, listener.url)
  const twilio = await startTwilio({ reach, sendsFinishedOnKey })
  const addresses = callbackAddresses({ publicUrl, key: Buffer.alloc(32, 7) })
  const engine = calls()
  const turnedAway: TurnedAway[] = []
  const replies: Reply[] = []
  const statuses: string[] = []
  mountTelephony(app, {
    addresses,
    accounts: [{ name: 'twilio', authToken: twilio.authToken }],
    calls: engine,
    replies: { take: async (reply) => void replies.push(reply) },
    receipts: {
      take: async ({ textId, provider, outcome }) => void statuses.push(`${textId} ${outcome} by ${provider}`),
    },
    now: () => noon,
    failure: (error) => assert.fail(String(error)),
    newId: () => 'r1',
    turnedAway: (why) => turnedAway.push(why),
  })

  const account = {
    baseUrl: twilio.baseUrl,
    accountSid: twilio.accountSid,
    authToken: new Secret(twilio.authToken),
    timeoutMs: 30_000,
    from,
    addresses,
  }
  const caller = twilioCaller(account)
  const sender = twilioTextSender(account)
  const call = async (id: string, change: Partial<CallSetup> = {}) => {
    engine.begin(id, { ...setup, ...change })
    const { extension } = { ...setup, ...change }
    const place = { id, to: adasPhone, extension, language: 'en', ringSeconds: 20 }
    return caller.place(place, new AbortController().signal)
  }

  return {
    ...{ twilio, engine, addresses, caller, sender, call, turnedAway, replies, statuses, account },
    /** As anybody may, past Twilio. */
    request: (address: string, init: RequestInit) => fetch(reach(address), init),
    async stop() {
      await twilio.stop()
      await Promise.all([caller.close(), sender.close(), listener.close()])
    },
  }
}

type World = Partial<CallSetup> & { sendsFinishedOnKey?: boolean }

/** Calls in memory, with what the engine will have in its database and its PINs. */
function calls() {
  type Row = { state: CallState; awaited: number; providerId?: string; ended: boolean; over: boolean }
  const rows = new Map<string, Row>()
  const outcomes = new Map<string, CallOutcome[]>()
  const blocked = new Set<string>()
  const judged: string[] = []

  const judge = (what: 'pin' | 'number', keys: string): Verdict => {
    judged.push(`${what} ${keys}`)
    return keys === { pin: '1234', number: '42' }[what] ? 'right' : 'wrong'
  }
  const advance = (id: string, event: CallEvent): CallStep => {
    const row = rows.get(id) ?? assert.fail(`no call ${id}`)
    const step = advanceCall(row.state, event)
    row.state = step.state
    if (step.outcome) outcomes.set(id, [...(outcomes.get(id) ?? []), step.outcome])
    if (step.block) blocked.add(id)
    if (step.next === 'judge') return advance(id, { kind: 'verdict', verdict: judge(step.judge.what, step.judge.keys) })
    return step.next === 'say' ? step.step : { language: 'en', say: [], after: { kind: 'hang-up' } }
  }

  const engine: CallEvents & CallBook = {
    answered: async (id) => advance(id, { kind: 'answered' }),
    keys: async (id, keys) => advance(id, { kind: 'keys', keys }),
    ended: async (id, how) => void advance(id, { kind: 'ended', how }),
    async take({ callId, providerId, step }) {
      const row = rows.get(callId)
      if (!row || row.ended || (row.providerId ?? providerId) !== providerId) return 'refused'
      if (step !== 'end' && step !== row.awaited) return 'refused'
      row.providerId = providerId
      if (step === 'end') row.ended = true
      else row.awaited++
      return row.over ? 'over' : 'yours'
    },
  }
  return {
    ...engine,
    begin(id: string, setup: Partial<CallSetup>) {
      const usual = {
        mode: 'standard',
        language: 'en',
        company: 'Contoso',
        fraudCode: '0',
        fraudBlocks: false,
        tries: 3,
      }
      const { sendsFinishedOnKey: _, ...given } = setup as World
      rows.set(id, { state: beginCall({ ...usual, ...given } as CallSetup), awaited: 0, ended: false, over: false })
    },
    /** The sign-in has ended without the call. */
    giveUp: (id: string) => Object.assign(rows.get(id) ?? assert.fail(), { over: true }),
    stateOf: (id: string) => structuredClone(rows.get(id)),
    outcomes: (id: string) => outcomes.get(id) ?? [],
    blocked,
    judged,
  }
}
