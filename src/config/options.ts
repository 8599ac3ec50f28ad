import { address, addressOrOff, subnets, virtualDirectory } from './addresses.ts'
import { certificates, existingFile, fingerprint, folder } from './files.ts'
import type { Kind } from './kind.ts'
import {
  distinguishedName,
  flag,
  headers,
  ldapAttribute,
  ldapFilter,
  oneOf,
  pattern,
  plainText,
  secretText,
  statusRanges,
  wholeNumber,
} from './kinds.ts'
import { databaseUrl, gatewayUrl, httpsUrl, ldapUrl, publicUrl } from './urls.ts'

type Row = {
  kind: Kind<unknown>
  meaning: string
  /** As one would write it. An option without a default is undefined when it is not given. */
  default?: string
  /** Where the field has a name for it; otherwise the name follows from the path (`environment.ts`). */
  env?: string
  /** Its value is a `Secret`, is never printed, and may come from the file named by NAME_FILE. */
  secret?: true
  /** May hold a secret among other things: a plain value, but never printed. */
  discreet?: true
  /** Refused in the file: a key beside what it opens protects nothing. */
  only?: 'environment'
}

/** Every option there is. The parse, the check for unknown keys and `docs/reference/configuration.md` come from here. */
export const options = {
  data: {
    kind: folder,
    default: './data',
    meaning: 'Folder of the embedded database, the keys and the certificate made at first start.',
  },

  'portal.listen': { kind: address, default: '0.0.0.0:8443', meaning: 'Where the User Portal listens.' },
  'portal.url': {
    kind: publicUrl,
    meaning: 'Where people reach the portal; written into mails and asked of browsers. Passkeys belong to its host.',
  },
  'portal.path': {
    kind: virtualDirectory,
    default: '/MultiFactorAuth/',
    meaning: 'The virtual directory of the portal.',
  },
  'portal.tls.cert': {
    kind: existingFile,
    meaning: "PEM file with the portal's certificate and its chain. Without one Sallyport makes its own.",
  },
  'portal.tls.key': { kind: existingFile, meaning: 'PEM file with the key of that certificate.' },
  'portal.ssl_required': {
    kind: flag,
    default: 'true',
    env: 'SSL_REQUIRED',
    meaning: 'Serve with TLS only. False is for a portal behind a proxy that ends TLS.',
  },
  'portal.trusted_proxies': {
    kind: subnets,
    default: '',
    meaning: 'Proxies whose word is taken for the address and the scheme of a request.',
  },

  'sdk.listen': {
    kind: address,
    meaning: 'Where the Web Service SDK listens. Role server: 0.0.0.0:8444 unless given; otherwise off unless given.',
  },
  'sdk.tls.cert': {
    kind: existingFile,
    meaning: "PEM file with the SDK's certificate and its chain. Without one Sallyport makes its own.",
  },
  'sdk.tls.key': { kind: existingFile, meaning: 'PEM file with the key of that certificate.' },
  'sdk.client.use': {
    kind: flag,
    default: 'false',
    env: 'USE_WEB_SERVICE_SDK',
    meaning: 'This portal reaches the MFA Server on another machine through its Web Service SDK.',
  },
  'sdk.client.url': { kind: httpsUrl, env: 'WEB_SERVICE_SDK_URL', meaning: 'The address of that SDK.' },
  'sdk.client.username': {
    kind: plainText('the name of a service account'),
    env: 'WEB_SERVICE_SDK_AUTHENTICATION_USERNAME',
    meaning: 'The service account that the portal signs in with.',
  },
  'sdk.client.password': {
    kind: secretText,
    env: 'WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD',
    secret: true,
    meaning: 'Its password.',
  },
  'sdk.client.ca': {
    kind: certificates,
    env: 'WEB_SERVICE_SDK_CA',
    meaning: "The CA of the SDK's certificate, where the system does not trust it.",
  },
  'sdk.client.fingerprint': {
    kind: fingerprint,
    env: 'WEB_SERVICE_SDK_FINGERPRINT',
    meaning: 'Trust just the certificate with this fingerprint, which a server prints at its first start.',
  },

  'database.url': {
    kind: databaseUrl,
    env: 'DATABASE_URL',
    secret: true,
    meaning: 'PostgreSQL. Without it the embedded SQLite database in the data folder is used.',
  },
  master_key: {
    kind: secretText,
    env: 'SALLYPORT_MASTER_KEY',
    secret: true,
    only: 'environment',
    meaning:
      'The key that seals the secrets in the database. Without it the file master.key in the data folder is used.',
  },
  'health.listen': {
    kind: addressOrOff,
    default: '127.0.0.1:9464',
    meaning: 'Where /healthz, /readyz and /metrics are served, in plain HTTP.',
  },

  'directory.kind': {
    kind: oneOf('local', 'ldap'),
    default: 'local',
    meaning: 'Who checks passwords: Sallyport itself, or an LDAP directory such as Active Directory.',
  },
  'directory.ldap.url': { kind: ldapUrl, meaning: 'The directory server.' },
  'directory.ldap.start_tls': {
    kind: flag,
    default: 'false',
    meaning: 'Change to TLS after connecting to an ldap:// address.',
  },
  'directory.ldap.ca': {
    kind: certificates,
    meaning: "The CA of the directory's certificate, where the system does not trust it.",
  },
  'directory.ldap.bind_dn': {
    kind: plainText('a distinguished name or a user principal name'),
    meaning: 'The account that searches for people.',
  },
  'directory.ldap.bind_password': { kind: secretText, secret: true, meaning: 'Its password.' },
  'directory.ldap.base_dn': { kind: distinguishedName, meaning: 'The part of the tree that people are searched in.' },
  'directory.ldap.filter': { kind: ldapFilter, meaning: 'What someone must match, beside the username, to be found.' },
  'directory.ldap.attributes.uid': {
    kind: ldapAttribute,
    default: 'objectGUID',
    meaning: 'What never changes about a person. OpenLDAP: entryUUID.',
  },
  'directory.ldap.attributes.username': {
    kind: ldapAttribute,
    default: 'sAMAccountName',
    meaning: 'What a person types at sign-in. OpenLDAP: uid.',
  },
  'directory.ldap.attributes.display_name': {
    kind: ldapAttribute,
    default: 'displayName',
    meaning: 'The name that is shown. OpenLDAP: cn.',
  },
  'directory.ldap.attributes.mail': { kind: ldapAttribute, default: 'mail', meaning: 'The mail address.' },
  'directory.ldap.attributes.phone': {
    kind: ldapAttribute,
    default: 'telephoneNumber',
    meaning: 'The telephone number.',
  },
  'directory.ldap.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '5',
    meaning: 'How long the directory may take.',
  },

  'sms.provider': {
    kind: oneOf('none', 'http'),
    default: 'none',
    meaning: 'How text messages are sent: not at all, or by a request to a gateway.',
  },
  'sms.from': { kind: plainText('a number or a name'), meaning: 'The sender, for `{from}`.' },
  'sms.http.url': {
    kind: gatewayUrl,
    discreet: true,
    meaning:
      'The address of the gateway. `{to}`, `{to_digits}`, `{text}`, `{from}`, `{id}`, `{username}` and `{password}` are filled in.',
  },
  'sms.http.method': { kind: oneOf('GET', 'POST', 'PUT'), default: 'POST', meaning: 'The HTTP method.' },
  'sms.http.headers': {
    kind: headers,
    discreet: true,
    meaning: 'Headers of the request, filled in as the address is.',
  },
  'sms.http.body': {
    kind: plainText('a text with {to} and {text} in it'),
    discreet: true,
    meaning: 'The body of the request, filled in as the address is.',
  },
  'sms.http.content_type': {
    kind: plainText('a media type, for example application/json'),
    meaning: 'The media type of the body, which also says how values are escaped in it.',
  },
  'sms.http.expect_status': {
    kind: statusRanges,
    default: '200-299',
    meaning: 'With which statuses the gateway says that it took the message.',
  },
  'sms.http.expect_body': {
    kind: pattern,
    meaning: 'What the answer must match as well, for gateways that answer 200 to everything.',
  },
  'sms.http.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '10',
    meaning: 'How long the gateway may take.',
  },
  'sms.http.username': {
    kind: plainText('a name'),
    meaning: 'For `{username}`; where no hole asks for it, name for HTTP Basic authentication.',
  },
  'sms.http.password': {
    kind: secretText,
    secret: true,
    meaning: 'For `{password}`, or for HTTP Basic authentication.',
  },

  'log.level': {
    kind: oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    meaning: 'The least important lines that are written.',
  },
  'log.format': {
    kind: oneOf('auto', 'json', 'pretty'),
    default: 'auto',
    meaning: 'JSON lines, or lines for people; auto is pretty on a terminal.',
  },
} as const satisfies Record<string, Row>

export type OptionPath = keyof typeof options
export type Option = Row

export const optionPaths = Object.keys(options) as OptionPath[]

export function isOption(path: string): path is OptionPath {
  return Object.hasOwn(options, path)
}

export function optionAt(path: OptionPath): Option {
  return options[path]
}

type Table = typeof options
type ValueOf<R extends Row> =
  R['kind'] extends Kind<infer T> ? (R extends { default: string } ? T : T | undefined) : never

/** What the options hold, by path, before they become `Config`. */
export type Values = { [P in OptionPath]: ValueOf<Table[P]> }
