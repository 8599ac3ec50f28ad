import { type Element, readTwiml } from './twiml-reader.ts'

/**
 * What a phone does when it is called. A person types one entry at each `<Gather>`: '' is silence, 'hang-up' ends the call;
 * when the entries are used up it is silence for ever. `rings`: until the caller gives up.
 */
export type Phone = { types: readonly string[] } | 'busy' | 'no-answer' | 'declined' | 'unreachable' | 'rings'

export type CallRequest = Readonly<Record<string, string>>

/** A call as its log would show it. `pressed` is what went to a callback; `answers` the statuses of our callbacks. */
export type CallLog = {
  sid: string
  request: CallRequest
  status: string
  heard: string[]
  pressed: string[]
  answers: number[]
}

type Needs = {
  /** POSTs a signed form to one of the caller's addresses. */
  post(url: string, fields: Record<string, string>): Promise<{ status: number; body: string }>
  /** Twilio's own parameter, which its documentation does not name. */
  sendsFinishedOnKey: boolean
  /** Whether the caller has ended it meanwhile. */
  isEnded(): boolean
  /** Resolves when it has. */
  ended: Promise<void>
}

const finalStatus = { busy: 'busy', declined: 'busy', 'no-answer': 'no-answer', unreachable: 'failed' } as const

/** Plays one call to its end: https://www.twilio.com/docs/voice/twiml, and its status callback. */
export async function playCall(needs: Needs, log: CallLog, phone: Phone): Promise<void> {
  log.status = 'ringing'
  if (phone === 'rings') {
    await needs.ended
    log.status = 'canceled'
  } else if (typeof phone === 'string') log.status = finalStatus[phone]
  else {
    log.status = 'in-progress'
    await converse(needs, log, phone.types)
    log.status = 'completed'
  }
  const extra = phone === 'declined' ? { SipResponseCode: '603' } : phone === 'busy' ? { SipResponseCode: '486' } : {}
  if (log.request.StatusCallback) await tell(needs, log, log.request.StatusCallback, { ...extra, CallDuration: '1' })
}

async function converse(needs: Needs, log: CallLog, types: readonly string[]): Promise<void> {
  const person = types.values()
  let document = await tell(needs, log, log.request.Url ?? '', {})
  // A document that leads to no other ends the call.
  while (document !== undefined && !needs.isEnded()) {
    const next = await follow(needs, log, document, person)
    document = next && (await tell(needs, log, next.url, next.fields))
  }
}

type Next = { url: string; fields: Record<string, string> }

async function follow(
  needs: Needs,
  log: CallLog,
  document: string,
  person: Iterator<string>,
): Promise<Next | undefined> {
  for (const verb of readTwiml(document)) {
    if (verb.name === 'Hangup') return undefined
    if (verb.name === 'Redirect') return { url: verb.text, fields: {} }
    if (verb.name !== 'Gather') {
      log.heard.push(heardIn(verb))
      continue
    }
    log.heard.push(...verb.elements.map(heardIn))
    const { value: typed = '' } = person.next()
    if (typed === 'hang-up') return undefined
    const { digits, finishedOn } = gathered(verb, typed)
    // "If the caller enters the finishOnKey before any other digit, Twilio continues with the next verb."
    if (digits === '') continue
    log.pressed.push(digits)
    const told = needs.sendsFinishedOnKey ? { FinishedOnKey: finishedOn } : {}
    return { url: verb.attributes.action ?? '', fields: { Digits: digits, ...told } }
  }
  return undefined
}

function gathered({ attributes }: Element, typed: string): { digits: string; finishedOn: string } {
  const { finishOnKey = '#', numDigits = '1000', input = 'dtmf', timeout = '5' } = attributes
  if (input !== 'dtmf' || !/^[1-9]\d*$/.test(timeout) || !/^[1-9]\d*$/.test(numDigits))
    throw new Error('a wrong Gather')
  let digits = ''
  for (const key of typed) {
    if (key === finishOnKey) return { digits, finishedOn: key }
    digits += key
    if (digits.length === Number(numDigits)) break
  }
  return { digits, finishedOn: '' }
}

function heardIn({ name, attributes, text }: Element): string {
  return name === 'Say' ? `${attributes.language}: ${text}` : `${name} ${text || (attributes.length ?? '')}`
}

/** The document that came back; undefined when it was not a good one, and the call ends ("An application error…"). */
async function tell(
  { post }: Needs,
  log: CallLog,
  url: string,
  fields: Record<string, string>,
): Promise<string | undefined> {
  const { To = '', From = '' } = log.request
  const about = {
    CallSid: log.sid,
    CallStatus: log.status,
    To,
    From,
    Direction: 'outbound-api',
    ApiVersion: '2010-04-01',
  }
  const { status, body } = await post(url, { ...about, ...fields })
  log.answers.push(status)
  return status === 200 ? body : undefined
}
