import { isIP } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { isMailAddress } from '../../../contract/mail-address.ts'
import { unpackLetter } from '../../../core/delivery/letter.ts'
import type { Message, Sender } from '../../../core/delivery/sender.ts'
import { AppError } from '../../../core/errors.ts'
import type { Secret } from '../../../core/secrets/secret.ts'
import { composeMail, type Mailbox } from './compose.ts'
import { smtpFailure } from './smtp-failure.ts'

export type SmtpConfig = {
  host: string
  port: number
  /** `starttls` is required, never merely tried; `none` sends in clear. */
  tls: 'starttls' | 'implicit' | 'none'
  /** PEM. Given, it alone is trusted, and not the certificate authorities that Node brings. */
  ca?: string | undefined
  username?: string | undefined
  password?: Secret | undefined
  from: Mailbox
  replyTo?: string | undefined
  /** For the whole exchange, connecting included. Milliseconds. */
  timeoutMs: number
}

/**
 * Mails through one server (RFC 5321, submission by RFC 6409), on a connection of its own for each. Throws AppError as
 * `Sender` says; `delivery.refused` where the server says for good that it will not have this mail.
 */
export function smtpMailSender(config: SmtpConfig): Sender {
  const { host, from, replyTo, timeoutMs } = config
  return {
    name: host,
    sendMs: timeoutMs,
    async send(message, signal) {
      const { id, to, body } = message
      if (!isMailAddress(to)) throw new AppError('delivery.refused', { detail: 'the recipient is not a mail address' })
      const letter = unpackLetter(body)
      const mail = await composeMail(letter, { id, to, from, replyTo })
      const timeout = AbortSignal.timeout(timeoutMs)
      try {
        await submit(config, { message, mail, signal: AbortSignal.any([signal, timeout]) })
      } catch (error) {
        const why = timeout.aborted ? `no answer within ${timeoutMs} ms` : signal.aborted ? 'stopped' : undefined
        throw smtpFailure(error, { config, to, letter, why })
      }
    },
  }
}

type Submission = { message: Message; mail: Buffer; signal: AbortSignal }

async function submit(config: SmtpConfig, { message, mail, signal }: Submission): Promise<void> {
  const connection = new SMTPConnection(optionsFor(config))
  const over = Promise.withResolvers<never>()
  connection.on('error', over.reject)
  connection.on('end', () => over.reject(new Error('the connection was closed')))
  const stop = () => {
    over.reject(signal.reason)
    connection.close()
  }
  signal.addEventListener('abort', stop)
  const step = (begin: (done: (error?: Error | null) => void) => void) =>
    Promise.race([over.promise, new Promise<void>((resolve, reject) => begin((e) => (e ? reject(e) : resolve())))])

  try {
    if (signal.aborted) throw signal.reason
    await step((done) => connection.connect(done))
    const { username: user, password } = config
    if (user !== undefined) await step((done) => connection.login({ user, pass: password?.reveal() ?? '' }, done))
    await step((done) => connection.send({ from: config.from.address, to: [message.to] }, mail, done))
    connection.quit()
  } catch (error) {
    connection.close()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    // Whoever waited for it has gone on; it may still come.
    over.promise.catch(() => {})
  }
}

function optionsFor({ host, port, tls, ca, timeoutMs }: SmtpConfig) {
  // Ours is over the whole exchange, and closes it; those of single steps are not to end just before it, in other words.
  const stepMs = timeoutMs + 1_000
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }), ...(isIP(host) === 0 && { servername: host }) },
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    dnsTimeout: stepMs,
    socketCloseTimeout: 1_000,
    // On a machine with no network but its own, "localhost" has an address all the same.
    allowInternalNetworkInterfaces: host === 'localhost',
  } as const
}
