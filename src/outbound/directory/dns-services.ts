import { createSocket, type RemoteInfo } from 'node:dgram'
import { getServers, Resolver } from 'node:dns/promises'
import { isIPv6, SocketAddress } from 'node:net'
import { decode, encode, type SrvAnswer } from 'dns-packet'
import type { Random } from '../../core/ports.ts'

export type ServiceHost = { name: string; port: number; priority: number; weight: number }

type Asking = { servers: readonly string[]; timeoutMs: number; random: Random }

const DNS_PORT = 53

/**
 * The hosts of a service (RFC 2782), in the order in which they are to be tried; none when nobody knows any.
 *
 * Not by Node's own resolver: it takes no answer whose target is compressed, and Samba's DNS server compresses them.
 * An answer may be forged: whose names are believed is for the caller to say, before any certificate is looked at.
 */
export async function serviceHosts(service: string, { servers, timeoutMs, random }: Asking): Promise<ServiceHost[]> {
  for (const server of servers.length > 0 ? servers : getServers()) {
    const answers = await ask(server, service, timeoutMs, random).catch(() => [])
    // A server that answers may not be one that knows the domain.
    if (answers.length > 0) return inOrder(answers, random)
  }
  return []
}

/** Addresses of a host, by those servers; undefined where the system's own lookup is to find it. */
export async function addressOf(host: string, { servers, timeoutMs }: Asking): Promise<string | undefined> {
  if (servers.length === 0) return undefined
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  resolver.setServers([...servers])
  const [address] = await resolver.resolve4(host).catch(() => resolver.resolve6(host).catch(() => []))
  return address
}

async function ask(server: string, service: string, timeoutMs: number, random: Random): Promise<SrvAnswer[]> {
  const { address, port } = placeOf(server)
  const id = random.below(0x1_0000)
  const question = encode({
    type: 'query',
    id,
    flags: 0x0100, // recursion desired
    questions: [{ type: 'SRV', name: service }],
    // RFC 6891: room for the controllers of a large site in one datagram.
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 4096,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
  const bytes = await exchange({
    address,
    port,
    question,
    timeoutMs,
    isAnswer: (given) => given.readUInt16BE(0) === id,
  })
  const { type, answers = [] } = decode(bytes)
  const isOfService = ({ name }: { name: string }) => name.toLowerCase() === service.toLowerCase()
  return type === 'response' ? answers.filter((answer) => answer.type === 'SRV').filter(isOfService) : []
}

type Exchange = { address: string; port: number; question: Buffer; timeoutMs: number; isAnswer(bytes: Buffer): boolean }

async function exchange({ address, port, question, timeoutMs, isAnswer }: Exchange): Promise<Buffer> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const timer = setTimeout(() => reject(new Error(`no answer from ${address}`)), timeoutMs)
  socket.on('error', reject)
  socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
    if (from.port === port && from.address === address && bytes.length >= 12 && isAnswer(bytes)) resolve(bytes)
  })
  socket.send(question, port, address)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.close()
  }
}

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`. */
function placeOf(server: string): { address: string; port: number } {
  const place = isIPv6(server) ? undefined : SocketAddress.parse(server)
  return { address: place?.address ?? server, port: place?.port || DNS_PORT }
}

/** RFC 2782: the lowest priority first; within one, drawn by weight. */
function inOrder(answers: readonly SrvAnswer[], random: Random): ServiceHost[] {
  const hosts = answers
    .map(({ data }) => ({
      name: data.target,
      port: data.port ?? 0,
      priority: data.priority ?? 0,
      weight: data.weight ?? 0,
    }))
    .filter(({ name }) => name !== '' && name !== '.')
    .sort((a, b) => a.priority - b.priority)
  const ordered: ServiceHost[] = []
  while (hosts.length > 0) {
    const level = hosts.filter(({ priority }) => priority === hosts[0]?.priority)
    const chosen = drawn(level, random)
    hosts.splice(hosts.indexOf(chosen), 1)
    ordered.push(chosen)
  }
  return ordered
}

function drawn(level: readonly ServiceHost[], random: Random): ServiceHost {
  let left = random.below(level.reduce((sum, { weight }) => sum + weight, 0) + 1)
  const chosen = level.find(({ weight }) => {
    left -= weight
    return left <= 0
  })
  return chosen ?? (level[0] as ServiceHost)
}
