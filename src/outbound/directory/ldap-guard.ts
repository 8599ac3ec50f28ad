import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import {
  type Answer,
  fits,
  isEntry,
  readAnswer,
  readCookie,
  readRequest,
  withoutAttributes,
} from '../../protocols/ldap/answer.ts'
import { Malformed, messages } from '../../protocols/ldap/elements.ts'

/** A photo is larger than what we ask for; an entry of many values is not. */
const LONGEST_MESSAGE = 8 * 1024 * 1024
/** All that may come for one request: a page of a thousand entries with room. */
const LONGEST_ANSWER = 32 * 1024 * 1024
/** What entries may take of a page. Of those that come then there are the names, for which the rest is room. */
const LONGEST_PAGE = 24 * 1024 * 1024

export const PAGES = '1.2.840.113556.1.4.319'

export type Guarded = {
  stream: Duplex
  /** Of the last search that ended: where its next page begins (RFC 2696). Undefined where the server gave no pages. */
  cookie(): Buffer | undefined
  /** The names of entries that were too long, since it was asked last: they came without their attributes. */
  tooLong(): string[]
  /** Those that were one too many on their page, likewise; each can be read alone. */
  crowdedOut(): string[]
  /** The other side, or what is between, has ended it; a server that only says nothing has not. */
  isLost(): boolean
}

/**
 * Lets through what a sound server says: whole messages, in form, to requests that are open, each of the kind that was
 * asked. An entry that is too long comes without its attributes, and so do those for which their page has no room left: whoever
 * may fill one ends nothing for others. Anything else ends the connection: the client behind it takes a missing result for success, an answer of another
 * kind for an answer, and looks for ever for what a wrong length promises.
 */
export function guarded(socket: Socket): Guarded {
  const cut: string[] = []
  const crowded: string[] = []
  const take = messages(LONGEST_MESSAGE, (start, length) => {
    const { dn, message } = withoutAttributes(start, length)
    cut.push(dn)
    return message
  })
  const open = new Map<number, { operation: number; isPaged: boolean; bytes: number }>()
  let cookie: Buffer | undefined
  let isLeft = false

  const stream = new Duplex({
    read: () => void socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      const { id, operation, controls } = readRequest(chunk)
      open.set(id, { operation, isPaged: controls.has(PAGES), bytes: 0 })
      socket.write(chunk, (error) => {
        isLeft ||= Boolean(error)
        done(error)
      })
    },
    final(done) {
      socket.end()
      done()
    },
    destroy(error, done) {
      socket.destroy()
      done(error)
    },
  })

  /** What is passed on of it. */
  function judged(message: Buffer): Buffer {
    const answer = readAnswer(message)
    // RFC 4511 section 4.4.1: the server says that it is about to hang up.
    if (answer.id === 0) {
      isLeft = true
      throw new Malformed('the server ends the connection')
    }
    const request = open.get(answer.id)
    if (!request || !fits(answer.operation, request.operation))
      throw new Malformed('an answer to nothing that was asked')
    const isCrowded = request.isPaged && isEntry(answer) && request.bytes + message.length > LONGEST_PAGE
    const passed = isCrowded ? nameOf(message) : message
    request.bytes += passed.length
    if (request.bytes > LONGEST_ANSWER) throw new Malformed('an answer without end')
    if (answer.isLast) {
      open.delete(answer.id)
      cookie = cookieOf(answer)
    }
    return passed
  }

  function nameOf(entry: Buffer): Buffer {
    const { dn, message } = withoutAttributes(entry, entry.length)
    crowded.push(dn)
    return message
  }

  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of take(chunk)) {
        if (!stream.push(judged(message))) socket.pause()
      }
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Malformed(String(error)))
    }
  })
  socket.on('end', () => stream.push(null)).on('close', () => stream.destroy(socket.errored ?? undefined))
  // ldapts takes a stream for connected when it says so as a socket does.
  const connected = Object.assign(stream, { connecting: false, readyState: 'open' })
  const isLost = () => isLeft || socket.errored !== null || socket.readableEnded
  const names = { tooLong: () => cut.splice(0), crowdedOut: () => crowded.splice(0) }
  return { stream: connected, cookie: () => cookie, ...names, isLost }
}

function cookieOf({ controls }: Answer): Buffer | undefined {
  const control = controls.get(PAGES)
  return control && readCookie(control)
}
