import type { Kind } from './kind.ts'
import { appOptions } from './options/app.ts'
import { directoryOptions } from './options/directory.ts'
import { directoryRadiusOptions } from './options/directory-radius.ts'
import { installationOptions } from './options/installation.ts'
import { logOptions } from './options/log.ts'
import { mailOptions } from './options/mail.ts'
import { portalOptions } from './options/portal.ts'
import type { Row } from './options/row.ts'
import { sdkOptions } from './options/sdk.ts'
import { smsOptions } from './options/sms.ts'
import { voiceOptions } from './options/voice.ts'

/** Every option there is. The parse, the check for unknown keys and `docs/reference/configuration.md` come from here. */
const options = {
  ...installationOptions,
  ...portalOptions,
  ...appOptions,
  ...sdkOptions,
  ...directoryOptions,
  ...directoryRadiusOptions,
  ...smsOptions,
  ...voiceOptions,
  ...mailOptions,
  ...logOptions,
} as const satisfies Record<string, Row>

export type OptionPath = keyof typeof options

export const optionPaths = Object.keys(options) as OptionPath[]

export function isOption(path: string): path is OptionPath {
  return Object.hasOwn(options, path)
}

export function optionAt(path: OptionPath): Row {
  return options[path]
}

type Table = typeof options
type ValueOf<R extends Row> =
  R['kind'] extends Kind<infer T> ? (R extends { default: string } ? T : T | undefined) : never

/** What the options hold, by path, before they become `Config`. */
export type Values = { [P in OptionPath]: ValueOf<Table[P]> }
