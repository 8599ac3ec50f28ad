import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { type EventEmitter, once } from 'node:events'
import { connect, createServer } from 'node:net'

/** Below what the system gives to whoever listens at any port, or connects from one: those are never ours by chance. */
const FIRST = 20_000
const END = 32_000
/** Whoever has a number holds it here, where nobody serves, by a socket that the system closes with us, however we end. */
const HELD_AT = '127.255.255.254'
const MOST_TRIES = 1_000

/**
 * A port of loopback, for TCP or UDP, that is ours for as long as this process lives: a program that is started, ended and
 * started again finds it free each time, and where nothing listens nobody else will.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    const port = randomInt(FIRST, END)
    if ((await hold(port, HELD_AT)) && (await isFree(port))) return port
  }
  throw new Error(`no port from ${FIRST} to ${END} is free`)
}

/** For as long as this process lives; false where another has it. By UDP: a server of TCP may want the port at every address. */
export async function hold(port: number, address: string): Promise<boolean> {
  const socket = createSocket('udp4').unref()
  socket.bind({ port, address, exclusive: true })
  return listens(socket)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  if (!(await listens(server))) return false
  await once(server.close(), 'close')
  return true
}

async function listens(one: EventEmitter): Promise<boolean> {
  try {
    await once(one, 'listening')
    return true
  } catch {
    return false
  }
}

export async function isListening(port: number, address = '127.0.0.1'): Promise<boolean> {
  const socket = connect(port, address)
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
