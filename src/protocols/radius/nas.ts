import { Buffer } from 'node:buffer'
import { readSubnet } from '../subnet.ts'
import { attribute } from './attributes.ts'
import type { RadiusAttribute } from './packet.ts'

/** Who asks: RFC 2865 section 4.1 wants a name or an address. `address` is IPv4 or IPv6. */
export type Nas = { identifier: string; address?: string | undefined }

/** Section 5.41: no port of a machine. */
const VIRTUAL = 5

export function nasAttributes({ identifier, address }: Nas): RadiusAttribute[] {
  const portType = Buffer.alloc(4)
  portType.writeUInt32BE(VIRTUAL)
  return [
    attribute('nasIdentifier', identifier),
    ...(address === undefined ? [] : [addressAttribute(address)]),
    attribute('nasPortType', portType),
  ]
}

function addressAttribute(text: string): RadiusAttribute {
  const address = readSubnet(text)
  if (!address) throw new RangeError('not an address')
  const bytes = Buffer.from(address.bits.toString(16).padStart(address.width / 4, '0'), 'hex')
  return attribute(address.width === 32 ? 'nasIpAddress' : 'nasIpv6Address', bytes)
}
