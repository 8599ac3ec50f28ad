import { certificates, privateKey } from '../files.ts'
import {
  distinguishedName,
  flag,
  ldapAttribute,
  ldapFilter,
  oneOf,
  plainText,
  secretText,
  wholeNumber,
} from '../kinds.ts'
import { ldapUrl } from '../urls.ts'
import { groupOptions } from './directory-groups.ts'
import { peopleOptions } from './directory-people.ts'
import { windowsOptions } from './directory-windows.ts'
import type { Row } from './row.ts'

/** Who checks passwords. */
export const directoryOptions = {
  'directory.kind': {
    kind: oneOf('local', 'windows', 'ldap', 'radius'),
    default: 'local',
    meaning:
      'Who checks passwords: Sallyport itself, an Active Directory domain (windows), any LDAP directory, or RADIUS servers.',
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
  'directory.ldap.bind': {
    kind: oneOf('simple', 'certificate', 'anonymous'),
    default: 'simple',
    meaning:
      'Who searches for people: bind_dn with its password, the account that the certificate names (SASL EXTERNAL), or nobody. Passwords of people are always proven by a simple bind.',
  },
  'directory.ldap.tls.cert': {
    kind: certificates,
    meaning: 'PEM file with the certificate that is shown to a directory that asks for one.',
  },
  'directory.ldap.tls.key': { kind: privateKey, meaning: 'PEM file with the key of that certificate.' },
  'directory.ldap.bind_dn': {
    kind: plainText('a distinguished name or a user principal name'),
    meaning: 'The account that searches for people.',
  },
  'directory.ldap.bind_password': { kind: secretText, secret: true, meaning: 'Its password.' },
  'directory.ldap.base_dn': { kind: distinguishedName, meaning: 'The part of the tree that people are searched in.' },
  'directory.ldap.filter': { kind: ldapFilter, meaning: 'What someone must match, beside the username, to be found.' },
  'directory.ldap.group_base_dn': {
    kind: distinguishedName,
    meaning: 'The part of the tree that groups are searched in. Without it: base_dn.',
  },
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
  'directory.ldap.change_expired': {
    kind: flag,
    default: 'false',
    meaning:
      'People may change a password that is expired or was reset (RFC 3062). The directory must allow it to its owner.',
  },
  'directory.ldap.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '5',
    meaning: 'How long the directory may take.',
  },
  ...windowsOptions,
  ...groupOptions,
  ...peopleOptions,
} as const satisfies Record<string, Row>
