import type { Answer, Input, Output } from '../../contract/contract.ts'
import { readablePhone } from '../users/phone.ts'
import type { SyncItem } from './item.ts'
import type { SyncNeeds } from './needs.ts'
import type { Known } from './person.ts'
import { type Plan, planFor } from './plan.ts'
import { beginningOf, type Preset } from './preset.ts'
import { readTaking } from './reading.ts'
import type { SourcePerson } from './source.ts'
import { shownName } from './tally.ts'
import { wantedOf } from './wanted.ts'

type Shown = Output<'previewSyncItem'>['people'][number]

/** Ends a reading of which enough was seen. */
class Enough extends Error {}

/** The first people of a scope, and what they would become; of names that others have, the dry run tells. */
export async function previewSyncItem(
  needs: SyncNeeds,
  { name, most }: Input<'previewSyncItem'>,
): Promise<Answer<'previewSyncItem'>> {
  const { source, read } = needs
  if (!source) return { ok: false, refusal: 'directory.unread' }
  const items = await read.syncItems.list()
  const item = items.find((each) => each.name === name)
  if (!item) return { ok: false, refusal: 'sync-item.unknown' }

  const seen: SourcePerson[] = []
  try {
    await readTaking(source.people, { scope: item.scope }, async (page) => {
      seen.push(...page.slice(0, most + 1 - seen.length))
      if (seen.length > most) throw new Enough()
    })
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  const people: Shown[] = []
  const about = { item, kind: source.kind, earlier: items.slice(0, items.indexOf(item)) }
  for (const person of seen.slice(0, most)) people.push(await shown(needs, about, person))
  return { ok: true, value: { people, more: seen.length > most } }
}

type About = { item: SyncItem; kind: NonNullable<SyncNeeds['source']>['kind']; earlier: readonly SyncItem[] }

async function shown(
  { read, settings }: SyncNeeds,
  { item, kind, earlier }: About,
  person: SourcePerson,
): Promise<Shown> {
  const current = settings.current()
  const numbering = { country: current['company.country'], countries: current['phone.countries'] }
  const known = await read.people.findByUid(kind, person.uid)
  const plan = planFor(person, known, { item, numbering })
  const complaints = wantedOf(person, item.rules, numbering)?.complaints ?? []
  const common = { username: shownName(person), enabled: person.enabled, complaints }
  const owner = earlier.find(({ id }) => id === known?.item)
  if (owner) return { ...common, what: 'nothing', of: owner.name }
  if (plan.what === 'pass') return { ...common, what: plan.why === 'unusable' ? 'unusable' : 'nothing' }
  const profile = plan.what === 'nothing' ? known : plan.profile
  const { displayName, mail, language, group } = profile ?? {}
  const languages = {
    call: profile?.callLanguage,
    text: profile?.textLanguage,
    app: profile?.appLanguage,
    oath: profile?.oathLanguage,
  }
  const phone = lineOf(profile?.phone, profile?.phoneExtension)
  const backupPhone = lineOf(profile?.backupPhone, profile?.backupExtension)
  const begins = beginningFor(plan, known)
  const starts = plan.what === 'add' ? (plan.enabled ? 'enabled' : 'disabled') : undefined
  return {
    ...common,
    what: plan.what,
    displayName,
    mail,
    phone,
    backupPhone,
    language,
    languages,
    group,
    begins,
    starts,
  }
}

/** Of whoever has no second step yet. */
function beginningFor(plan: Exclude<Plan, { what: 'pass' }>, known: Known | undefined): Shown['begins'] {
  if (known?.method !== undefined) return undefined
  const nothing: Preset = { method: undefined, modes: {} }
  return plan.what === 'nothing'
    ? beginningOf(undefined, known?.preset ?? nothing)
    : beginningOf(plan.enrols, plan.preset ?? known?.preset ?? nothing)
}

function lineOf(phone: string | undefined, extension: string | undefined): string | undefined {
  return phone && `${readablePhone(phone)}${extension ? ` x${extension}` : ''}`
}
