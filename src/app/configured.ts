import type { Config } from '../config/config.ts'
import { describeMistakes, type Mistake } from '../config/mistake.ts'
import { type Judges, type ReadConfig, readConfig } from '../config/read-config.ts'
import { checkForRole, type Role } from '../config/roles.ts'
import type { FileSettings } from '../config/settings.ts'
import { relyingPartyOf } from '../core/methods/passkey/relying-party.ts'
import { isReplyMode } from '../core/policy/modes.ts'
import { readSettings, type Settings } from '../core/settings/settings.ts'
import { paletteOf } from '../inbound/web/design/brand.ts'
import { checkSmpp } from '../outbound/delivery/sms/smpp-config.ts'
import { checkTemplate } from '../outbound/delivery/sms/template.ts'
import { isFilter } from '../outbound/directory/ldap-filter.ts'

type Sources = Omit<Parameters<typeof readConfig>[0], 'judges'> & { role?: Role | undefined }
/** All mistakes of the configuration, in words for a terminal. */
export class Misconfigured extends Error {
  constructor(mistakes: readonly Mistake[]) {
    super(describeMistakes(mistakes))
  }
}

export type Configured = Exclude<ReadConfig, { mistakes: unknown }> & { settings: Settings }

/** The configuration, with every part judged by whoever uses it, so that all mistakes are told at once. Throws Misconfigured. */
export function configured({ role = 'all', ...sources }: Sources): Configured {
  const read = readConfig({ ...sources, judges })
  if ('mistakes' in read) throw new Misconfigured(read.mistakes)
  const mistakes = mistakesFor(read.config, role)
  if (mistakes.length > 0) throw new Misconfigured(mistakes)
  return { ...read, settings: settingsOf(read.config) }
}

/** What is right in itself, and wrong for this role or for the settings. */
export function mistakesFor(config: Config, role: Role): Mistake[] {
  const forRole = checkForRole(config, role)
  if (role === 'portal' || role === 'app') return forRole
  const settings = settingsOf(config)
  return [...forRole, ...passkeyMistakes(config, settings), ...replyMistakes(config, settings, role)]
}

export const judges: Judges = { settings: judgeSettings, textTemplate: checkTemplate, smpp: checkSmpp, isFilter }

function settingsOf({ settings }: Config): Settings {
  const read = readSettings(dotted(settings.values))
  if ('mistakes' in read) throw new TypeError('settings were judged before')
  return read.settings
}

function judgeSettings(settings: FileSettings): Mistake[] {
  const given = dotted(settings.values)
  const read = readSettings(given)
  const found = 'mistakes' in read ? read.mistakes : []
  const mistakes = found.map(({ name, value, problem }) => mistake(settings, name, value, problem))
  const accent = given['company.accent']
  const verdict = typeof accent === 'string' ? paletteOf(accent) : { ok: true as const }
  if (verdict.ok || verdict.complaint === 'accent.malformed') return mistakes
  const problem = `White and dark pages cannot both be read with this colour. The nearest that can is ${verdict.nearest}.`
  return [...mistakes, mistake(settings, 'company.accent', accent, problem)]
}

function mistake(settings: FileSettings, name: string, value: unknown, problem: string): Mistake {
  const sentence = problem.endsWith('.') ? problem : `${problem}.`
  return {
    where: settings.whereOf(name),
    path: `settings.${name}`,
    value: value === undefined ? undefined : JSON.stringify(value),
    problem: sentence,
    remedy: 'docs/reference/settings.md has every setting and what it may be.',
  }
}

/** What rests on passkeys alone wants a host for them to belong to. */
function passkeyMistakes({ portal, settings: file }: Config, settings: Settings): Mistake[] {
  if (relyingPartyOf(portal.origin)) return []
  const resting = {
    'portal.passkey_sign_in': settings['portal.passkey_sign_in'],
    'portal.methods': settings['portal.methods'].every((method) => method === 'passkey'),
  }
  const names = (Object.keys(resting) as (keyof typeof resting)[]).filter((name) => resting[name])
  return names.map((name) => ({
    ...mistake(
      file,
      name,
      settings[name],
      'Passkeys belong to a host that browsers reach over TLS, and portal.url names none.',
    ),
    remedy: 'Give portal.url with the name that people use, or change the setting.',
  }))
}

/** Whether a reply to a text can come in at all. */
export function takesReplies({ sms, callbacks }: Config, role: Role): boolean {
  const isHeard = callbacks.origin !== undefined && (role !== 'server' || callbacks.listen !== undefined)
  return (
    sms.repliesSecret !== undefined ||
    sms.providers.some(
      (provider) =>
        (provider.kind === 'smpp' && provider.settings.bind !== 'transmitter') ||
        (provider.kind === 'twilio' && isHeard),
    )
  )
}

/** Who is asked for a reply waits for ever where none can come in. */
function replyMistakes(config: Config, settings: Settings, role: Role): Mistake[] {
  const mode = settings['text.mode']
  if (!isReplyMode(mode) || takesReplies(config, role)) return []
  return [
    {
      ...mistake(
        config.settings,
        'text.mode',
        mode,
        'Nothing brings replies to texts: no provider that is configured can.',
      ),
      remedy:
        'Give sms.replies.secret, or a provider by SMPP or Twilio that replies come back by; or change the setting.',
    },
  ]
}

/** `company: { name: … }` and `company.name: …` say the same. */
function dotted(values: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(dotted(value as Record<string, unknown>, `${prefix}${key}.`))
        : [[prefix + key, value]],
    ),
  )
}
