import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { BerReader, ProtocolOperation } from 'ldapts'
import { messages } from '../../src/protocols/ldap/elements.ts'

/** A result code (RFC 4511 section 4.1.9), or no answer, or the end of the connection. */
export type Answer = number | 'silence' | 'hang up'

export type Script = {
  /** In place of everything below: the bytes that answer a request, piece by piece. Undefined: as below. */
  raw?: (request: { id: number; operation: number; dn: string; password: string }) => readonly Buffer[] | undefined
  bind?: (dn: string) => Answer
  search?: () => Answer
  /** What a successful search finds. */
  entries?: readonly { dn: string; [attribute: string]: string | readonly string[] }[]
  /** The bytes after a request for StartTLS. */
  startTls?: Buffer
}

export type ScriptedLdap = {
  url: string
  /** Every request, as `bind <dn>`, `search`, `starttls`, or `?` where it is none that we know. */
  heard: string[]
  connections: number
  dropConnections(): Promise<void>
  close(): Promise<void>
}

/** AuthenticationChoice simple [0] (RFC 4511 section 4.2). */
const SIMPLE = 0x80

/** An LDAP server in clear that answers as it is told, for what a sound server does not do on demand. */
export async function scriptedLdap(script: Script): Promise<ScriptedLdap> {
  const sockets = new Set<Socket>()
  const heard: string[] = []
  let connections = 0
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    const take = messages(65_535)
    socket.on('data', (chunk: Buffer) => {
      if (chunk[0] !== 0x30) return void heard.push('?')
      for (const request of take(chunk)) answer(socket, request, script, heard)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const dropConnections = async () => {
    const gone = [...sockets].map((socket) => once(socket, 'close'))
    for (const socket of sockets) socket.destroy()
    await Promise.all(gone)
  }
  return {
    url: `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    get connections() {
      return connections
    },
    dropConnections,
    async close() {
      server.close()
      await dropConnections()
    },
  }
}

function answer(socket: Socket, request: Buffer, script: Script, heard: string[]): void {
  const reader = new BerReader(request)
  reader.readSequence()
  const id = reader.readInt() ?? 0
  const operation = reader.readSequence()
  const reply = (given: Answer, tag: number, before: Buffer[] = []) => {
    if (given === 'hang up') socket.destroy()
    else if (given !== 'silence') socket.write(Buffer.concat([...(given === 0 ? before : []), result(id, tag, given)]))
  }

  const raw = script.raw?.({
    id,
    operation: operation ?? 0,
    ...(operation === ProtocolOperation.LDAP_REQ_BIND ? credentialsIn(request) : { dn: '', password: '' }),
  })
  if (raw) {
    for (const piece of raw) socket.write(piece)
    return
  }
  switch (operation) {
    case ProtocolOperation.LDAP_REQ_BIND: {
      reader.readInt()
      const dn = reader.readString() ?? ''
      heard.push(`bind ${dn}`)
      reply(script.bind?.(dn) ?? 0, ProtocolOperation.LDAP_RES_BIND)
      break
    }
    case ProtocolOperation.LDAP_REQ_SEARCH:
      heard.push('search')
      reply(
        script.search?.() ?? 0,
        ProtocolOperation.LDAP_RES_SEARCH,
        (script.entries ?? []).map((entry) => found(id, entry)),
      )
      break
    case ProtocolOperation.LDAP_REQ_EXTENSION:
      heard.push('starttls')
      if (script.startTls) socket.write(script.startTls)
      break
    case ProtocolOperation.LDAP_REQ_UNBIND:
      break
    default:
      heard.push('?')
  }
}

/** The name in a bind, and the password where it is a simple one. */
function credentialsIn(request: Buffer): { dn: string; password: string } {
  const reader = new BerReader(request)
  reader.readSequence()
  reader.readInt()
  reader.readSequence()
  reader.readInt()
  const dn = reader.readString() ?? ''
  return { dn, password: reader.peek() === SIMPLE ? (reader.readString(SIMPLE) ?? '') : '' }
}

/** An LDAPMessage with an LDAPResult in it. */
export function result(id: number, tag: number, code: number): Buffer {
  return tlv(0x30, tlv(2, Buffer.from([id])), tlv(tag, tlv(10, Buffer.from([code])), tlv(4), tlv(4)))
}

export function found(
  id: number,
  { dn, ...attributes }: { dn: string; [attribute: string]: string | readonly string[] },
): Buffer {
  const list = Object.entries(attributes).map(([name, values]) =>
    tlv(0x30, text(name), tlv(0x31, ...[values].flat().map(text))),
  )
  return tlv(
    0x30,
    tlv(2, Buffer.from([id])),
    tlv(ProtocolOperation.LDAP_RES_SEARCH_ENTRY, text(dn), tlv(0x30, ...list)),
  )
}

function text(value: string): Buffer {
  return tlv(4, Buffer.from(value))
}

/** BER with lengths up to 65535. */
export function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const length = value.length < 128 ? [value.length] : [0x82, value.length >> 8, value.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), value])
}
