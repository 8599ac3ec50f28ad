import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { type Answer, decode, encode, type Question } from 'dns-packet'

/** `silent`: it says nothing, as one that is down behind a firewall. */
type Reply = { answers?: Answer[]; rcode?: number } | 'silent'

export type ScriptedDns = { server: string; asked: Question[]; says(script: (question: Question) => Reply): void }

/** A DNS server that says what the test wants it to. */
export async function scriptedDns(t: TestContext, first: (question: Question) => Reply): Promise<ScriptedDns> {
  let script = first
  const asked: Question[] = []
  const socket = createSocket('udp4')
  socket.on('message', (bytes, { port, address }) => {
    const { id = 0, questions: [question] = [] } = decode(bytes)
    if (!question) return
    asked.push(question)
    const reply = script(question)
    if (reply === 'silent') return
    const { answers = [], rcode = 0 } = reply
    socket.send(encode({ type: 'response', id, flags: rcode, questions: [question], answers }), port, address)
  })
  await once(socket.bind(0, '127.0.0.1'), 'listening')
  t.after(() => socket.close())
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    says(next) {
      script = next
    },
  }
}

/** Names those hosts as the controllers of every domain, and has one address for every name. */
export function domainOf(hosts: readonly string[], address = '127.0.0.9') {
  return ({ type, name }: Question): Reply => {
    const service = (target: string): Answer => ({
      type: 'SRV',
      name,
      data: { target, port: 389, priority: 0, weight: 0 },
    })
    if (type === 'SRV') return { answers: hosts.map(service) }
    return type === 'A' ? { answers: [{ type: 'A', name, data: address }] } : {}
  }
}
