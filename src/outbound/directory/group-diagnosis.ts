import { type Entry, NoSuchObjectError } from 'ldapts'
import type { Directory } from '../../core/directory.ts'
import { AppError } from '../../core/errors.ts'
import type { Log } from '../../core/ports.ts'
import type { Finding } from './finding.ts'
import { reason } from './ldap-connection.ts'
import type { Wanted } from './ldap-searcher.ts'

/** A group that the configuration names. `step`: by which option. `without`: what it means that it is not there. */
export type NamedGroup = { step: string; group: string; without: string }

/** Of the entries that go by the group's name. */
export const membersWanted: Wanted = {
  attributes: ['member', 'uniqueMember', 'memberUid'],
  explicitBufferAttributes: [],
}

type Asked = {
  groups: readonly NamedGroup[]
  user?: string | undefined
  /** As sign-ins use it, so that what is said of somebody is what a sign-in would come to. */
  directory: Directory
  look(group: string): Promise<readonly Entry[]>
}

/** Nobody is signing in: what a search has to say is in its error. */
export const unheard: Log = { info() {}, warn() {}, error() {} }

/** Each group of the configuration: whether there is one, how many it lists, and whether somebody is in it. Never throws. */
export async function testGroups({ groups, ...asked }: Asked): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const named of groups) findings.push({ step: named.step, ...(await verdictOn(named, asked)) })
  return findings
}

async function verdictOn({ group, without }: NamedGroup, { look, ...asked }: Omit<Asked, 'groups'>) {
  try {
    const [entry, another] = await look(group)
    if (!entry) return missing(`there is no group ${group}, or our account may not see it: ${without}`)
    if (another) {
      const detail = `${entry.dn} and ${another.dn} have that name; give one's DN: ${without}`
      return { ok: false, problem: 'ambiguous', detail } as const
    }
    const count = membersOf(entry)
    const said = [entry.dn, `direct members: ${count}`, ...(await membership(group, asked))].join(', ')
    return count === '0'
      ? ({ ok: true, problem: 'group-empty', detail: `${said}; whose primary group it is are not listed` } as const)
      : { ok: true, detail: said }
  } catch (error) {
    if (isMissing(error)) return missing(`there is no ${group}, or our account may not see it: ${without}`)
    return { ok: false, detail: error instanceof AppError ? error.message : reason(error) }
  }
}

function missing(detail: string) {
  return { ok: false, problem: 'group-missing', detail } as const
}

async function membership(group: string, { user, directory }: Pick<Asked, 'user' | 'directory'>): Promise<string[]> {
  if (user === undefined) return []
  const uid = (await directory.findPerson?.(user))?.uid
  if (uid === undefined) return [`${user} is not to be found, or may not sign in`]
  return [`${user} is ${(await directory.inGroup?.(uid, group)) ? '' : 'not '}in it`]
}

/** Active Directory gives 1,500 at a time, and says so in the name: MS-ADTS section 3.1.1.3.1.3.3. */
function membersOf(entry: Entry): string {
  const listed = Object.entries(entry).filter(([name]) => LISTS.test(name))
  const count = listed.reduce((sum, [, values]) => sum + [values].flat().length, 0)
  return listed.some(([name]) => /;range=\d+-\d+$/i.test(name)) ? `${count} or more` : String(count)
}

const LISTS = /^(member|uniqueMember|memberUid)(;range=[\d*-]+)?$/i

function isMissing(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof NoSuchObjectError
}
