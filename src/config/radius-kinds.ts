import { isIP, isIPv4 } from 'node:net'
import { type Kind, right, textKind, wrong } from './kind.ts'

/** A server as written; without a port it is the usual one of the transport. */
export type ServerAddress = { readonly host: string; readonly port?: number | undefined }

const SERVER = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?))(?::([0-9]{1,5}))?$/i

export const servers: Kind<readonly ServerAddress[]> = {
  says: 'the name or address of a server or several, with a port where it is another than usual, for example radius1.example.org or 192.0.2.5:1645',
  shape: 'list',
  parse(items) {
    const all: ServerAddress[] = []
    for (const item of items) {
      const [, six, other, port] = SERVER.exec(item) ?? []
      const host = six ?? other
      const isAddress = six === undefined ? !/^[0-9.]+$/.test(other ?? '') || isIPv4(other ?? '') : isIP(six) === 6
      if (host === undefined || !isAddress) return wrong(`"${item}" is neither a name nor an address.`)
      if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return wrong(`"${item}" has no such port.`)
      all.push(Object.freeze({ host, port: port === undefined ? undefined : Number(port) }))
    }
    return all.length === 0 ? wrong('The list is empty.') : right(Object.freeze(all))
  },
}

/** RFC 2865 section 5.32; what a packet can hold. */
export const nasIdentifier: Kind<string> = textKind('a name of 3 to 253 characters, for example sallyport', (text) => {
  if (/\p{Cc}/u.test(text)) return wrong('It has a control character.')
  return text.length >= 3 && Buffer.byteLength(text) <= 253 ? right(text) : wrong('It is too short or too long.')
})

export const ipAddress: Kind<string> = textKind('an IPv4 or IPv6 address', (text) => {
  return isIP(text) !== 0 && !text.includes('%') ? right(text) : wrong('This is not an address.')
})

/** A waiver is spelled out, so that whoever reads the file later knows why. */
export const waiver: Kind<string> = textKind('why, in a sentence', (text) => {
  return /\S+\s+\S+\s+\S+/.test(text) ? right(text.trim()) : wrong('This is not a reason.')
})

export const domains: Kind<readonly string[]> = {
  says: 'domains, for example CORP and corp.example.org',
  shape: 'list',
  parse(items) {
    const odd = items.find((item) => !/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(item))
    return odd === undefined ? right(Object.freeze([...items])) : wrong(`"${odd}" is not a domain.`)
  },
}
