/** A network address as a number: 32 bits of IPv4, 128 of IPv6 (RFC 4291). */
type Address = { bits: bigint; width: 32 | 128 }

/** "10.1.0.0/16", "2001:db8::/32", or one address. */
export type Subnet = { width: 32 | 128; prefix: number; bits: bigint }

/** Undefined for what is none; of a subnet whose address has bits beyond the prefix they do not count. */
export function readSubnet(text: string): Subnet | undefined {
  const [network = '', prefix, ...rest] = text.split('/')
  const address = readAddress(network)
  if (!address || rest.length > 0) return undefined
  const length = prefix === undefined ? address.width : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (length < 0 || length > address.width) return undefined
  return { width: address.width, prefix: length, bits: address.bits >> BigInt(address.width - length) }
}

export function isInSubnet({ width, prefix, bits }: Subnet, text: string): boolean {
  const address = readAddress(text)
  return address?.width === width && address.bits >> BigInt(width - prefix) === bits
}

function readAddress(text: string): Address | undefined {
  const four = readIPv4(text)
  if (four !== undefined) return { bits: four, width: 32 }
  const six = readIPv6(text)
  return six === undefined ? undefined : { bits: six, width: 128 }
}

function readIPv4(text: string): bigint | undefined {
  const parts = text.split('.')
  const isOne = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  return isOne ? parts.reduce((bits, part) => bits * 256n + BigInt(part), 0n) : undefined
}

/** RFC 4291 section 2.2, all three forms; without a zone. */
function readIPv6(text: string): bigint | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const four = tail && readIPv4(tail[2] ?? '')
  if (tail && typeof four !== 'bigint') return undefined
  const plain =
    tail && typeof four === 'bigint' ? `${tail[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}` : text
  const halves = plain.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], end = []] = halves
  const missing = 8 - head.length - end.length
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined
  const groups = [...head, ...Array<string>(missing).fill('0'), ...end]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.reduce((bits, group) => bits * 65536n + BigInt(`0x${group}`), 0n)
}
