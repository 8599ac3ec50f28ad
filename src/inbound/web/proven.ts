import { canonicalAddress, type TrustedProxies } from './address.ts'

/** Proxies that prove who a person is, and the header in which they say it. */
export type ProvingProxies = { header: string; from: TrustedProxies }

const LONGEST = 256

/**
 * The name in the header of a proxy that is trusted for it: of the peer itself, never of what it forwards. From anybody
 * else, or when it is there twice (the two come as one, with a comma), blank or no name, there is none.
 */
export function provenName(
  peer: string | undefined,
  header: (name: string) => string | undefined,
  proves: ProvingProxies | undefined,
): string | undefined {
  const near = proves && canonicalAddress(peer ?? '')
  if (!near || !proves.from(near)) return undefined
  const name = utf8(header(proves.header))?.trim()
  if (!name || name.length > LONGEST || /[,\p{Cc}]/u.test(name)) return undefined
  return name
}

/** Node gives the bytes of a header as Latin-1; proxies write names in UTF-8. */
function utf8(value: string | undefined): string | undefined {
  try {
    return value && new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  } catch {
    return undefined
  }
}
