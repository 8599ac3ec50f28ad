import type { Directory, PasswordChange, PasswordCheck } from '../../core/directory.ts'
import type { Clock, Log } from '../../core/ports.ts'
import { checkedLdap, type LdapConfig } from './ldap-config.ts'
import { passwordJudge } from './ldap-expiry.ts'
import { isInGroup } from './ldap-groups.ts'
import { isName, nobody, refusedHere } from './ldap-input.ts'
import { passwordChanger } from './ldap-password.ts'
import { ldapPeople, usable } from './ldap-people.ts'
import { prover } from './ldap-prover.ts'
import { searcher } from './ldap-searcher.ts'
import { serverRow } from './ldap-servers.ts'

type Needs = { log: Log; clock: Clock }

/** What a password may be, old or new: more is no password, and each costs a server a hash. */
const LONGEST_PASSWORD = 1024

/**
 * Search then bind, at any LDAPv3 server (RFC 4511, 4513). The search runs as our own account; the password is then
 * tried by a bind, on a connection of its own, with the DN that the search gave.
 * Throws `config.wrong` where the configuration cannot be right, or would send passwords in clear.
 */
export function ldapDirectory(config: LdapConfig, { log, clock }: Needs): Directory {
  const checked = checkedLdap(config)
  const row = serverRow(async () => checked.servers, clock, checked.patience)
  const search = searcher({ ...checked, row }, log)
  const people = ldapPeople(search, checked, { log, clock })
  const proves = prover({ ...checked, row }, log)
  const judge = passwordJudge(checked)
  const change = passwordChanger({ ...checked, row, judge }, log)

  return {
    async checkPassword(username, password): Promise<PasswordCheck> {
      const refused = refusedHere(username, password)
      if (refused) return { outcome: 'wrong', why: refused }

      const { person, from } = await people.named(username)
      if (typeof person === 'string') {
        // As many round trips as for a wrong password, so that time does not tell who exists.
        await proves(nobody(checked.baseDn), password, from)
        return { outcome: 'wrong', why: person }
      }
      const verdict = await judge(person.dn, await proves(person.dn, password, from))
      if ('why' in verdict)
        return { outcome: 'wrong', why: verdict.why, ...('person' in person && { whom: person.person }) }
      if ('outage' in person) throw person.outage
      if (person.ended) return { outcome: 'wrong', why: 'account-expired', whom: person.person }
      // While it still opens, the person can change it; where it cannot be changed here, it opens as the directory says.
      if ('right' in verdict || (verdict.graced && !config.changePasswords))
        return { outcome: 'right', person: person.person }
      return { outcome: 'must-change', why: verdict.mustChange, person: person.person }
    },

    async findPerson(username) {
      if (!isName(username)) return undefined
      const person = usable((await people.named(username)).person)
      return person?.bar ? undefined : person?.person
    },

    async barred(uid) {
      const { person } = await people.byUid(uid)
      return typeof person === 'string' ? person : usable(person)?.bar
    },

    async inGroup(uid, group) {
      const person = usable((await people.byUid(uid)).person)
      if (!person) return false
      return isInGroup(search, checked.groupBaseDn ?? checked.baseDn, person, group)
    },

    ...(config.changePasswords && {
      async changePassword(username: string, old: string, chosen: string): Promise<PasswordChange> {
        const refused = refusedHere(username, old)
        if (refused) return { outcome: 'wrong', why: refused }
        if (refusedHere(username, chosen) || chosen.length > LONGEST_PASSWORD || old.length > LONGEST_PASSWORD)
          return { outcome: 'refused', why: 'rules' }
        const { person, from } = await people.named(username)
        if (typeof person === 'string') {
          await proves(nobody(checked.baseDn), old, from)
          return { outcome: 'wrong', why: person }
        }
        return change({ dn: person.dn, old, chosen, from })
      },
    }),

    close: () => search.close(),
  }
}
