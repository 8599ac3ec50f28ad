import type { AuditLog } from '../../audit/audit.ts'
import type { EventName } from '../../audit/events.ts'
import type { NoticeNeeds } from '../../delivery/notices.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { Clock, Write } from '../../ports.ts'
import type { PromptStore } from '../../prompts/prompt.ts'
import { limitsOf } from '../../second-step/limits.ts'
import { afterMiss } from '../../second-step/missed.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import type { User, UserStore } from '../../users/user.ts'
import type { AskedTextStore, OpenText } from './asked-text.ts'

export type ConcludeStores = {
  users: UserStore
  prompts: PromptStore
  askedTexts: AskedTextStore
  deliveries: DeliveryQueue
  audit: AuditLog
}
export type ConcludeNeeds<Stores> = {
  write: Write<Stores>
  sealing: Sealing
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
}
/** One question, and the person who was asked. */
export type Scene = { prompt: OpenText; user: User; now: Date }
/** A try that was taken: of the question, and of the person, who may be locked by it. */
export type Spent = { attemptsLeft: number; user: User | undefined }

/**
 * Whether a wrong reply costs the person a try. A number that is to be proven is nobody's second step yet, and the tries of
 * the text are its limit; but a PIN is the same everywhere, and guesses at it are counted everywhere.
 */
export function costsTry({ purpose, mode }: OpenText): boolean {
  return purpose === 'second-step' || mode === 'two-way-pin'
}

export async function spendTry(
  { settings }: Pick<ConcludeNeeds<never>, 'settings'>,
  { users, askedTexts }: ConcludeStores,
  { prompt, user, now }: Scene,
): Promise<Spent> {
  const spent = costsTry(prompt) ? await users.spendAnswer(user.id, limitsOf(settings.current()), now) : undefined
  return { attemptsLeft: (await askedTexts.spendAttempt(prompt.id)) ?? 0, user: spent }
}

/** The page that waits may pass with it, once. `late`: nobody waits any more. */
export async function approve(stores: ConcludeStores, scene: Scene, spent?: Spent): Promise<'approved' | 'late'> {
  const { prompt, user, now } = scene
  if (!(await stores.prompts.settle(prompt.id, { state: 'approved', outcome: 'replied' }, now))) {
    await record(stores, scene, 'second-step.gone')
    return 'late'
  }
  // The try that the PIN cost turned out well.
  if (spent?.user) await stores.users.clearFailures(user.id, now)
  await record(stores, scene, 'text.confirmed')
  return 'approved'
}

/** Stays open for another reply, as long as there are tries. */
export async function refuse(
  needs: Pick<ConcludeNeeds<never>, 'settings' | 'notices'>,
  stores: ConcludeStores,
  scene: Scene,
  { attemptsLeft, user }: Spent,
): Promise<void> {
  const { prompt, now } = scene
  await record(stores, scene, prompt.purpose === 'second-step' ? 'second-step.wrong' : 'phone.proof-wrong')
  if (attemptsLeft > 0) await stores.prompts.note(prompt.id, 'wrong-reply')
  else await stores.prompts.settle(prompt.id, { state: 'denied', outcome: 'wrong-reply' }, now)
  if (user) await afterMiss(needs, stores, user, eventOf(scene, 'second-step.locked'))
}

export function record({ audit }: ConcludeStores, scene: Scene, what: EventName): Promise<void> {
  return audit.write(eventOf(scene, what))
}

function eventOf({ prompt: { id, mode, purpose }, user, now }: Scene, what: EventName) {
  return { what, at: now, userId: user.id, facts: { method: 'text', mode, purpose, prompt: id } }
}
