import type { Checked } from './check.ts'
import type { Given } from './environment.ts'
import type { Mistake } from './mistake.ts'
import type { OptionPath } from './options.ts'

/** Whether a text is an LDAP filter; those who send it know. */
export type FilterJudge = { isFilter?: ((text: string) => boolean) | undefined }

const filters = [
  'directory.ldap.filter',
  'directory.windows.filter',
  'directory.people.filters.person',
  'directory.people.filters.group',
  'directory.people.filters.container',
] as const satisfies readonly OptionPath[]

/** `values` has those alone whose outer shape is right. */
export function judgedFilters(
  { isFilter = () => true }: FilterJudge,
  { values }: Checked,
  given: ReadonlyMap<OptionPath, Given>,
): Mistake[] {
  return filters.flatMap((path) => {
    const value = values[path]
    if (value === undefined || isFilter(value)) return []
    const problem = 'This is not an LDAP filter.'
    const remedy =
      'Write it as RFC 4515 has it, for example (&(objectClass=person)(l=Berlin)); in a value ( ) * \\ are \\28 \\29 \\2a \\5c.'
    return [{ where: given.get(path)?.where ?? '', path, value, problem, remedy }]
  })
}
