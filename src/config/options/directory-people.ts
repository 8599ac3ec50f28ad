import { ldapAttribute, ldapFilter, oneOf, wholeNumber } from '../kinds.ts'
import type { Row } from './row.ts'

/** How people are read for import and synchronisation. Names of attributes beyond those of `directory.ldap.attributes`. */
export const peopleOptions = {
  'directory.people.from': {
    kind: oneOf('windows', 'ldap'),
    meaning:
      'Which directory people are imported from, by its own settings. Without it: the one that checks passwords, where it is one of these.',
  },
  'directory.people.page_size': {
    kind: wholeNumber(1, 5000, 'entries'),
    default: '500',
    meaning: 'How many entries are asked for at once. Active Directory gives 1000 at most.',
  },
  'directory.people.most': {
    kind: wholeNumber(1, 5_000_000, 'entries'),
    default: '1000000',
    meaning: 'A search that finds more than so many is given up.',
  },
  'directory.people.timeout_seconds': {
    kind: wholeNumber(1, 600, 'seconds'),
    default: '60',
    meaning: 'How long one page may take. Some servers find everybody before they give the first.',
  },
  'directory.people.filters.person': {
    kind: ldapFilter,
    meaning:
      'What a person is. Without it: (&(objectCategory=person)(objectClass=user)) in Active Directory; elsewhere, who has a user name.',
  },
  'directory.people.filters.group': {
    kind: ldapFilter,
    meaning: 'What a group is, when one is looked for. Without it: security groups; elsewhere, the usual classes.',
  },
  'directory.people.filters.container': {
    kind: ldapFilter,
    meaning: 'What a container is, when one is looked for. Without it: organizational units and containers.',
  },
  'directory.people.attributes.second_username': {
    kind: ldapAttribute,
    meaning: 'The user name of who has none of the first choice. Active Directory: sAMAccountName, unless given.',
  },
  'directory.people.attributes.first_name': { kind: ldapAttribute, default: 'givenName', meaning: 'The first name.' },
  'directory.people.attributes.last_name': { kind: ldapAttribute, default: 'sn', meaning: 'The last name.' },
  'directory.people.attributes.description': {
    kind: ldapAttribute,
    default: 'description',
    meaning: 'What is said of them.',
  },
  'directory.people.attributes.group': { kind: ldapAttribute, meaning: 'The user group that they are listed in here.' },
  'directory.people.attributes.language': {
    kind: ldapAttribute,
    meaning: 'The language, as a short name such as de. Often preferredLanguage.',
  },
  'directory.people.attributes.call_language': {
    kind: ldapAttribute,
    meaning: 'The language of calls, where it is another than that of pages and mails.',
  },
  'directory.people.attributes.text_language': { kind: ldapAttribute, meaning: 'The same for texts.' },
  'directory.people.attributes.app_language': { kind: ldapAttribute, meaning: 'The same for the mobile app.' },
  'directory.people.attributes.oath_language': {
    kind: ldapAttribute,
    meaning: 'The same for OATH tokens. Kept for questions that are asked elsewhere than on a page.',
  },
  'directory.people.attributes.extension': {
    kind: ldapAttribute,
    meaning: 'The extension of the first phone. Without it `x890` at the end of a number is one.',
  },
  'directory.people.attributes.business': {
    kind: ldapAttribute,
    default: 'telephoneNumber',
    meaning: 'The phone at work.',
  },
  'directory.people.attributes.mobile': { kind: ldapAttribute, default: 'mobile', meaning: 'The mobile phone.' },
  'directory.people.attributes.home': { kind: ldapAttribute, default: 'homePhone', meaning: 'The phone at home.' },
  'directory.people.attributes.pager': { kind: ldapAttribute, default: 'pager', meaning: 'The pager.' },
  'directory.people.attributes.fax': {
    kind: ldapAttribute,
    default: 'facsimileTelephoneNumber',
    meaning: 'The fax machine.',
  },
  'directory.people.attributes.ip': { kind: ldapAttribute, default: 'ipPhone', meaning: 'The IP phone.' },
  'directory.people.attributes.custom': { kind: ldapAttribute, meaning: 'A phone of another attribute.' },
} as const satisfies Record<string, Row>
