import { isInSubnet, readSubnet, type Subnet } from '../../../protocols/subnet.ts'

export type Place = { kind: 'named'; name: string } | { kind: 'private' } | { kind: 'this-machine' }

/** Roughly where an address is: what the operator calls its network, or whether it is a private one. Nothing is guessed. */
export function placeOf(address: string | undefined, places: readonly string[]): Place | undefined {
  if (address === undefined) return undefined
  const named = places.map(readPlace).find((place) => place && isInSubnet(place.subnet, address))
  if (named) return { kind: 'named', name: named.name }
  if (loopback.some((subnet) => isInSubnet(subnet, address))) return { kind: 'this-machine' }
  return privates.some((subnet) => isInSubnet(subnet, address)) ? { kind: 'private' } : undefined
}

/** "10.1.0.0/16 Berlin" */
export function isPlace(text: string): boolean {
  return readPlace(text) !== undefined
}

function readPlace(text: string): { subnet: Subnet; name: string } | undefined {
  const [, network = '', name = ''] = /^(\S+)\s+(\S.*)$/.exec(text.trim()) ?? []
  const subnet = readSubnet(network)
  return subnet && name !== '' ? { subnet, name } : undefined
}

const loopback = subnetsOf('127.0.0.0/8', '::1')
/** RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291 section 2.5.6. */
const privates = subnetsOf(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fe80::/10'],
)

function subnetsOf(...texts: string[]): Subnet[] {
  return texts.flatMap((text) => readSubnet(text) ?? [])
}
