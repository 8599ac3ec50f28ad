import type { Values } from './options.ts'
import { needed, type Rule } from './rule.ts'
import { netbiosOf } from './windows-kinds.ts'

const isAsked = (v: Values) => v['directory.kind'] === 'windows' || v['directory.people.from'] === 'windows'

/** What the options of Active Directory must agree on. */
export const windowsRules: readonly Rule[] = [
  ...needed('directory.kind', isAsked, [
    'directory.windows.domain',
    'directory.windows.account',
    'directory.windows.password',
  ]),

  {
    about: ['directory.windows.trusted', 'directory.windows.domain', 'directory.windows.netbios'],
    broken(values) {
      const names = [ownNames(values), ...trustedNames(values)].flatMap((each) => [...new Set(each)])
      const twice = names.find((name, i) => names.indexOf(name) < i)?.toUpperCase()
      if (twice === undefined) return undefined
      return {
        problem: `Two of the domains are called ${twice}, so that nobody could say whose ${twice}\\ann is.`,
        remedy: 'Name each domain once, and give each a short name and suffixes of its own.',
      }
    },
  },
  {
    about: ['directory.windows.trusted_accounts', 'directory.windows.trusted'],
    broken(values) {
      const accounts = values['directory.windows.trusted_accounts'] ?? []
      const domains = trustedNames(values)
      const counts = domains.map((names) => accounts.filter(({ of }) => names.includes(of)).length)
      if (counts.some((count) => count > 1))
        return { problem: 'Two accounts are of one domain.', remedy: 'Give one for each.' }
      if (accounts.every(({ of }) => domains.some((names) => names.includes(of)))) return undefined
      return {
        problem: 'An account is of none of the trusted domains.',
        remedy: 'Write it as account@domain, with the name that directory.windows.trusted has.',
      }
    },
  },
]

function ownNames({ 'directory.windows.domain': domain, 'directory.windows.netbios': netbios }: Values): string[] {
  return domain === undefined ? [] : [domain, (netbios ?? netbiosOf(domain)).toLowerCase()]
}

/** Of each: DNS name, short name, and the suffixes of principal names. */
function trustedNames({ 'directory.windows.trusted': trusted }: Values): string[][] {
  return trusted.map(({ domain, netbios = netbiosOf(domain), suffixes }) => [
    domain,
    netbios.toLowerCase(),
    ...suffixes,
  ])
}
