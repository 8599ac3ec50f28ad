import { BlockList, isIPv4, isIPv6 } from 'node:net'

export type Place = { kind: 'named'; name: string } | { kind: 'private' } | { kind: 'this-machine' }

/** Roughly where an address is: what the operator calls its network, or whether it is a private one. Nothing is guessed. */
export function placeOf(address: string | undefined, places: readonly string[]): Place | undefined {
  if (address === undefined) return undefined
  const named = places.map(readPlace).find((place) => place && isIn(place.list, address))
  if (named) return { kind: 'named', name: named.name }
  if (isIn(loopback, address)) return { kind: 'this-machine' }
  return isIn(privates, address) ? { kind: 'private' } : undefined
}

/** "10.1.0.0/16 Berlin" */
export function isPlace(text: string): boolean {
  return readPlace(text) !== undefined
}

function readPlace(text: string): { list: BlockList; name: string } | undefined {
  const [, subnet = '', name = ''] = /^(\S+)\s+(\S.*)$/.exec(text.trim()) ?? []
  const list = listOf([subnet])
  return list && name !== '' ? { list, name } : undefined
}

function listOf(subnets: readonly string[]): BlockList | undefined {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', bits = '', ...rest] = subnet.split('/')
    const family = familyOf(network)
    const most = family === 'ipv4' ? 32 : 128
    const prefix = subnet.includes('/') ? Number(bits) : most
    if (!family || rest.length > 0 || !/^\d{0,3}$/.test(bits) || !(prefix >= 0 && prefix <= most)) return undefined
    list.addSubnet(network, prefix, family)
  }
  return list
}

function isIn(list: BlockList | undefined, address: string): boolean {
  const family = familyOf(address)
  return list !== undefined && family !== undefined && list.check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4'
  return isIPv6(address) ? 'ipv6' : undefined
}

const loopback = listOf(['127.0.0.0/8', '::1'])
/** RFC 1918, RFC 3927, RFC 4193, RFC 4291 section 2.5.6, RFC 6598. */
const privates = listOf([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
])
