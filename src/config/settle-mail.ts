import { checked } from './checked.ts'
import type { MailSettings } from './config.ts'
import type { Values } from './options.ts'

/** RFC 6409, RFC 8314, RFC 5321 section 4.5.4.2. */
const mailPorts = { starttls: 587, implicit: 465, none: 25 } as const

export function mailSettings(values: Values): MailSettings | undefined {
  const { 'mail.smtp.host': hosts, 'mail.smtp.tls': tls } = values
  if (hosts === undefined) return undefined
  return {
    hosts,
    port: values['mail.smtp.port'] ?? mailPorts[tls],
    tls,
    ca: values['mail.smtp.ca'],
    username: values['mail.smtp.username'],
    password: values['mail.smtp.password'],
    from: checked(values['mail.from']),
    replyTo: values['mail.reply_to'],
    timeoutMs: values['mail.smtp.timeout_seconds'] * 1000,
  }
}
