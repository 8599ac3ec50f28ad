import type { Answer } from '../../contract/contract.ts'
import type { Method } from '../../contract/shapes.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { EventName } from '../audit/events.ts'
import type { ChallengeStore } from '../challenges/challenge.ts'
import type { NoticeNeeds } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import type { PinStore } from '../pin/pin.ts'
import type { Reason } from '../policy/ways.ts'
import type { Clock, Ids, Random } from '../ports.ts'
import type { PromptStore } from '../prompts/prompt.ts'
import type { SessionStore, SignInStore } from '../sessions/session.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { KnownAddressStore } from '../sign-in/known-address.ts'
import type { ThrottleStore } from '../throttle/throttle.ts'
import type { UserStore } from '../users/user.ts'
import type { Transaction } from './view.ts'

export type AnswerStores = {
  users: UserStore
  challenges: ChallengeStore
  tokens: TokenStore
  pins: PinStore
  signIns: SignInStore
  sessions: SessionStore
  known: KnownAddressStore
  prompts: PromptStore
  throttle: ThrottleStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type AnswerNeeds = {
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
  notices: NoticeNeeds
}
/** What any way of giving the second step ends in. */
export type Verdict = Answer<'answerSecondStep'>
/** One answer, with all that is known of it. `reason`: why it is taken, once that is known. */
export type Asked = { transaction: Transaction; method: Method; from: From; now: Date; reason?: Reason }

/** Undoes the unit of work: an answer to what is over costs no try. */
export class NothingToAnswer extends Error {}

export function eventOf(what: EventName, { transaction, method, from, now, reason }: Asked) {
  const { address, userAgent } = from
  return { what, at: now, userId: transaction.userId, address, userAgent, facts: { method, reason } }
}
