import type { PeopleSettings } from './config.ts'
import type { Values } from './options.ts'
import { ldapSettings, windowsSettings } from './settle-directory.ts'

/** Where people are imported from; undefined: from nowhere. */
export function peopleSettings(values: Values): PeopleSettings | undefined {
  const kind = values['directory.people.from'] ?? values['directory.kind']
  if (kind !== 'ldap' && kind !== 'windows') return undefined
  return {
    from: kind === 'ldap' ? { kind, ldap: ldapSettings(values) } : { kind, windows: windowsSettings(values) },
    attributes: {
      secondUsername: values['directory.people.attributes.second_username'],
      firstName: values['directory.people.attributes.first_name'],
      lastName: values['directory.people.attributes.last_name'],
      description: values['directory.people.attributes.description'],
      group: values['directory.people.attributes.group'],
      language: values['directory.people.attributes.language'],
      languages: {
        call: values['directory.people.attributes.call_language'],
        text: values['directory.people.attributes.text_language'],
        app: values['directory.people.attributes.app_language'],
        oath: values['directory.people.attributes.oath_language'],
      },
      extension: values['directory.people.attributes.extension'],
      phones: {
        business: values['directory.people.attributes.business'],
        mobile: values['directory.people.attributes.mobile'],
        home: values['directory.people.attributes.home'],
        pager: values['directory.people.attributes.pager'],
        fax: values['directory.people.attributes.fax'],
        ip: values['directory.people.attributes.ip'],
        custom: values['directory.people.attributes.custom'],
      },
    },
    filters: {
      person: values['directory.people.filters.person'],
      group: values['directory.people.filters.group'],
      container: values['directory.people.filters.container'],
    },
    pageSize: values['directory.people.page_size'],
    most: values['directory.people.most'],
    pageMs: values['directory.people.timeout_seconds'] * 1000,
  }
}
