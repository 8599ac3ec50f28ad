import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net'
import { type Kind, type Parsed, right, textKind, wrong } from './kind.ts'

/** Where to listen. Port 0 lets the system choose one. */
export type Address = { readonly host: string; readonly port: number }

const HOST_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):([0-9]{1,5})$/i
const ADDRESS_SAYS = 'a host and a port, for example 0.0.0.0:8443 or [::]:8443'

export const address: Kind<Address> = textKind(ADDRESS_SAYS, parseAddress)

export const addressOrOff: Kind<Address | 'off'> = textKind(
  `${ADDRESS_SAYS}, or off`,
  (text): Parsed<Address | 'off'> => {
    return text.toLowerCase() === 'off' ? right('off') : parseAddress(text)
  },
)

function parseAddress(text: string): Parsed<Address> {
  const [, bracketed, plain, port] = HOST_AND_PORT.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined) return wrong('This is not a host and a port.')
  if (bracketed !== undefined && !isIPv6(bracketed)) return wrong('What stands in brackets is not an IPv6 address.')
  if (/^[0-9.]+$/.test(host) && !isIPv4(host)) return wrong('The host is not an IPv4 address.')
  if (Number(port) > 65_535) return wrong('The port is not from 0 to 65535.')
  return right(Object.freeze({ host, port: Number(port) }))
}

export function addressText({ host, port }: Address): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

/** Single addresses and subnets in CIDR notation (RFC 4632). */
export const subnets: Kind<readonly string[]> = {
  says: 'addresses or subnets, for example 10.0.0.5 or 10.0.0.0/24',
  shape: 'list',
  parse(items) {
    for (const item of items) {
      const [ip = '', prefix, ...rest] = item.split('/')
      const family = isIP(ip)
      const bits = prefix ?? String(family === 6 ? 128 : 32)
      const known =
        family !== 0 && rest.length === 0 && /^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32)
      if (!known) return wrong(`"${item}" is neither an address nor a subnet.`)
      if (isMapped(ip)) return wrong(`"${item}" is an IPv4 address in disguise; write it as one.`)
      if (Number(bits) === 0) return wrong(`${item} is everyone: then anybody could claim any address.`)
    }
    return right(Object.freeze([...items]))
  },
}

/** An IPv4 address written as IPv6 (RFC 4291 section 2.5.5.2): whoever comes from one is known by the IPv4 address. */
function isMapped(ip: string): boolean {
  const address = ip.replace(/%.*$/, '')
  return isIPv6(address) && /^::ffff:[0-9.]+$/i.test(new SocketAddress({ address, family: 'ipv6' }).address)
}

/** RFC 6761 section 6.3 for the name; anything in 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
}

/** One path segment or several between slashes: the "virtual directory" of the field. */
export const virtualDirectory: Kind<string> = textKind(
  'a path between slashes, for example /MultiFactorAuth/',
  (text) => {
    const path = `/${text}/`.replace(/\/+/g, '/')
    const segments = path.split('/').filter((segment) => segment !== '')
    if (segments.some((segment) => segment === '.' || segment === '..'))
      return wrong('The path goes up or stands still.')
    return segments.every((segment) => /^[a-z0-9._~-]+$/i.test(segment))
      ? right(path)
      : wrong('The path has a character other than letters, digits, ".", "_", "~" and "-".')
  },
)
