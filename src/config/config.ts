import type { LanguagesApart } from '../contract/languages.ts'
import type { Secret } from '../core/secrets/secret.ts'
import type { Address } from './addresses.ts'
import type { StatusRange } from './kinds.ts'
import type { Mailbox } from './mail-kinds.ts'
import type { Values } from './options.ts'
import type { FileSettings } from './settings.ts'

/** Where a listener's certificate comes from. Without one of the operator's Sallyport makes its own; `off` is plain HTTP. */
export type Tls = { kind: 'files'; certFile: string; keyFile: string } | { kind: 'self-made' } | { kind: 'off' }

/** How a split portal reaches the MFA Server. `url` ends with a slash, `ca` is PEM, `fingerprint` is `AA:BB:…`. */
export type SdkClientConfig = {
  url: string
  username: string
  password: Secret
  ca?: string | undefined
  fingerprint?: string | undefined
}

/** `ca` is PEM. */
export type LdapSettings = {
  url: string
  startTls: boolean
  ca?: string | undefined
  identity?: { cert: string; key: Secret } | undefined
  bind: 'simple' | 'certificate' | 'anonymous'
  bindDn?: string | undefined
  bindPassword?: Secret | undefined
  baseDn: string
  userFilter?: string | undefined
  groupBaseDn?: string | undefined
  changePasswords: boolean
  attributes: { uid: string; username: string; displayName: string; mail: string; phone: string }
  timeoutMs: number
}

/** `servers`: the first is asked first. `waiver`: why answers are believed that do not prove themselves. PEM below `tls`. */
export type RadiusSettings = {
  tls?: { ca?: string | undefined; cert?: string | undefined; key?: Secret | undefined } | undefined
  servers: readonly { host: string; port: number; secret: Secret }[]
  method: Values['directory.radius.method']
  changePasswords: boolean
  names: { form: Values['directory.radius.names']; domains: readonly string[] }
  nas: { identifier: string; address?: string | undefined }
  waiver?: string | undefined
  firstWaitMs: number
  sendings: number
  restMs: number
  statusServer: boolean
}

/** A domain of Active Directory; no controllers: DNS names them. */
export type DomainSettings = { domain: string; netbios: string; controllers: readonly string[] }

/** `suffixes` of principal names beside its own; `account`: who searches there, where ours does not. */
export type TrustedSettings = DomainSettings & {
  suffixes: readonly string[]
  account?: { name: string; password: Secret } | undefined
}

/** `ca` is PEM, `dns` are addresses. */
export type WindowsSettings = DomainSettings & {
  trusted: readonly TrustedSettings[]
  dns: readonly string[]
  security: 'ldaps' | 'startTls'
  ca?: string | undefined
  account: string
  password: Secret
  baseDn?: string | undefined
  userFilter?: string | undefined
  username: 'upn' | 'account'
  changePasswords: boolean
  timeoutMs: number
}

/** Names of attributes and RFC 4515 filters; undefined: not read, or what is usual. */
export type PeopleSettings = {
  from: { kind: 'ldap'; ldap: LdapSettings } | { kind: 'windows'; windows: WindowsSettings }
  attributes: {
    secondUsername?: string | undefined
    firstName: string
    lastName: string
    description?: string | undefined
    group?: string | undefined
    language?: string | undefined
    languages: LanguagesApart
    extension?: string | undefined
    phones: Partial<Record<'business' | 'mobile' | 'home' | 'pager' | 'fax' | 'ip' | 'custom', string | undefined>>
  }
  filters: { person?: string | undefined; group?: string | undefined; container?: string | undefined }
  pageSize: number
  most: number
  pageMs: number
}

/** `url`, `body` and the values of `headers` may hold `{to}`, `{text}` and the like, not filled in yet. */
export type HttpSmsSettings = {
  url: string
  method: 'GET' | 'POST' | 'PUT'
  headers: Readonly<Record<string, string>>
  body?: string | undefined
  contentType?: string | undefined
  expectStatus: readonly StatusRange[]
  expectBody?: RegExp | undefined
  timeoutMs: number
  username?: string | undefined
  password?: Secret | undefined
  from?: string | undefined
}

/** `from` is E.164, a short code, or letters; `tls` has the CA that is then trusted alone. */
export type SmppSettings = {
  host: string
  port: number
  tls?: { ca?: string | undefined } | undefined
  systemId: string
  password: Secret
  systemType?: string | undefined
  bind: Values['sms.smpp.bind']
  from: string
  sourceTon?: number | undefined
  sourceNpi?: number | undefined
  destinationTon: number
  destinationNpi: number
  serviceType?: string | undefined
  defaultAlphabet: Values['sms.smpp.alphabet']
  longTexts: Values['sms.smpp.long_texts']
  receipts: boolean
  receiptIds: Values['sms.smpp.receipt_ids']
  window: number
  /** Milliseconds. */
  times: { bind: number; answer: number; enquire: number }
}

/** `ca` is PEM. */
export type TwilioSettings = {
  baseUrl: string
  accountSid: string
  authToken: Secret
  from: string
  timeoutMs: number
  ca?: string | undefined
}

/** `name` is how it is called in the configuration, in the log and wherever something of it is kept. */
export type SmsProvider =
  | { kind: 'http'; name: string; settings: HttpSmsSettings }
  | { kind: 'smpp'; name: string; settings: SmppSettings }
  | { kind: 'twilio'; name: string; settings: TwilioSettings }

export type VoiceProvider = { name: string; settings: TwilioSettings }

/** `hosts`: the first is asked first. `ca` is PEM. */
export type MailSettings = {
  hosts: readonly string[]
  port: number
  tls: 'starttls' | 'implicit' | 'none'
  ca?: string | undefined
  username?: string | undefined
  password?: Secret | undefined
  from: Mailbox
  replyTo?: string | undefined
  timeoutMs: number
}

/** Everything that an operator configures, checked and frozen. Nothing else reads the file or the environment. */
export type Config = {
  readonly dataFolder: string
  readonly portal: {
    readonly listen: Address
    /** Scheme, host and port that people use, without a slash at the end. */
    readonly origin?: string | undefined
    /** Starts and ends with a slash. */
    readonly path: string
    readonly tls: Tls
    readonly sslRequired: boolean
    readonly trustedProxies: readonly string[]
    /** Who proves people in place of the password, and in which header. */
    readonly integrated?: { readonly header: string; readonly proxies: readonly string[] } | undefined
  }
  /** Scheme, host and port that people reach the mobile app at. */
  readonly app: { readonly origin?: string | undefined }
  readonly push: {
    /** "push.example.org", "*.push.example.org". */
    readonly hosts: readonly string[]
    /** "mailto:…" or "https://…". */
    readonly contact?: string | undefined
    readonly loopback: boolean
  }
  readonly sdk: {
    readonly listen?: Address | undefined
    readonly tls: Tls
    readonly client?: SdkClientConfig | undefined
  }
  readonly database: { readonly kind: 'sqlite' } | { readonly kind: 'postgres'; readonly url: Secret }
  readonly masterKey?: Secret | undefined
  readonly health: { readonly listen?: Address | undefined }
  readonly directory:
    | { readonly kind: 'local' }
    | { readonly kind: 'ldap'; readonly ldap: LdapSettings }
    | { readonly kind: 'radius'; readonly radius: RadiusSettings }
    | { readonly kind: 'windows'; readonly windows: WindowsSettings }
  /** What groups of that directory open; by name or DN. */
  readonly groups: { readonly enrolment?: string | undefined; readonly serviceAccounts?: string | undefined }
  /** Where people are imported from, if from anywhere. */
  readonly people?: PeopleSettings | undefined
  readonly sms: {
    /** In the order in which they are asked. */
    readonly providers: readonly SmsProvider[]
    /** In the address of replies over HTTP; without it none are taken. */
    readonly repliesSecret?: Secret | undefined
  }
  readonly voice: { readonly providers: readonly VoiceProvider[] }
  readonly callbacks: {
    /** Scheme and host as providers see them, without a slash at the end. */
    readonly origin?: string | undefined
    readonly listen?: Address | undefined
    readonly tls: Tls
  }
  /** Without it no mail is sent. */
  readonly mail?: MailSettings | undefined
  readonly log: { readonly level: Values['log.level']; readonly format: Values['log.format'] }
  readonly settings: FileSettings
}
