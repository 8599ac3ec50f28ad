/** The names that one domain goes by. */
export type DomainNames = {
  /** "corp.example" */
  domain: string
  /** "CORP" */
  netbios: string
}

/**
 * A name as a person types it: `CORP\ann`, `ann@corp.example`, `ann`. `of` is what stands for the domain, in lower case;
 * `upn` is the whole, where it has the form of a user principal name (MS-ADTS section 5.1.1.1.1).
 */
export type TypedName = { account: string; of?: string | undefined; upn?: string | undefined }

export function readName(typed: string): TypedName {
  const text = typed.trim()
  const slash = text.indexOf('\\')
  if (slash >= 0) return { account: text.slice(slash + 1), of: text.slice(0, slash).toLowerCase() }
  const at = text.lastIndexOf('@')
  if (at < 0) return { account: text }
  return { account: text.slice(0, at), of: text.slice(at + 1).toLowerCase(), upn: text }
}

export function isOf({ of }: TypedName, { domain, netbios }: DomainNames): boolean {
  return of === domain.toLowerCase() || of === netbios.toLowerCase()
}

/** What all the ways to write an account of this domain come to; a name of another suffix is left as it is. */
export function oneSpelling(typed: string, names: DomainNames, form: 'upn' | 'account'): string {
  const name = readName(typed)
  if (name.account === '' || (name.of !== undefined && !isOf(name, names))) return typed.trim()
  return form === 'upn' ? `${name.account}@${names.domain}` : name.account
}
