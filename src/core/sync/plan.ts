import type { ItemRules } from '../../contract/operate-sync.ts'
import { isOtherMail } from '../users/details.ts'
import type { Known, Profile } from './person.ts'
import { type Numbering, phonesFor, phonesOfNewcomer } from './phones.ts'
import { isSamePreset, type Preset, presetOf } from './preset.ts'
import type { SourcePerson } from './source.ts'
import { type Wanted, wantedOf } from './wanted.ts'

export type Plan =
  /** Not to be taken: without a usable name, or new here and disabled there. */
  | { what: 'pass'; why: 'unusable' | 'disabled there' }
  | { what: 'nothing'; complaints: string[] }
  | {
      what: 'add'
      profile: Profile
      enrols: 'text' | 'call' | undefined
      preset: Preset
      enabled: boolean
      complaints: string[]
    }
  | {
      what: 'change'
      profile: Profile
      /** What was mailed to them until now does not come to them any more. */
      otherMail: boolean
      /** Names of what differs, for the audit. */
      fields: (keyof Profile)[]
      enrols: 'text' | 'call' | undefined
      /** Where it is another now. Whoever has a second step is left alone. */
      preset: Preset | undefined
      moved: boolean
      enables: boolean
      disables: boolean
      complaints: string[]
    }

type Change = Extract<Plan, { what: 'change' }>
type About = { item: { id: string; rules: ItemRules }; numbering: Numbering }

/** What becomes of one person: said, and not yet done. */
export function planFor(person: SourcePerson, known: Known | undefined, { item, numbering }: About): Plan {
  const wanted = wantedOf(person, item.rules, numbering)
  if (!known) {
    if (!wanted) return { what: 'pass', why: 'unusable' }
    if (!person.enabled) return { what: 'pass', why: 'disabled there' }
    const { details, lines, complaints } = wanted
    const profile = { ...details, ...phonesOfNewcomer(lines) }
    const enabled = item.rules.newcomers === 'enabled'
    const preset = presetOf(item.rules)
    return { what: 'add', profile, enrols: enrolment(profile, item.rules), preset, enabled, complaints }
  }

  // Whoever is known stays so under the name from before: whether the directory has disabled them counts all the same.
  const { complaints, ...rest } = wanted ?? asBefore(known)
  const profile = merged(known, rest, item.rules)
  const fields = (Object.keys(profile) as (keyof Profile)[]).filter((name) => profile[name] !== known[name])
  const moved = known.item !== item.id
  const enables = person.enabled && !known.enabled && known.disabledWhy !== undefined
  const disables = !person.enabled && (known.enabled || known.disabledWhy === 'gone')
  const { enrols, preset } = known.method === undefined ? beginning(profile, known, item.rules) : asItIs
  if (fields.length === 0 && !moved && !enables && !disables && !enrols && !preset)
    return { what: 'nothing', complaints }
  const otherMail = isOtherMail(known.mail, profile.mail)
  return { what: 'change', profile, otherMail, fields, enrols, preset, moved, enables, disables, complaints }
}

function asBefore(known: Known): Wanted {
  const lines = { primary: undefined, backups: [] }
  return { details: known, lines, complaints: ['user name: none that can be used'] }
}

const asItIs = { enrols: undefined, preset: undefined }

/** Whoever has no second step yet is as good as new: what the item says now counts. */
function beginning(profile: Profile, known: Known, rules: ItemRules): Pick<Change, 'enrols' | 'preset'> {
  const preset = presetOf(rules)
  return { enrols: enrolment(profile, rules), preset: isSamePreset(known.preset, preset) ? undefined : preset }
}

/** Behind a company's number no text reaches anybody, and who is enrolled by it could not sign in. */
function enrolment({ phone, phoneExtension }: Profile, { method }: ItemRules): 'text' | 'call' | undefined {
  if (phone === undefined || (method === 'text' && phoneExtension !== undefined)) return undefined
  return method === 'text' || method === 'call' ? method : undefined
}

const spoken = ['language', 'callLanguage', 'textLanguage', 'appLanguage', 'oathLanguage'] as const

const followed = {
  names: ['firstName', 'lastName', 'displayName'],
  mail: ['mail'],
  details: ['description', 'group'],
  language: spoken,
} as const satisfies Partial<Record<ItemRules['follow'][number], readonly (keyof Profile)[]>>

/** What is empty is filled; what the rules name follows the directory, also to nothing. */
function merged(known: Known, { details: wanted, lines }: Omit<Wanted, 'complaints'>, rules: ItemRules): Profile {
  const name = rules.follow.includes('names') ? wanted : known
  const profile: Profile = {
    username: name.username,
    key: name.key,
    firstName: known.firstName,
    lastName: known.lastName,
    displayName: known.displayName,
    mail: known.mail,
    description: known.description,
    group: known.group,
    language: known.language,
    callLanguage: known.callLanguage,
    textLanguage: known.textLanguage,
    appLanguage: known.appLanguage,
    oathLanguage: known.oathLanguage,
    ...phonesFor(known, lines, rules),
  }
  for (const [rule, names] of Object.entries(followed)) {
    const follows = (rules.follow as readonly string[]).includes(rule)
    for (const each of names) profile[each] = follows ? wanted[each] : (profile[each] ?? wanted[each])
  }
  // One who has chosen a language keeps it where the directory says none.
  for (const each of spoken) profile[each] ??= known[each]
  return profile
}
