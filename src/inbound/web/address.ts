import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net'

/** The proxies whose word on the client's address is taken. */
export type TrustedProxies = (address: string) => boolean

export const noProxies: TrustedProxies = () => false

/** From "10.0.0.7" and "10.0.0.0/8" (both families). Throws RangeError naming the entry that is neither. */
export function trustedProxies(entries: readonly string[]): TrustedProxies {
  const list = new BlockList()
  for (const entry of entries) {
    const [text = '', bits, ...rest] = entry.trim().split('/')
    const address = canonicalAddress(text)
    const most = address && isIPv4(address) ? 32 : 128
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
    if (!address || rest.length > 0 || prefix < 0 || prefix > most)
      throw new RangeError(`not an address or subnet: ${entry}`)
    list.addSubnet(address, prefix, familyOf(address))
  }
  return (address) => list.check(address, familyOf(address))
}

/** One text per address: RFC 5952 for IPv6, without zone; IPv4-mapped IPv6 is IPv4. Undefined if it is no address. */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.trim().replace(/%.*$/, '')
  if (isIPv4(bare)) return bare
  if (!isIPv6(bare)) return undefined
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return mapped ?? address
}

/**
 * Who is at the other end: the socket's peer, or, when that is a trusted proxy, the rightmost address in
 * `X-Forwarded-For` that is not one. A header that cannot be read counts as absent; nobody else's header is read at all.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusts: TrustedProxies,
): string {
  const near = canonicalAddress(peer ?? '')
  if (!near) return 'unknown'
  if (!trusts(near) || !forwardedFor || forwardedFor.length > 1000) return near

  const hops = forwardedFor.split(',').map((hop) => canonicalAddress(withoutPort(hop.trim())))
  if (hops.some((hop) => hop === undefined)) return near
  const far = hops.filter((hop) => hop !== undefined)
  return far.findLast((hop) => !trusts(hop)) ?? far[0] ?? near
}

/** Some proxies write "203.0.113.7:4711" and "[2001:db8::1]:4711". */
function withoutPort(hop: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}
