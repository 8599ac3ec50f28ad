import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import type { CallStore, Leg } from '../methods/call/call.ts'
import { type StartCallNeeds, startCall } from '../methods/call/start.ts'
import { owesPin, pinMissing } from '../pin/wanted.ts'
import { offered } from '../policy/ways.ts'
import type { Clock, Random, Write } from '../ports.ts'
import type { PromptStore, SeenPrompt } from '../prompts/prompt.ts'
import { type CallViewNeeds, viewCall } from '../prompts/view.ts'
import { stampOf } from '../second-step/view.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { countryOf, nationalPhone, parsePhone, readExtension } from '../users/phone.ts'
import { nameOf, type User, type UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import { type FinishStores, finishSetup, SetupOver, unlessOver } from './finish.ts'

type Stores = FinishStores & { prompts: PromptStore; calls: CallStore; deliveries: DeliveryQueue; audit: AuditLog }
export type CallProofNeeds = {
  write: Write<Stores>
  users: UserStore
  start: StartCallNeeds
  calls: CallViewNeeds
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
}

/** Calls the number; nothing about the account changes until it was confirmed there. */
export async function proveCall(
  needs: CallProofNeeds,
  asker: Asker,
  { slot, country, number, extension: typed }: Input<'proveCall'>,
  from: From,
): Promise<Answer<'proveCall'>> {
  const settings = needs.settings.current()
  const user = await needs.users.find(asker.userId)
  if (!user || !mayProve(asker, slot, user, settings)) return { ok: false, refusal: 'method.unavailable' }
  if (asker.setup && (await owesPin({ pins: needs.start.pins, settings }, user, 'call'))) return pinMissing

  const phone = parsePhone(number, country, settings['phone.countries'])
  if (!phone.ok) return { ok: true, value: { outcome: 'refused', problem: phone.problem } }
  const extension = readExtension(typed)
  if (extension === undefined) return { ok: true, value: { outcome: 'refused', problem: 'extension' } }

  const { transactionId } = asker
  const about = { user, transactionId, purpose: 'phone-proof', leg: slot, phone: phone.e164 } as const
  const started = await startCall(needs.start, { ...about, extension: extension || undefined, from })
  if (started.outcome === 'started') return { ok: true, value: { outcome: 'called' } }
  return { ok: true, value: { outcome: 'wait', until: started.until.toISOString() } }
}

/** In User Setup the first phone; on the account whichever, where calls are offered or are the person's method. */
function mayProve(asker: Asker, slot: Leg, user: User, settings: Parameters<typeof offered>[0]): boolean {
  const calls = offered(settings, user).includes('call')
  return asker.setup ? calls && slot === 'primary' : calls || user.method === 'call'
}

export async function readCallProof(
  { users, calls, settings, clock }: CallProofNeeds,
  asker: Asker,
): Promise<Answer<'readCallProof'>> {
  const user = await users.find(asker.userId)
  const prompt = await calls.prompts.newest(asker.transactionId, 'phone-proof')
  const placed = prompt && (await calls.calls.newestOf(prompt.id))
  const call = await viewCall(calls, asker.transactionId, 'phone-proof', clock.now())
  const view = {
    slot: placed?.leg ?? 'primary',
    call,
    country: (prompt && countryOf(prompt.phone)) ?? settings.current()['company.country'],
    number: prompt ? nationalPhone(prompt.phone) : '',
    extension: placed?.extension ?? '',
  }
  return { ok: true, value: { displayName: user ? nameOf(user) : '', ...view, stamp: stampOf(view) } }
}

/** The call was confirmed: the number is the person's own, and counts from now on. */
export async function finishCallProof(
  needs: CallProofNeeds,
  asker: Asker,
  from: From,
): Promise<Answer<'finishCallProof'>> {
  const asked: Asked = { asker, from, now: needs.clock.now() }
  return unlessOver(() =>
    needs.write(async (stores) => {
      const before = await stores.users.hold(asker.userId)
      const prompt = before && (await stores.prompts.use(asker.transactionId, 'phone-proof', asked.now))
      if (!before || prompt?.method !== 'call' || prompt.userId !== before.id) return gone
      return accept(needs, stores, { before, prompt }, asked)
    }),
  )
}

const gone = { ok: true, value: { outcome: 'gone' } } as const

async function accept(
  needs: CallProofNeeds,
  stores: Stores,
  { before, prompt }: { before: User; prompt: SeenPrompt },
  asked: Asked,
): Promise<Answer<'finishCallProof'>> {
  const { users, audit, deliveries, calls } = stores
  const { asker, from, now } = asked
  const call = await calls.newestOf(prompt.id)
  if (!call) throw new SetupOver()

  const { leg, phone, extension } = call
  if (leg === 'backup') await users.setBackupPhone(before.id, phone, extension)
  else await users.setPhone(before.id, phone, extension)
  await audit.write(eventOf(leg === 'backup' ? 'backup-phone.proven' : 'phone.proven', asked))
  const old = leg === 'backup' ? before.backupPhone : before.phone
  const kind = leg === 'backup' ? 'backup-phone' : 'phone'
  const change = { kind, newNumber: phone, address: from.address } as const
  if (old !== phone) await tellOf(needs.notices, deliveries, before, change, now)
  if (!asker.setup) return { ok: true, value: { outcome: 'proven' } }

  const finish = { user: before, signInId: asker.transactionId, method: 'call', from, now } as const
  const session = await finishSetup({ ...needs, ids: needs.notices.ids }, stores, finish)
  return { ok: true, value: { outcome: 'proven', session } }
}

/** One phone is left: that it is gone is told there. */
export async function removeBackupPhone(
  { write, notices, clock }: CallProofNeeds,
  asker: Asker,
  from: From,
): Promise<Answer<'removeBackupPhone'>> {
  const asked: Asked = { asker, from, now: clock.now() }
  return write(async ({ users, audit, deliveries }) => {
    const user = await users.hold(asker.userId)
    if (user?.backupPhone !== undefined) {
      await users.setBackupPhone(user.id, undefined)
      await audit.write(eventOf('backup-phone.removed', asked))
      await tellOf(notices, deliveries, user, { kind: 'backup-phone-removed', address: from.address }, asked.now)
    }
    return { ok: true, value: { outcome: 'done' } }
  })
}
