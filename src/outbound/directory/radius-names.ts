import { plainName } from '../../core/users/user.ts'

/**
 * `bare`: a name stands alone; one of `domains` may stand with it and means the same person (`CORP\ann`,
 * `ann@corp.example`), any other names nobody. `whole`: names are taken as they are.
 */
export type RadiusNames = { form: 'bare' | 'whole'; domains: readonly string[] }

/**
 * The name that is asked for, and that the person is known by: there is no id behind it, so two spellings that a server
 * takes for one person would be two people here, each with a second step of their own. Undefined: nobody's.
 */
export function radiusName(typed: string, { form, domains }: RadiusNames): string | undefined {
  const name = plainName(typed)
  if (name === undefined || form === 'whole') return name
  const [, before, after] = /^([^\\]+)\\(.*)$/.exec(name) ?? []
  const [, first, last] = /^(.*)@([^@]+)$/.exec(name) ?? []
  const [domain, bare] = before === undefined ? [last, first] : [before, after]
  if (domain === undefined) return isBare(name) ? name : undefined
  const isOurs = domains.some((each) => each.toLowerCase() === domain.trim().toLowerCase())
  return isOurs && bare !== undefined && isBare(bare) ? plainName(bare) : undefined
}

/** Servers take what follows or precedes these for a realm (RFC 7542, and before it `/` and `%`). */
function isBare(name: string): boolean {
  return !/[\\@/%]/.test(name)
}
