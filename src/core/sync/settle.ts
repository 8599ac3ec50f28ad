import { tellOf } from '../delivery/notices.ts'
import { welcomeNewcomer } from '../delivery/sync-letters.ts'
import type { DirectoryKind, User } from '../users/user.ts'
import type { SyncItem } from './item.ts'
import type { SyncNeeds, SyncStores } from './needs.ts'
import type { Known, Newcomer, Profile } from './person.ts'
import type { Numbering } from './phones.ts'
import { type Plan, planFor } from './plan.ts'
import { modesAfter } from './preset.ts'
import type { SourcePerson } from './source.ts'
import { type MailChanges, tellOfMail } from './tell-mail.ts'

/** `conflict`: the name is another user's, so far. */
export type Result = {
  person: SourcePerson
  plan: Plan
  known: Known | undefined
  did: 'planned' | 'done' | 'conflict'
  /** Who has the name, in a conflict. */
  holder?: Known | undefined
}
export type About = { item: SyncItem; kind: DirectoryKind; numbering: Numbering; now: Date }
export type Settling = About & { mails: MailChanges }
export type SettleNeeds = Pick<SyncNeeds, 'notices' | 'ids'>

/** Does for one person what is to be done, in the unit of work of its page. The plan is made anew: this is what holds. */
export async function settle(
  needs: SettleNeeds,
  stores: SyncStores,
  person: SourcePerson,
  about: Settling,
): Promise<Result> {
  const found = await stores.people.findByUid(about.kind, person.uid)
  const known = found && (await stores.people.hold(found.id))
  const plan = planFor(person, known, about)
  if (plan.what === 'add') return add(needs, stores, { person, plan }, about)
  if (plan.what === 'change' && known) return change(needs, stores, { person, plan, known }, about)
  return { person, plan, known, did: 'planned' }
}

/**
 * Does what is to be done for people of whom `isNew` says that nobody knew them. Those are added first, all of them in one
 * go, since a first import is nothing else; whoever is in the way of one is looked for only where that fails.
 */
export async function settleAll(
  needs: SettleNeeds,
  stores: SyncStores,
  people: readonly SourcePerson[],
  { isNew, ...about }: Settling & { isNew(uid: string): boolean },
): Promise<Result[]> {
  const newcomers = await Promise.all(
    people.map((person) => (isNew(person.uid) ? insert(needs, stores, person, about) : undefined)),
  )
  const results: Result[] = []
  for (const [i, person] of people.entries()) {
    const added = newcomers[i]
    results.push(added ? await welcome(needs, stores, added, about) : await settle(needs, stores, person, about))
  }
  return results
}

type Adding = { person: SourcePerson; plan: Extract<Plan, { what: 'add' }> }
type Added = Adding & { newcomer: Newcomer }

/** Undefined unless that was all there was to do: the name may be another's, or the person be here by now. */
async function insert(
  { ids }: SettleNeeds,
  { people }: SyncStores,
  person: SourcePerson,
  about: About,
): Promise<Added | undefined> {
  const plan = planFor(person, undefined, about)
  if (plan.what !== 'add') return undefined
  const { item, kind: directory, now } = about
  const { profile, enrols: method, preset, enabled } = plan
  const newcomer = { ...profile, id: ids.next(), directory, uid: person.uid, item: item.id, method, preset, enabled }
  return (await people.insert(newcomer, now)) ? { person, plan, newcomer } : undefined
}

async function welcome(
  { notices }: SettleNeeds,
  stores: SyncStores,
  { person, plan, newcomer }: Added,
  { item, now }: About,
): Promise<Result> {
  const { id, enabled, preset } = newcomer
  const facts = { by: 'synchronisation', item: item.name, preset: preset.method, enabled }
  await stores.audit.write({ what: 'user.added', at: now, userId: id, facts })
  // Whoever cannot sign in yet is not told to.
  const user = item.rules.mailNew && enabled ? await stores.users.find(id) : undefined
  if (user) await welcomeNewcomer(notices, stores.deliveries, user, now)
  return { person, plan, known: { ...newcomer, modes: preset.modes, disabledWhy: undefined }, did: 'done' }
}

async function add(needs: SettleNeeds, stores: SyncStores, { person, plan }: Adding, about: Settling): Promise<Result> {
  const { people, audit } = stores
  const { kind, now } = about
  const namesake = await people.findByKey(plan.profile.key)
  if (namesake) {
    // Added by name before, as an import from a file does: tied to the directory's id, once.
    if (!(await people.bind(namesake.id, kind, person.uid)))
      return { person, plan, known: undefined, did: 'conflict', holder: namesake }
    await audit.write({ what: 'identity.bound', at: now, userId: namesake.id, facts: { by: 'synchronisation' } })
    return settle(needs, stores, person, about)
  }
  const added = await insert(needs, stores, person, about)
  return added ? welcome(needs, stores, added, about) : { person, plan, known: undefined, did: 'conflict' }
}

type Changing = { person: SourcePerson; plan: Extract<Plan, { what: 'change' }>; known: Known }

async function change(
  needs: SettleNeeds,
  stores: SyncStores,
  { person, plan, known }: Changing,
  { item, mails, now }: Settling,
): Promise<Result> {
  const { people, users, audit } = stores
  const { profile, fields, enrols, preset, moved, enables } = plan
  const before = await users.find(known.id)
  if (!(await people.update(known.id, { ...profile, item: item.id })))
    return { person, plan, known, did: 'conflict', holder: await people.findByKey(profile.key) }
  if (enables) {
    await people.enable(known.id)
    await audit.write({ what: 'user.enabled', at: now, userId: known.id, facts: { by: 'synchronisation' } })
  }
  // Gone before, and now disabled there: it comes back only when it is enabled there.
  if (plan.disables && !known.enabled) await people.disable(known.id, 'disabled there', now)
  if (preset) await people.setPreset(known.id, preset, modesAfter(known.modes, known.preset, preset))
  if (enrols) await users.enrol(known.id, enrols, now)
  if (fields.length > 0 || moved || enrols || preset) {
    const facts = { fields: fields.join(' '), item: item.name, moved, method: enrols, preset: preset?.method }
    await audit.write({ what: 'user.synchronised', at: now, userId: known.id, facts })
  }
  await tellOfPhones(needs, stores, { before, profile }, now)
  if (before && plan.otherMail) await tellOfMail(needs, stores, { before, mails }, now)
  return { person, plan, known: await people.hold(known.id), did: 'done' }
}

async function tellOfPhones(
  { notices }: SettleNeeds,
  { deliveries }: SyncStores,
  { before, profile }: { before: User | undefined; profile: Profile },
  now: Date,
): Promise<void> {
  if (!before) return
  // To the number from before: whoever changed it in the directory cannot keep its owner from hearing of it. Behind a company's
  // number each extension is somebody else's phone.
  const isOther = before.phone !== profile.phone || before.phoneExtension !== profile.phoneExtension
  if (before.phone !== undefined && profile.phone !== undefined && isOther)
    await tellOf(notices, deliveries, before, { kind: 'phone', newNumber: profile.phone }, now)
  const { backupPhone } = profile
  const isOtherBackup = before.backupPhone !== backupPhone || before.backupExtension !== profile.backupExtension
  if (before.method !== undefined && backupPhone !== undefined && isOtherBackup)
    await tellOf(notices, deliveries, before, { kind: 'backup-phone', newNumber: backupPhone }, now)
}
