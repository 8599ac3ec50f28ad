import type { Socket } from 'node:net'
import { Ber, BerReader, ExtendedRequest, ExtendedResponse, ProtocolOperation } from 'ldapts'

const startTlsOid = '1.3.6.1.4.1.1466.20037'
const messageId = 1
const longestAnswer = 8192

/**
 * RFC 4511 section 4.14 as far as the server's yes. The socket is then paused, ready for the handshake.
 *
 * Anything that came behind the yes in clear is refused: kept, it would be read as an answer that the server gave
 * under TLS, and somebody on the way could say "success" to a bind (RFC 3207 had the same trap).
 */
export async function askForTls(socket: Socket, deadline: AbortSignal): Promise<void> {
  socket.write(new ExtendedRequest({ messageId, oid: startTlsOid }).write())
  const status = readAnswer(await firstMessage(socket, deadline))
  if (status !== 0) throw new Error(`the server refuses StartTLS with result code ${status}`)
}

function firstMessage(socket: Socket, deadline: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0)
    const settle = (done: () => void) => {
      socket.off('data', onData).off('close', onClose).pause()
      deadline.removeEventListener('abort', onAbort)
      done()
    }
    const onClose = () => settle(() => reject(new Error('the server closed the connection')))
    const onAbort = () => settle(() => reject(deadline.reason))
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      try {
        if (isWhole(bytes)) settle(() => resolve(bytes))
      } catch (error) {
        settle(() => reject(error))
      }
    }
    socket.on('data', onData).on('close', onClose)
    deadline.addEventListener('abort', onAbort)
    if (deadline.aborted) onAbort()
  })
}

function isWhole(bytes: Buffer): boolean {
  if (bytes.length > longestAnswer) throw new Error('the answer to StartTLS has no end')
  const reader = new BerReader(bytes)
  return reader.readSequence(Ber.Sequence | Ber.Constructor) !== null && reader.remain >= reader.length
}

function readAnswer(bytes: Buffer): number {
  const reader = new BerReader(bytes)
  reader.readSequence()
  if (reader.remain !== reader.length) throw new Error('the server said more in clear than its answer to StartTLS')
  if (reader.readInt() !== messageId || reader.readSequence() !== ProtocolOperation.LDAP_RES_EXTENSION) {
    throw new Error('the server does not answer StartTLS')
  }
  const answer = new ExtendedResponse({ messageId })
  answer.parseMessage(reader)
  return answer.status
}
