import type { CallStep, Gather, SpokenKey, SpokenLine } from './step.ts'

/** `standard`: press #. `pin`: enter the PIN, then #. `number`: key in the number on the screen, then #. */
export type CallMode = 'standard' | 'pin' | 'number'

/** What a call is about, fixed when it is placed: a setting that changes meanwhile does not change the call. */
export type CallSetup = {
  mode: CallMode
  language: string
  company: string
  /** Said first, for whoever picks up in front of it. Digits. */
  extension?: string | undefined
  /** What reports fraud before #; see `isFraudCode`. Undefined: it cannot be reported by phone. */
  fraudCode?: string | undefined
  /** A report blocks the person's account, once it is confirmed with 1. */
  fraudBlocks: boolean
  /** How often the person is asked in all, first time included. 1 or more. */
  tries: number
}

/** How a call ended, as its provider tells it. */
export type CallEnd = 'hung-up' | 'no-answer' | 'busy' | 'unreachable' | 'declined'

/** `no-answer` is also a call that was picked up and brought nothing that counts, as by a mailbox. */
export type CallOutcome = 'confirmed' | 'wrong-pin' | 'wrong-number' | 'fraud' | CallEnd

/** Plain JSON: it is stored between the callbacks of a provider. Made by `beginCall` and `advanceCall` only. */
export type CallState = {
  setup: CallSetup
  at: 'ringing' | 'asking' | 'judging' | 'fraud' | 'over'
  /** Of what is asked now. */
  triesLeft: number
  judgedWrong: boolean
}

/** `spent`: wrong, and nothing more of this person's is judged for now. */
export type Verdict = 'right' | 'wrong' | 'spent'

export type CallEvent =
  | { kind: 'answered' }
  /** What was pressed, ending in #; without it the waiting ran out. Empty: nothing was pressed. */
  | { kind: 'keys'; keys: string }
  | { kind: 'verdict'; verdict: Verdict }
  | { kind: 'ended'; how: CallEnd }

/** `keys`: digits, without the #. The verdict comes back as an event. */
export type ToJudge = { what: 'pin' | 'number'; keys: string }

export type Advance = {
  state: CallState
  /** Known exactly once in a call. */
  outcome?: CallOutcome | undefined
  /** The fraud was confirmed: block the account. Comes after the outcome `fraud`. */
  block?: true | undefined
} & ({ next: 'say'; step: CallStep } | { next: 'judge'; judge: ToJudge } | { next: 'nothing' })

const SECONDS_A_KEY = 5
/** How often the confirmation of fraud is asked for; whoever says nothing has reported it all the same. */
const CONFIRM_TRIES = 2
/** One more than the longest answer (PIN 14, number 2), so that only # ends a right one. */
const mostKeys = { pin: 15, number: 3 } as const

/** One digit or three: two are as long as a number on the screen, four as a PIN. */
export function isFraudCode(text: string): boolean {
  return /^(\d|\d{3})$/.test(text)
}

/** A call that rings. Throws RangeError for a setup that could not work. */
export function beginCall(setup: CallSetup): CallState {
  const { fraudCode, tries } = setup
  if (fraudCode !== undefined && !isFraudCode(fraudCode)) throw new RangeError('a fraud code has one digit or three')
  if (!Number.isInteger(tries) || tries < 1) throw new RangeError('a call needs at least one try')
  return { setup, at: 'ringing', triesLeft: tries, judgedWrong: false }
}

/**
 * What an event makes of a call. One that does not fit (replayed, late, out of order) changes nothing and hangs up: no
 * event but # in standard mode and a verdict that was asked for in the others confirms.
 */
export function advanceCall(state: CallState, event: CallEvent): Advance {
  switch (event.kind) {
    case 'answered':
      return state.at === 'ringing' ? greet(state) : unfit(state)
    case 'keys':
      if (state.at === 'asking') return hear(state, event.keys)
      return state.at === 'fraud' ? hearConfirmation(state, event.keys) : unfit(state)
    case 'verdict':
      return state.at === 'judging' ? heedVerdict(state, event.verdict) : unfit(state)
    case 'ended':
      return end(state, event.how)
  }
}

function greet(state: CallState): Advance {
  const { mode, extension, fraudCode } = state.setup
  return ask(state, [
    ...(extension === undefined ? [] : (['extension'] as const)),
    `greeting.${mode}`,
    ...(fraudCode === undefined ? [] : (['fraud.hint'] as const)),
  ])
}

function hear(state: CallState, keys: string): Advance {
  const { mode, fraudCode } = state.setup
  if (fraudCode !== undefined && keys === `${fraudCode}#`) return reportFraud(state)
  if (mode === 'standard') return keys === '#' ? over(state, 'confirmed', 'success') : askAgain(state, 'retry.standard')

  const digits = /^(\d+)#$/.exec(keys)?.[1]
  if (digits === undefined || digits.length >= mostKeys[mode]) return askAgain(state, `retry.${mode}`)
  return { state: { ...state, at: 'judging' }, next: 'judge', judge: { what: mode, keys: digits } }
}

function heedVerdict(state: CallState, verdict: Verdict): Advance {
  const { mode } = state.setup
  if (mode === 'standard') return unfit(state)
  if (verdict === 'right') return over(state, 'confirmed', 'success')
  const wrong = { ...state, judgedWrong: true }
  return verdict === 'spent' ? deny(wrong) : askAgain(wrong, `wrong.${mode}`)
}

function reportFraud(state: CallState): Advance {
  if (!state.setup.fraudBlocks) return over(state, 'fraud', 'fraud.reported')
  return { ...askToConfirm({ ...state, at: 'fraud', triesLeft: CONFIRM_TRIES }), outcome: 'fraud' }
}

function hearConfirmation(state: CallState, keys: string): Advance {
  if (/^1#?$/.test(keys)) return { ...hangUp(state, ['fraud.blocked']), block: true }
  const triesLeft = state.triesLeft - 1
  return triesLeft > 0 ? askToConfirm({ ...state, triesLeft }) : hangUp(state, ['fraud.reported'])
}

function askToConfirm(state: CallState): Advance {
  return say(state, ['fraud.confirm'], { kind: 'gather', seconds: SECONDS_A_KEY, mostKeys: 1, hashAlone: false })
}

function end(state: CallState, how: CallEnd): Advance {
  const ended: CallState = { ...state, at: 'over' }
  if (state.at === 'ringing') return { state: ended, next: 'nothing', outcome: how }
  // Whoever hangs up while a PIN is judged has not waited for the verdict: it counts for nothing.
  const wasAsked = state.at === 'asking' || state.at === 'judging'
  return { state: ended, next: 'nothing', outcome: wasAsked ? 'hung-up' : undefined }
}

function ask(state: CallState, keys: readonly SpokenKey[]): Advance {
  const { mode, fraudCode } = state.setup
  const longest = mode === 'standard' ? (fraudCode?.length ?? 1) : mostKeys[mode]
  const gather: Gather = {
    kind: 'gather',
    seconds: SECONDS_A_KEY,
    mostKeys: longest,
    hashAlone: mode === 'standard',
  }
  return say({ ...state, at: 'asking' }, keys, gather)
}

function askAgain(state: CallState, key: SpokenKey): Advance {
  const triesLeft = state.triesLeft - 1
  return triesLeft > 0 ? ask({ ...state, triesLeft }, [key]) : deny(state)
}

function deny(state: CallState): Advance {
  const { mode } = state.setup
  return over(state, state.judgedWrong && mode !== 'standard' ? `wrong-${mode}` : 'no-answer', 'denied')
}

function over(state: CallState, outcome: CallOutcome, key: SpokenKey): Advance {
  return { ...hangUp(state, [key]), outcome }
}

/** A provider that asks gets told to hang up; nothing is said that would tell it more. */
function unfit(state: CallState): Advance {
  return say(state, [], { kind: 'hang-up' })
}

function hangUp(state: CallState, keys: readonly SpokenKey[]): Advance {
  return say({ ...state, at: 'over' }, keys, { kind: 'hang-up' })
}

function say(state: CallState, keys: readonly SpokenKey[], after: CallStep['after']): Advance {
  const { language, company, extension = '', fraudCode = '' } = state.setup
  const holes = { company, extension: spelt(extension), fraudCode: spelt(fraudCode) }
  const lines: SpokenLine[] = keys.map((key) => ({ key, holes }))
  return { state, next: 'say', step: { language, say: lines, after } }
}

/** Digit by digit: "1 2" is not read as twelve. */
function spelt(digits: string): string {
  return [...digits].join(' ')
}
