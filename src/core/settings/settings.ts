import { z } from 'zod'
import { languages } from '../../contract/languages.ts'
import { MailAddress } from '../../contract/mail-address.ts'
import { FirstMethod } from '../../contract/shapes.ts'
import { isFraudCode } from '../methods/call/dialogue.ts'
import { modes } from '../policy/modes.ts'
import { appSettings } from './app-settings.ts'
import { fallbackSettings } from './fallback-settings.ts'
import { pinSettings } from './pin-settings.ts'
import { syncSettings } from './sync-settings.ts'
import { isTimeZone } from './time-zone.ts'

type Row = { schema: z.ZodType; standard: unknown; meaning: string }

const accent = z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour such as #1f4fd8')
const minutes = (least: number, most: number) => z.int().min(least).max(most)

/**
 * Every setting of the product: its name, what it may be, what it is when nobody set it, and what it means.
 * The configuration's `settings:` part is checked against this table, and `docs/reference/settings.md` is made from it.
 */
export const settingsTable = {
  'company.name': {
    schema: z.string().min(1).max(60),
    standard: 'Sallyport',
    meaning: 'The name people see on pages and in texts.',
  },
  'company.accent': {
    schema: accent,
    standard: '#1f4fd8',
    meaning: 'The colour of buttons and links; its dark twin and readable text colour follow from it.',
  },
  'company.logo': {
    schema: z.string().max(65_536).startsWith('data:image/').optional(),
    standard: undefined,
    meaning: 'A logo as a data: URL of an SVG or PNG picture; without it the Sallyport mark is shown.',
  },
  'company.help_line': {
    schema: z.string().max(120).optional(),
    standard: undefined,
    meaning: 'One line at the foot of each page: whom to call when signing in fails.',
  },
  'company.administrators_mail': {
    schema: z.array(MailAddress).max(20),
    standard: [],
    meaning:
      'Who is mailed when fraud is reported, when an account is blocked after it, and when one is locked until an administrator opens it.',
  },
  'company.country': {
    schema: z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 code such as US'),
    standard: 'US',
    meaning: 'The country offered first where a phone number is asked.',
  },
  'company.language': {
    schema: z.enum(languages),
    standard: 'en',
    meaning: 'The language of those of whom nothing better is known.',
  },
  'company.time_zone': {
    schema: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin'),
    standard: 'UTC',
    meaning: 'The time zone in which pages and mails show times.',
  },
  'portal.allow_log_in': {
    schema: z.boolean(),
    standard: true,
    meaning: 'Allow users to log in. Off: the sign-in boxes are greyed out.',
  },
  'portal.allow_enrolment': {
    schema: z.boolean(),
    standard: true,
    meaning: 'Allow user enrollment: the first sign-in leads to User Setup.',
  },
  'portal.prompt_backup_phone': {
    schema: z.boolean(),
    standard: false,
    meaning: 'Prompt for backup phone: User Setup by a phone call asks for one afterwards.',
  },
  'portal.prompt_token': {
    schema: z.boolean(),
    standard: false,
    meaning: 'Prompt for third-party OATH token: User Setup asks for one afterwards, where tokens may be associated.',
  },
  'portal.allow_method': { schema: z.boolean(), standard: true, meaning: 'Allow users to select method.' },
  'portal.methods': {
    schema: z.array(FirstMethod).min(1),
    standard: ['text', 'oath', 'passkey'],
    meaning:
      'The methods users may select; the first is the one set up when they may not select, unless an import has set another of these for the person. Passkeys are offered only where `portal.url` (configuration) names a host: they belong to that name, and changing it ends them all.',
  },
  'portal.passkey_sign_in': {
    schema: z.boolean(),
    standard: false,
    meaning:
      'Let a passkey that has verified its user stand for both steps, without user name and password. An LDAP directory or Active Directory is asked whether the account may still sign in; RADIUS servers cannot be asked that.',
  },
  'portal.allow_language': { schema: z.boolean(), standard: true, meaning: 'Allow users to select language.' },
  'portal.allow_token': {
    schema: z.boolean(),
    standard: true,
    meaning: 'Allow users to associate a third-party OATH token.',
  },
  ...fallbackSettings,
  'phone.countries': {
    schema: z.array(z.string().regex(/^[A-Z]{2}$/)),
    standard: [],
    meaning: 'Countries whose numbers may be texted; none named means all.',
  },
  'code.minutes': {
    schema: minutes(1, 10),
    standard: 5,
    meaning: 'How long a texted code is good. NIST SP 800-63B allows 10 minutes at most.',
  },
  'code.tries': { schema: z.int().min(1).max(10), standard: 5, meaning: 'How many times a texted code may be tried.' },
  'call.mode': {
    schema: z.enum(modes.call),
    standard: 'standard',
    meaning:
      'What a person does in a call. `standard`: press #. `pin`: enter the PIN, then #. `number`: key in the number on the screen, then #, which binds the call to the page (NIST SP 800-63B-4).',
  },
  'text.mode': {
    schema: z.enum(modes.text),
    standard: 'one-way',
    meaning:
      'What a person does with a text. `one-way`: type its code into the page. `two-way`: reply with the code; `two-way-number`: reply with the number on the screen, which binds it to the page, and to the phone only as far as the sender of a text can be trusted. `-pin`: with the PIN as well. Replies need a provider that brings them.',
  },
  ...appSettings,
  'oath.mode': {
    schema: z.enum(modes.oath),
    standard: 'otp',
    meaning: 'What a person types from an OATH token. `otp`: the code. `otp-pin`: the code and the PIN.',
  },
  'call.fraud_code': {
    schema: z.string().refine(isFraudCode, 'one digit or three'),
    standard: '0',
    meaning: 'What reports fraud in a call, before #: one digit or three.',
  },
  'call.fraud_blocks': {
    schema: z.boolean(),
    standard: true,
    meaning:
      'A report of fraud blocks the account: in a call after the question whether to, with 1; in the app at once.',
  },
  'call.block_days': {
    schema: z.int().min(0).max(3650),
    standard: 90,
    meaning: 'For how long; 0: until `sallyport user unlock`, which lifts it at any time.',
  },
  'call.tries': {
    schema: z.int().min(1).max(5),
    standard: 3,
    meaning: 'How often a person is asked in one call, first time included.',
  },
  'call.ring_seconds': {
    schema: z.int().min(10).max(60),
    standard: 30,
    meaning: 'How long a phone rings before the backup phone is called.',
  },
  ...pinSettings,
  ...syncSettings,
  'lock.tries': {
    schema: z.int().min(3).max(20),
    standard: 5,
    meaning: 'Wrong second-step answers in a row that lock the second step for a while.',
  },
  'lock.minutes': { schema: minutes(1, 24 * 60), standard: 15, meaning: 'How long that lock lasts.' },
  'lock.budget': {
    schema: z.int().min(3).max(100),
    standard: 10,
    meaning:
      'Wrong second-step answers since the last success, over all methods and doors, after which only an administrator opens it again. NIST SP 800-63B allows 100 at most.',
  },
  'oath.window': {
    schema: z.int().min(0).max(10),
    standard: 1,
    meaning:
      'How many time steps before and after now a token code may be of. 1 exceeds the letter of ASVS 6.5.5; 0 keeps to it and wants exact clocks.',
  },
  'oath.algorithm': {
    schema: z.enum(['SHA1', 'SHA256', 'SHA512']),
    standard: 'SHA1',
    meaning:
      'The hash of new tokens. Many authenticator apps know SHA1 only, and ignore what else the QR picture says.',
  },
  'oath.digits': {
    schema: z.union([z.literal(6), z.literal(8)]),
    standard: 6,
    meaning: 'How many digits the codes of new tokens have.',
  },
  'oath.seconds': {
    schema: z.union([z.literal(30), z.literal(60)]),
    standard: 30,
    meaning: 'How long a code of a new token is shown.',
  },
  'session.idle_minutes': {
    schema: minutes(1, 60),
    standard: 15,
    meaning: 'A session ends after so long without a request.',
  },
  'session.hours': {
    schema: z.int().min(1).max(24),
    standard: 8,
    meaning: 'A session ends after so long in any case.',
  },
  'sign_in.minutes': {
    schema: minutes(2, 30),
    standard: 15,
    meaning: 'How long a sign-in or a User Setup may take after the password.',
  },
  'proof.fresh_minutes': {
    schema: minutes(1, 60),
    standard: 10,
    meaning: 'How recent the second step must be for changes to phone, method and token.',
  },
  'password.free_tries': {
    schema: z.int().min(1).max(10),
    standard: 4,
    meaning:
      'Wrong passwords for one name from one address before each further one has to wait, twice as long each time.',
  },
  'password.longest_wait_minutes': { schema: minutes(1, 120), standard: 15, meaning: 'The longest such wait.' },
} as const satisfies Record<string, Row>

type Table = typeof settingsTable
export type SettingName = keyof Table
export type Settings = { readonly [K in SettingName]: z.output<Table[K]['schema']> }

/** Where settings come from at each use, so that a change holds from the next request on. */
export interface SettingsSource {
  current(): Settings
}

export type SettingMistake = { name: string; value: unknown; problem: string }

/** Lays what an operator set over the standard values; all mistakes at once. */
export function readSettings(given: Record<string, unknown>): { settings: Settings } | { mistakes: SettingMistake[] } {
  const mistakes: SettingMistake[] = []
  const settings: Record<string, unknown> = {}
  for (const [name, { schema, standard }] of Object.entries(settingsTable)) {
    const parsed = schema.safeParse(name in given ? given[name] : standard)
    if (parsed.success) settings[name] = parsed.data
    else mistakes.push({ name, value: given[name], problem: parsed.error.issues[0]?.message ?? 'not allowed' })
  }
  for (const name of Object.keys(given)) {
    if (!(name in settingsTable)) mistakes.push({ name, value: given[name], problem: 'there is no such setting' })
  }
  return mistakes.length > 0 ? { mistakes } : { settings: Object.freeze(settings) as Settings }
}
