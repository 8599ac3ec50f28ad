import type { Answer, Input } from '../../../contract/contract.ts'
import type { AuditLog } from '../../audit/audit.ts'
import type { EventName } from '../../audit/events.ts'
import { type NoticeNeeds, tellOf } from '../../delivery/notices.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { From } from '../../gate.ts'
import type { PinStore } from '../../pin/pin.ts'
import { isStill, type ProvenPin } from '../../pin/proof.ts'
import type { Clock, Log, Write } from '../../ports.ts'
import { blockForFraud, tellOfFraud } from '../../prompts/fraud.ts'
import { isNumber } from '../../prompts/number.ts'
import type { PromptStore, SeenPrompt } from '../../prompts/prompt.ts'
import { inBeats } from '../../second-step/beats.ts'
import { limitsOf, triesLeft } from '../../second-step/limits.ts'
import { lockOf } from '../../second-step/lock.ts'
import type { SessionStore, SignInStore } from '../../sessions/session.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import { isAllowed, type User, type UserStore } from '../../users/user.ts'
import type { AppAsk, AppAskStore, DeviceStore } from './device.ts'
import { mayAnswer } from './questions.ts'
import type { DeviceWho } from './who.ts'

type Stores = {
  users: UserStore
  devices: DeviceStore
  prompts: PromptStore
  asks: AppAskStore
  sessions: SessionStore
  signIns: Pick<SignInStore, 'addressOf'>
  pins: PinStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type AppAnswerNeeds = {
  write: Write<Stores>
  /** A hash's work, done outside of any unit of work. */
  provePin(userId: string, digits: string): Promise<ProvenPin | undefined>
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  log: Log
}

type Verdict = Answer<'answerPrompt'>
/** One answer, with all that is known of it. */
type Act = { who: DeviceWho; input: Input<'answerPrompt'>; from: From; now: Date }
type Scene = Act & { user: User; prompt: SeenPrompt; ask: AppAsk }
/** `spent`: a try was, nothing was wrong so far, and the PIN is to be judged. */
type Heard = { end: Verdict } | { spent: { user: User; pin: string } }

const gone = { ok: true, value: { outcome: 'gone' } } as const

/**
 * A device's one answer. What it carries from the page and from its person is judged as any second step is: the try is spent
 * before it is looked at, and the prompt is settled by one conditional update. A wrong number ends the prompt, so that a match
 * cannot be had by trying.
 */
export async function answerPrompt(
  needs: AppAnswerNeeds,
  who: DeviceWho,
  input: Input<'answerPrompt'>,
  from: From,
): Promise<Verdict> {
  const act: Act = { who, input, from, now: needs.clock.now() }
  const verdict = await inBeats(needs.write, {
    spend: (stores: Stores) => heed(needs, stores, act),
    work: ({ pin }) => needs.provePin(who.userId, pin),
    conclude: (stores, { user }, proven) => judge(needs, stores, { ...act, now: needs.clock.now() }, user, proven),
  })
  if (verdict.ok && verdict.value.outcome === 'reported')
    needs.log.warn('Fraud was reported in the app', { user: who.userId, blocked: verdict.value.blocked })
  return verdict
}

async function heed(needs: AppAnswerNeeds, stores: Stores, act: Act): Promise<Heard> {
  const { who, input } = act
  const user = await stores.users.hold(who.userId)
  if (!user || !(await stores.devices.spendTime(who.deviceId, who.signedAt)))
    return { end: { ok: false, refusal: 'request.replayed' } }
  const scene = await sceneOf(stores, act, user)
  if (!scene) {
    await record(stores, act, 'app.gone')
    return { end: gone }
  }
  if (input.verdict === 'approve') return weigh(needs, stores, scene)
  return { end: await refuse(needs, stores, scene) }
}

/** Undefined: there is nothing that this device could answer. */
async function sceneOf(stores: Stores, act: Act, user: User): Promise<Scene | undefined> {
  const { who, input, now } = act
  const device = await stores.devices.find(who.deviceId)
  const prompt = await stores.prompts.find(input.prompt)
  const ask = prompt && (await stores.asks.find(prompt.id))
  if (!device || !prompt || !ask) return undefined
  const isOpen = prompt.method === 'app' && prompt.state === 'open' && prompt.expiresAt > now
  const isTheirs = prompt.userId === user.id && mayAnswer(device, prompt) && ask.challenge === input.challenge
  return isOpen && isTheirs && isAllowed(user, now) ? { ...act, user, prompt, ask } : undefined
}

/** Deny, or report fraud. Whoever sets the app up has no account to block yet. */
async function refuse({ settings, notices }: AppAnswerNeeds, stores: Stores, scene: Scene): Promise<Verdict> {
  const { input, user, prompt, now } = scene
  const fraud = input.verdict === 'fraud'
  if (!(await settle(stores, scene, { state: 'denied', outcome: fraud ? 'fraud' : 'denied' }))) return gone
  await record(stores, scene, fraud ? 'app.fraud' : 'app.denied')
  if (!fraud) return { ok: true, value: { outcome: 'denied' } }

  const current = settings.current()
  const blocked = prompt.purpose === 'second-step' && current['call.fraud_blocks']
  const about = { user, prompt, now }
  if (blocked) await blockForFraud(notices, stores, about, current['call.block_days'])
  else await tellOfFraud(notices, stores, about, 'open')
  return { ok: true, value: { outcome: 'reported', blocked } }
}

async function weigh(needs: AppAnswerNeeds, stores: Stores, scene: Scene): Promise<Heard> {
  const { input, prompt, ask, user, now } = scene
  const wantsPin = prompt.mode === 'pin'
  const missing = (ask.wantsNumber && input.number === undefined) || (wantsPin && !input.pin)
  if (missing) return { end: { ok: false, refusal: 'input.malformed' } }
  if (!ask.wantsNumber && !wantsPin) return { end: await approve(stores, scene) }

  // An app that is to be proven is nobody's second step yet: a wrong number ends it, and the pace of asking is its limit.
  const counts = prompt.purpose === 'second-step'
  const spent = counts ? await stores.users.spendAnswer(user.id, limitsOf(needs.settings.current()), now) : user
  if (!spent) return { end: await locked(needs, stores, scene) }
  if (ask.wantsNumber && !isNumber(prompt.number, input.number ?? '')) {
    await settle(stores, scene, { state: 'denied', outcome: 'wrong-number' })
    await recordWrong(needs, stores, { ...scene, user: spent })
    return { end: { ok: true, value: { outcome: 'wrong-number' } } }
  }
  if (wantsPin) return { spent: { user: spent, pin: input.pin ?? '' } }
  return { end: await approve(stores, scene) }
}

/** After a hash's work all is looked at anew: the question, the device, and whether it still is the PIN. */
async function judge(
  needs: AppAnswerNeeds,
  stores: Stores,
  act: Act,
  spent: User,
  proven: ProvenPin | undefined,
): Promise<Verdict> {
  const held = await stores.users.hold(act.who.userId)
  if (!held) return gone
  // Each answer tells of its own try, whatever others have spent since.
  const user = { ...held, failures: spent.failures, lockedUntil: spent.lockedUntil }
  const scene = await sceneOf(stores, act, user)
  const right = await isStill(stores.pins, user.id, proven)
  if (right) return scene ? approve(stores, scene) : gone
  await recordWrong(needs, stores, { ...act, user })
  return scene ? wrongPin(needs, stores, scene) : gone
}

async function wrongPin(needs: AppAnswerNeeds, stores: Stores, scene: Scene): Promise<Verdict> {
  const { user, now } = scene
  const limits = limitsOf(needs.settings.current())
  if (lockOf(user, limits.budget, now)) return locked(needs, stores, scene)
  return { ok: true, value: { outcome: 'wrong-pin', attemptsLeft: triesLeft(user, limits) } }
}

/** The second step is locked: nothing that is asked of this person is judged, this neither. */
async function locked({ settings }: AppAnswerNeeds, stores: Stores, scene: Scene): Promise<Verdict> {
  await settle(stores, scene, { state: 'denied', outcome: 'locked' })
  await record(stores, scene, 'second-step.refused')
  return { ok: true, value: { outcome: 'locked', ...lockOf(scene.user, settings.current()['lock.budget'], scene.now) } }
}

async function approve(stores: Stores, scene: Scene): Promise<Verdict> {
  const { who, user, prompt, ask, now } = scene
  if (!(await settle(stores, scene, { state: 'approved', outcome: 'approved' }))) return gone
  await stores.devices.use(who.deviceId, now)
  // The try that a number or PIN cost turned out well.
  const cost = prompt.purpose === 'second-step' && (ask.wantsNumber || prompt.mode === 'pin')
  if (cost) await stores.users.clearFailures(user.id, now)
  await record(stores, scene, 'app.approved')
  return { ok: true, value: { outcome: 'approved' } }
}

async function settle(
  { prompts, asks }: Stores,
  { who, prompt, now }: Scene,
  end: Parameters<PromptStore['settle']>[1],
): Promise<boolean> {
  if (!(await prompts.settle(prompt.id, end, now))) return false
  await asks.answeredBy(prompt.id, who.deviceId)
  return true
}

async function recordWrong(
  { settings, notices }: AppAnswerNeeds,
  stores: Stores,
  act: Act & { user: User },
): Promise<void> {
  await record(stores, act, 'second-step.wrong')
  if (!lockOf(act.user, settings.current()['lock.budget'], act.now)) return
  await record(stores, act, 'second-step.locked')
  await tellOf(notices, stores.deliveries, act.user, { kind: 'locked', method: 'app' }, act.now)
}

async function record({ audit }: Stores, { who, input, from, now }: Act, what: EventName): Promise<void> {
  const { address, userAgent } = from
  // What a device answers it may make up, so only what is an id of ours is written down.
  const prompt = /^[0-9a-f-]{36}$/.test(input.prompt) ? input.prompt : undefined
  const facts = { method: 'app', prompt, device: who.deviceId }
  await audit.write({ what, at: now, userId: who.userId, address, userAgent, facts })
}
