import type { Directory, PasswordChange, PasswordCheck } from '../../core/directory.ts'
import type { Clock, Log, Random } from '../../core/ports.ts'
import { unreachable } from './ldap-connection.ts'
import { isName, nobody, refusedHere } from './ldap-input.ts'
import { prover } from './ldap-prover.ts'
import { searcher } from './ldap-searcher.ts'
import { serverRow } from './ldap-servers.ts'
import { openSession } from './ldap-session.ts'
import { provesPassword, refusalOf } from './windows-codes.ts'
import { askingIn, type TrustedDomain, type WindowsConfig } from './windows-config.ts'
import { controllersOf } from './windows-controllers.ts'
import { isForeignMember } from './windows-foreign.ts'
import { dnOfGroup, isMember } from './windows-membership.ts'
import { domainOf, oneSpelling, readName, type TypedName } from './windows-names.ts'
import { namingIn } from './windows-naming.ts'
import { changeUnicodePwd } from './windows-password.ts'
import { barOfPerson, domainPeople } from './windows-people.ts'

type Needs = { log: Log; clock: Clock; random: Random }

/** Active Directory: people by every form of their names, why a sign-in is refused, groups in groups, change of passwords. */
export function windowsDirectory(config: WindowsConfig, needs: Needs): Directory {
  const own = domainOver(config, config, needs)
  const domains = [own, ...config.trusted.map((each) => domainOver(each, config, needs))]
  const domainFor = (name: TypedName) => domains.find(({ names }) => names === domainOf(name, config)) ?? own
  /** Undefined: no domain of ours has given that id. */
  const whoseId = (uid: string) => {
    for (const domain of domains) {
      const guid = domain.naming.guidOf(uid)
      if (guid !== undefined) return { domain, guid }
    }
    return undefined
  }

  return {
    spellingOf(username) {
      const domain = domainOf(readName(username), config)
      // Without its domain an account name would be one of ours.
      return oneSpelling(username, domain, domain === config ? config.username : 'upn')
    },

    async checkPassword(username, password): Promise<PasswordCheck> {
      const refused = refusedHere(username, password)
      if (refused) return { outcome: 'wrong', why: refused }

      const name = readName(username)
      const domain = domainFor(name)
      const { person, from } = await domain.people.find(name)
      if (typeof person === 'string') {
        // As many round trips as for a wrong password, so that time does not tell who exists.
        await domain.proves(nobody(domain.baseDn), password, from)
        return { outcome: 'wrong', why: person }
      }
      const proof = await domain.proves(person.dn, password, from)
      if (proof.right) return { outcome: 'right', person: person.person }
      const refusal = refusalOf(proof.said)
      if ('why' in refusal) {
        const { why } = refusal
        return { outcome: 'wrong', why, whom: person.person, ...(provesPassword(why) && { person: person.person }) }
      }
      return { outcome: 'must-change', why: refusal.mustChange, person: person.person }
    },

    async findPerson(username) {
      if (!isName(username)) return undefined
      const name = readName(username)
      const { person } = await domainFor(name).people.find(name, 'proven')
      return typeof person === 'string' || barOfPerson(person, needs.clock.now()) ? undefined : person.person
    },

    async barred(uid) {
      const whose = whoseId(uid)
      const person = whose ? await whose.domain.people.byGuid(whose.guid) : 'unknown'
      return barOfPerson(person, needs.clock.now())
    },

    async inGroup(uid, group) {
      const whose = whoseId(uid)
      if (!whose) return false
      const { domain, guid } = whose
      const dn = await dnOfGroup(own, group)
      if (dn === undefined) return false
      return domain === own ? isMember(own, guid, dn) : isForeignMember(own, domain, guid, dn)
    },

    ...(config.changePasswords && {
      async changePassword(username: string, old: string, chosen: string): Promise<PasswordChange> {
        const refused = refusedHere(username, old)
        if (refused) return { outcome: 'wrong', why: refused }
        const name = readName(username)
        const domain = domainFor(name)
        const { person } = await domain.people.find(name)
        if (typeof person === 'string') return { outcome: 'wrong', why: person }
        return domain.change({ dn: person.dn, old, chosen })
      },
    }),

    async close() {
      await Promise.all(domains.map((domain) => domain.close()))
    },
  }
}

/** One domain: its controllers, its people, and the proof of their passwords. */
function domainOver(domain: WindowsConfig | TrustedDomain, config: WindowsConfig, { log, clock, random }: Needs) {
  const row = serverRow(controllersOf(domain, config, { clock, random }), clock)
  const { ca, timeoutMs, username } = config
  const { account, baseDn, userFilter } = askingIn(domain, config)
  const search = searcher({ row, ca, timeoutMs, baseDn, account }, log)
  const naming = namingIn(domain, config)

  return {
    ...{ names: domain, naming, baseDn, search },
    people: domainPeople(search, { names: domain, username, naming, userFilter }),
    proves: prover({ row, ca, timeoutMs }, log),
    /** On a connection of its own, as our account: its owner cannot bind with a password that must be changed. */
    async change(passwords: { dn: string; old: string; chosen: string }): Promise<PasswordChange> {
      const { client, server } = await openSession({ row, ca, timeoutMs, account }, log)
      try {
        const changed = await changeUnicodePwd(client, passwords)
        if (changed) return changed
        throw unreachable(server, 'a change of a password was not answered', undefined)
      } finally {
        await client.unbind().catch(() => {})
      }
    },
    close: () => search.close(),
  }
}
