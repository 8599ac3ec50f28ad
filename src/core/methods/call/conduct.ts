import type { AuditLog } from '../../audit/audit.ts'
import type { EventName } from '../../audit/events.ts'
import { type NoticeNeeds, tellOf } from '../../delivery/notices.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { CallBook, CallEvents } from '../../delivery/voice.ts'
import type { Clock, Log, Write } from '../../ports.ts'
import { blockForFraud, tellOfFraud } from '../../prompts/fraud.ts'
import { isNumber } from '../../prompts/number.ts'
import type { PromptStore, SeenPrompt } from '../../prompts/prompt.ts'
import { limitsOf } from '../../second-step/limits.ts'
import { lockOf } from '../../second-step/lock.ts'
import type { SessionStore, SignInStore } from '../../sessions/session.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import type { User, UserStore } from '../../users/user.ts'
import type { CallStore, PlacedCall } from './call.ts'
import { type Advance, advanceCall, type CallEvent, type CallOutcome, type Verdict } from './dialogue.ts'
import { type RingNeeds, ring } from './ring.ts'
import type { CallStep } from './step.ts'

type Stores = {
  users: UserStore
  prompts: PromptStore
  calls: CallStore
  sessions: SessionStore
  signIns: Pick<SignInStore, 'addressOf'>
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type ConductNeeds = RingNeeds & {
  write: Write<Stores>
  /** Whether these are the person's PIN: a hash's work, done outside of any unit of work. */
  judgePin(userId: string, digits: string): Promise<boolean>
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  log: Log
  /** Tells the dispatcher that there is work. */
  nudge(): void
}

/** What one event came to. `judge`: the answer is to be judged, and the verdict told, before anything is said. */
type Heard = {
  step: CallStep
  judge?: { userId: string; what: 'pin' | 'number'; keys: string; number: string; spent: boolean } | undefined
  rang?: boolean | undefined
  blocked?: boolean | undefined
}
type Scene = { call: PlacedCall; prompt: SeenPrompt; user: User; now: Date }

/** The other phone is rung when this one could not be reached, or nobody there would take it. */
const tryBackup: readonly CallOutcome[] = ['no-answer', 'busy', 'unreachable', 'declined']

/**
 * Leads calls: each event is one unit of work with what it changes and its audit event. The rows are taken in one order
 * (user, call, prompt), which is the order of whoever finishes a second step.
 */
export function conductCalls(needs: ConductNeeds): CallEvents & CallBook {
  return {
    answered: (callId) => hear(needs, callId, { kind: 'answered' }),
    keys: (callId, keys) => hear(needs, callId, { kind: 'keys', keys }),
    async ended(callId, how) {
      await hear(needs, callId, { kind: 'ended', how })
    },
    take: ({ callId, providerId, step }) =>
      needs.write(async ({ calls }) => {
        if (step === 'end') return (await calls.end(callId, providerId, needs.clock.now())) ? 'yours' : 'refused'
        const state = await calls.takeStep(callId, providerId, step)
        if (!state) return 'refused'
        return state.at === 'over' ? 'over' : 'yours'
      }),
  }
}

async function hear(needs: ConductNeeds, callId: string, event: CallEvent): Promise<CallStep> {
  const heard = await needs.write((stores) => heed(needs, stores, callId, event))
  if (heard.rang) needs.nudge()
  if (heard.blocked) needs.log.warn('Fraud was reported by phone, and the account is blocked', { call: callId })
  return heard.judge ? hear(needs, callId, { kind: 'verdict', verdict: await judge(needs, heard.judge) }) : heard.step
}

async function judge({ judgePin }: ConductNeeds, answer: NonNullable<Heard['judge']>): Promise<Verdict> {
  const { userId, what, keys, number, spent } = answer
  const right = what === 'number' ? isNumber(number, keys) : await judgePin(userId, keys)
  if (right) return 'right'
  return spent ? 'spent' : 'wrong'
}

async function heed(needs: ConductNeeds, stores: Stores, callId: string, event: CallEvent): Promise<Heard> {
  const now = needs.clock.now()
  const found = await stores.calls.find(callId)
  const user = found && (await stores.users.hold(found.userId))
  const call = user && (await stores.calls.hold(callId))
  const prompt = call && (await stores.prompts.find(call.promptId))
  if (!user || !call || !prompt) return { step: silence('en') }

  const scene: Scene = { call, prompt, user, now }
  if (event.kind === 'ended') await stores.calls.end(callId, undefined, now)
  const isOpen = prompt.state === 'open' && prompt.expiresAt > now
  // After a report the prompt is settled, and the call goes on to the question whether to block.
  if (!isOpen && call.state.at !== 'fraud') {
    await stores.calls.keep(callId, { ...call.state, at: 'over' })
    return { step: silence(call.state.setup.language) }
  }
  return follow(needs, stores, scene, event)
}

async function follow(needs: ConductNeeds, stores: Stores, scene: Scene, event: CallEvent): Promise<Heard> {
  const advance = advanceCall(scene.call.state, event)
  if (advance.next === 'judge') return spend(needs, stores, scene, advance)

  if (event.kind === 'answered' && advance.state.at === 'asking') await record(stores, scene, 'call.answered')
  if (event.kind === 'verdict' && event.verdict !== 'right') await recordWrong(needs, stores, scene)
  if (event.kind === 'keys' && advance.state.at === 'asking') await record(stores, scene, 'call.asked-again')
  return apply(needs, stores, scene, advance)
}

async function apply(needs: ConductNeeds, stores: Stores, scene: Scene, advance: Advance): Promise<Heard> {
  const { call } = scene
  const { setup } = call.state
  await stores.calls.keep(call.id, advance.state)
  const came = advance.outcome && (await conclude(needs, stores, scene, advance.outcome))
  if (advance.block) await blockForFraud(needs.notices, stores, scene, needs.settings.current()['call.block_days'])
  const said = advance.next === 'say' ? advance.step : silence(setup.language)
  return { step: came === 'late' ? refusal(setup) : said, rang: came === 'rang', blocked: advance.block }
}

/** The try is spent before the keys are looked at, so parallel guesses cannot share one. */
async function spend(
  needs: ConductNeeds,
  stores: Stores,
  scene: Scene,
  { state, judge: { what, keys } }: Extract<Advance, { next: 'judge' }>,
): Promise<Heard> {
  const { call, prompt, user, now } = scene
  const current = needs.settings.current()
  await stores.calls.keep(call.id, state)
  const answer = { userId: user.id, what, keys, number: prompt.number }
  const step = silence(state.setup.language)
  // A number that is to be proven is nobody's second step yet: the tries of the call are its limit.
  if (prompt.purpose !== 'second-step') return { step, judge: { ...answer, spent: false } }
  const spent = await stores.users.spendAnswer(user.id, limitsOf(current), now)
  if (spent) return { step, judge: { ...answer, spent: lockOf(spent, current['lock.budget'], now) !== undefined } }

  await record(stores, scene, 'second-step.refused')
  return apply(needs, stores, scene, advanceCall(state, { kind: 'verdict', verdict: 'spent' }))
}

async function recordWrong({ settings, notices }: ConductNeeds, stores: Stores, scene: Scene): Promise<void> {
  const { user, prompt, now } = scene
  if (prompt.purpose !== 'second-step') return record(stores, scene, 'phone.proof-wrong')
  await record(stores, scene, 'second-step.wrong')
  if (!lockOf(user, settings.current()['lock.budget'], now)) return
  await record(stores, scene, 'second-step.locked')
  const address = await stores.signIns.addressOf(prompt.transactionId)
  await tellOf(notices, stores.deliveries, user, { kind: 'locked', method: 'call', address }, now)
}

/** `late`: what was confirmed is not waited for any more. `rang`: the other phone is on its way. */
async function conclude(
  needs: ConductNeeds,
  stores: Stores,
  scene: Scene,
  outcome: CallOutcome,
): Promise<'rang' | 'late' | undefined> {
  const { prompt, user, call, now } = scene
  if (outcome === 'confirmed') {
    if (!(await stores.prompts.settle(prompt.id, { state: 'approved', outcome }, now))) return 'late'
    // The tries that a PIN or number cost turned out well.
    if (prompt.purpose === 'second-step' && prompt.mode !== 'standard') await stores.users.clearFailures(user.id, now)
    await record(stores, scene, 'call.confirmed')
    return undefined
  }
  if (tryBackup.includes(outcome) && (await ringBackup(needs, stores, scene, outcome))) return 'rang'
  await stores.prompts.settle(prompt.id, { state: 'denied', outcome }, now)
  await record(stores, scene, outcome === 'fraud' ? 'call.fraud' : 'call.failed', outcome)
  if (outcome === 'fraud') {
    needs.log.warn('Fraud was reported by phone', { user: user.id, call: call.id })
    await tellOfFraud(needs.notices, stores, scene, call.state.setup.fraudBlocks ? 'asked' : 'open')
  }
  return undefined
}

async function ringBackup(needs: ConductNeeds, stores: Stores, scene: Scene, outcome: CallOutcome): Promise<boolean> {
  const { prompt, user, call, now } = scene
  if (prompt.purpose !== 'second-step' || call.leg !== 'primary' || !user.backupPhone) return false
  const { backupPhone: phone, backupExtension: extension } = user
  const { language } = call.state.setup
  await ring(needs, stores, { prompt, leg: 'backup', phone, extension, language, now })
  await record(stores, scene, 'call.backup', outcome)
  return true
}

async function record(
  { audit }: Stores,
  { call, prompt, now }: Scene,
  what: EventName,
  outcome?: CallOutcome,
): Promise<void> {
  const facts = { method: 'call', purpose: prompt.purpose, call: call.id, phone: call.leg, outcome }
  await audit.write({ what, at: now, userId: call.userId, facts })
}

function silence(language: string): CallStep {
  return { language, say: [], after: { kind: 'hang-up' } }
}

function refusal({ language, company }: PlacedCall['state']['setup']): CallStep {
  return { language, say: [{ key: 'denied', holes: { company } }], after: { kind: 'hang-up' } }
}
