import { certificates } from '../files.ts'
import { distinguishedName, flag, ldapFilter, oneOf, plainText, secretText, wholeNumber } from '../kinds.ts'
import { accountLines, controllers, dnsServers, domainName, netbiosName, trustedDomains } from '../windows-kinds.ts'
import type { Row } from './row.ts'

/** Active Directory, where `directory.kind` is windows. */
export const windowsOptions = {
  'directory.windows.domain': { kind: domainName, meaning: "The domain's DNS name." },
  'directory.windows.netbios': {
    kind: netbiosName,
    meaning: 'Its short name, before the backslash. Without it: the first part of the DNS name.',
  },
  'directory.windows.controllers': {
    kind: controllers,
    meaning: 'Its controllers, in the order in which they are asked. Without it: those that DNS names.',
  },
  'directory.windows.dns': {
    kind: dnsServers,
    meaning: "The DNS servers that know the domain, where the system's own do not.",
  },
  'directory.windows.security': {
    kind: oneOf('ldaps', 'starttls'),
    default: 'ldaps',
    meaning: 'TLS from the start (port 636), or after connecting (389).',
  },
  'directory.windows.ca': {
    kind: certificates,
    meaning: "The CA of the controllers' certificates, where the system does not trust it.",
  },
  'directory.windows.account': {
    kind: plainText('a user principal name, for example sallyport@corp.example'),
    meaning: 'The account that searches for people. It needs no more rights than any user has.',
  },
  'directory.windows.password': { kind: secretText, secret: true, meaning: 'Its password.' },
  'directory.windows.base_dn': {
    kind: distinguishedName,
    meaning: 'The part of the tree that people are searched in. Without it: the whole domain.',
  },
  'directory.windows.filter': {
    kind: ldapFilter,
    meaning: 'What someone must match, beside the name, to be found.',
  },
  'directory.windows.username': {
    kind: oneOf('upn', 'account'),
    default: 'upn',
    meaning: 'How users are called here: ann@corp.example (who has none: by the account name), or ann.',
  },
  'directory.windows.change_expired': {
    kind: flag,
    default: 'true',
    meaning: 'People may change a password that is expired, or that must be changed at the next sign-in.',
  },
  'directory.windows.trusted': {
    kind: trustedDomains,
    default: 'none',
    meaning:
      'Trusted domains whose people sign in too, as OTHER\\ann or ann@other.example. Each: DNS name, then if wanted short name, controllers, and with an @ other suffixes of principal names, with spaces between.',
  },
  'directory.windows.trusted_accounts': {
    kind: accountLines,
    secret: true,
    meaning: 'The accounts that search trusted domains where directory.windows.account cannot sign in, with passwords.',
  },
  'directory.windows.timeout_seconds': {
    kind: wholeNumber(1, 60, 'seconds'),
    default: '5',
    meaning: 'How long a controller may take, when there is no other that answers sooner.',
  },
} as const satisfies Record<string, Row>
