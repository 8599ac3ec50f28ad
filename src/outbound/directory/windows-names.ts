/** The names that one domain goes by. */
export type DomainNames = {
  /** "corp.example" */
  domain: string
  /** "CORP" */
  netbios: string
  /** Of principal names of its people, beside its own name: "brand.example". In lower case. */
  suffixes?: readonly string[] | undefined
}

/**
 * A name as a person types it: `CORP\ann`, `ann@corp.example`, `ann`. `of` is what stands for the domain, in lower case;
 * `upn` is the whole, where it has the form of a user principal name (MS-ADTS section 5.1.1.1.1).
 */
export type TypedName = { account: string; of?: string | undefined; upn?: string | undefined }

export function readName(typed: string): TypedName {
  const text = typed.trim()
  const slash = text.indexOf('\\')
  if (slash >= 0) return { account: text.slice(slash + 1).trim(), of: text.slice(0, slash).toLowerCase() }
  const at = text.lastIndexOf('@')
  if (at < 0) return { account: text }
  // A domain compares account names without blanks at their ends, so `ann @corp.example` is Ann as well.
  return { account: text.slice(0, at).trim(), of: text.slice(at + 1).toLowerCase(), upn: text }
}

/** Whether what stands for the domain names this one: then the rest is an account's name in it. */
export function isOf({ of }: TypedName, { domain, netbios }: DomainNames): boolean {
  return of === domain.toLowerCase() || of === netbios.toLowerCase()
}

/** Whether it is one that leads to this domain: by its names, or by a suffix that is its own. */
export function belongsTo(name: TypedName, names: DomainNames): boolean {
  return isOf(name, names) || (name.upn !== undefined && (names.suffixes ?? []).includes(name.of ?? ''))
}

/** Where that name is looked for: in the trusted domain that it leads to, else in ours. */
export function domainOf<Own extends DomainNames, Other extends DomainNames>(
  name: TypedName,
  own: Own & { trusted: readonly Other[] },
): Own | Other {
  return own.trusted.find((each) => belongsTo(name, each)) ?? own
}

/** What all the ways to write an account of this domain come to; a name of another suffix is left as it is. */
export function oneSpelling(typed: string, names: DomainNames, form: 'upn' | 'account'): string {
  const name = readName(typed)
  if (name.account === '' || (name.of !== undefined && !isOf(name, names))) return typed.trim()
  return form === 'upn' ? `${name.account}@${names.domain}` : name.account
}
