import type { Kind } from '../kind.ts'

/** One option. */
export type Row = {
  kind: Kind<unknown>
  meaning: string
  /** As one would write it. An option without a default is undefined when it is not given. */
  default?: string
  /** Where the field has a name for it; otherwise the name follows from the path (`environment.ts`). */
  env?: string
  /** Its value is a `Secret`, is never printed, and may come from the file named by NAME_FILE. */
  secret?: true
  /** May hold a secret among other things: a plain value, but never printed. */
  discreet?: true
  /** Refused in the file: a key beside what it opens protects nothing. */
  only?: 'environment'
  /** The option of the first provider of the kind, which this one is for the second. */
  again?: string
}
