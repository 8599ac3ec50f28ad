import MailComposer from 'nodemailer/lib/mail-composer'
import { type Letter, oneLine } from '../../../core/delivery/letter.ts'
import { htmlPart, textPart } from './parts.ts'

/** Without a name the organisation's is shown. */
export type Mailbox = { name?: string | undefined; address: string }

export type Heading = { id: string; to: string; from: Mailbox; replyTo?: string | undefined }

/**
 * The bytes of a mail (RFC 5322, MIME): the same bytes whenever it is made of the same letter, so that a retry is the same
 * mail and not a second one.
 */
export function composeMail(letter: Letter, { id, to, from, replyTo }: Heading): Promise<Buffer> {
  const [, domain = 'localhost'] = from.address.split('@')
  const composer = new MailComposer({
    from: { name: oneLine(from.name ?? letter.company), address: from.address },
    to: { name: '', address: to },
    replyTo,
    subject: oneLine(letter.subject),
    date: new Date(letter.writtenAt),
    messageId: `<${id}@${domain}>`,
    headers: {
      // RFC 3834 section 5, and the same said to Exchange: no reply from a machine, no note of absence.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': letter.language,
    },
    text: textPart(letter),
    html: htmlPart(letter),
    // Never in a text of ours, whose words are encoded.
    baseBoundary: id.replace(/[^0-9A-Za-z]/g, ''),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
