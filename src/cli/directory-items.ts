import { ldapFilter } from '../config/kinds.ts'
import { printable } from '../config/mistake.ts'
import type { Output } from '../contract/contract.ts'
import { speaking } from '../contract/languages.ts'
import { ItemRules, NewItemName } from '../contract/operate-sync.ts'
import { adviceOn } from './item-advice.ts'
import { type LanguagesGiven, languagesGiven, spokenIn } from './languages-given.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { told } from './told.ts'
import { Told } from './user.ts'

type Item = Output<'listSyncItems'>['items'][number]
type ScopeGiven = { base?: string; group?: string; filter?: string }
/** As commander gives them: lists are words with commas between. */
type RulesGiven = LanguagesGiven & {
  method?: string
  textMode?: string
  callMode?: string
  appMode?: string
  oathMode?: string
  phones?: string
  backupPhones?: string
  userGroup?: string
  follow?: string
  vanished?: string
  newcomers?: string
  mail?: boolean
}
type Given = ScopeGiven & RulesGiven

export const NOBODY = 'Nobody is imported: sallyport directory item add NAME --base DN'

/** `sallyport directory items`: in order of priority. */
export async function directoryItems(installation: Installation, env: NodeJS.ProcessEnv): Promise<void> {
  await atHand(installation, env, async ({ engine: { api }, ...configured }) => {
    const { items } = told(await api.listSyncItems(operator, {}))
    if (items.length === 0) console.log(NOBODY)
    for (const [at, item] of items.entries())
      console.log(`${at + 1}. ${printable(item.name)} (${item.people} people)${linesOf(item, configured)}`)
  })
}

function linesOf({ scope, rules }: Item, configured: Parameters<typeof adviceOn>[1]): string {
  const { method, modes, phones, backupPhones, group, follow, vanished, newcomers, mailNew } = rules
  const lines = [
    `people     ${[scope.base, scope.group && `in ${scope.group}`, scope.filter].filter(Boolean).join(', ')}`,
    `method     ${method ?? 'each chooses, in the portal'}${Object.entries(modes)
      .map(([of, mode]) => `, ${of} ${mode}`)
      .join('')}`,
    `phones     ${phones.join(', ') || 'none'}`,
    ...(backupPhones.length > 0 ? [`backups    ${backupPhones.join(', ')}`] : []),
    `follows    ${follow.join(', ') || 'nothing: only what is empty is filled'}`,
    `gone       ${vanished}`,
    ...(newcomers === 'disabled' ? ['new        disabled, until an operator enables them'] : []),
    ...(spokenIn(rules) === '' ? [] : [`language   ${spokenIn(rules)}`]),
    ...(group ? [`group      ${group}`] : []),
    ...(mailNew ? ['mails      who is new'] : []),
    ...adviceOn(rules, configured).map((sentence) => `note       ${sentence}`),
  ]
  return lines.map((line) => `\n   ${printable(line)}`).join('')
}

/** `sallyport directory item add NAME --base DN`. */
export async function directoryItemAdd(
  name: string,
  given: Given & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { base, group, filter } = given
  if (base === undefined)
    throw new Told('--base names the container, as `sallyport directory find containers TEXT` shows it.')
  judgeName(name)
  judgeFilter(filter)
  const rules = rulesFrom(ItemRules.parse({}), given)
  await atHand(given, env, async ({ engine: { api }, ...configured }) => {
    told(await api.addSyncItem(operator, { name, scope: { base, group, filter }, rules }))
    console.log(printable(`Added ${name}.`))
    console.log(printable(`Whom it takes:       sallyport directory preview ${inShell(name)}`))
    console.log('To import them now:  sallyport directory sync')
    console.log('By itself that begins once sync.minutes have passed.')
    advise(rules, configured)
  })
}

/** `sallyport directory item change NAME`: what is given replaces what was; `none` empties it. */
export async function directoryItemChange(
  name: string,
  given: Given & { name?: string } & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  judgeName(given.name)
  await atHand(given, env, async ({ engine: { api }, ...configured }) => {
    const { items } = told(await api.listSyncItems(operator, {}))
    const item = items.find((each) => each.name === name)
    if (!item) throw new Told('There is no item of that name; `sallyport directory items` lists them.')
    judgeFilter(given.filter)
    const { base = item.scope.base } = given
    const scope = {
      base,
      group: changed(given.group, item.scope.group),
      filter: changed(given.filter, item.scope.filter),
    }
    const rules = rulesFrom(item.rules, given)
    told(await api.changeSyncItem(operator, { name, newName: given.name, scope, rules }))
    console.log('Changed. What would come of it: sallyport directory sync --dry-run')
    advise(rules, configured)
  })
}

/** `sallyport directory item first NAME`. */
export async function directoryItemFirst(
  name: string,
  installation: Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    told(await api.changeSyncItem(operator, { name, first: true }))
    console.log(printable(`${name} goes first: whoever is in several items has its settings.`))
  })
}

/** `sallyport directory item remove NAME`. */
export async function directoryItemRemove(
  name: string,
  installation: Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    const { released } = told(await api.removeSyncItem(operator, { name }))
    console.log(`Removed. Its ${released} people stay, and are not synchronised unless another item has them.`)
  })
}

/** An item is taken as it is given: what is missing for it may be on its way. */
function advise(rules: ItemRules, configured: Parameters<typeof adviceOn>[1]): void {
  for (const sentence of adviceOn(rules, configured)) console.error(sentence)
}

/** As a word of a command, whatever is in it. */
function inShell(word: string): string {
  return /^[\w.@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function judgeName(name: string | undefined): void {
  if (name !== undefined && !NewItemName.safeParse(name).success)
    throw new Told('An item has a name of 1 to 64 characters, none of them a control character.')
}

/** A filter that is none would be told only by the first run. */
function judgeFilter(filter: string | undefined): void {
  if (filter === undefined || filter === 'none' || ldapFilter.shape !== 'text') return
  const judged = ldapFilter.parse(filter, '')
  if (!judged.ok) throw new Told(`--filter: ${judged.problem} It is ${ldapFilter.says}.`)
}

function rulesFrom(before: ItemRules, given: RulesGiven): ItemRules {
  const { vanished, newcomers, mail } = given
  const modes = {
    text: changed(given.textMode, before.modes.text),
    call: changed(given.callMode, before.modes.call),
    app: changed(given.appMode, before.modes.app),
    oath: changed(given.oathMode, before.modes.oath),
  }
  const parsed = ItemRules.safeParse({
    method: changed(given.method, before.method),
    modes,
    phones: listed(given.phones) ?? before.phones,
    backupPhones: listed(given.backupPhones) ?? before.backupPhones,
    language: changed(given.language, before.language),
    languages: languagesFrom(before, given),
    group: changed(given.userGroup, before.group),
    follow: listed(given.follow) ?? before.follow,
    vanished: vanished ?? before.vanished,
    newcomers: newcomers ?? before.newcomers,
    mailNew: mail ?? before.mailNew,
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Told(`${optionOf[String(issue?.path[0])] ?? 'An option'}: ${issue?.message}.`)
}

function languagesFrom(before: ItemRules, given: RulesGiven): Record<string, string | undefined> {
  const wanted = languagesGiven(given)
  return Object.fromEntries(speaking.map((what) => [what, changed(wanted[what], before.languages[what])]))
}

const optionOf: Readonly<Record<string, string>> = {
  method: '--method',
  modes: '--text-mode, --call-mode, --app-mode and --oath-mode',
  phones: '--phones',
  backupPhones: '--backup-phones',
  language: '--language',
  languages: '--call-language, --text-language, --app-language and --oath-language',
  group: '--user-group',
  follow: '--follow',
  vanished: '--vanished',
  newcomers: '--newcomers',
}

function changed(given: string | undefined, before: string | undefined): string | undefined {
  return given === 'none' ? undefined : (given ?? before)
}

function listed(given: string | undefined): string[] | undefined {
  return given === 'none' ? [] : given?.split(',').map((each) => each.trim())
}
