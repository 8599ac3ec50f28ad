import { z } from 'zod'
import { AppError } from '../errors.ts'

/** Bounds what one mail can be: nothing that we write comes near. */
const words = z.string().max(10_000)

/** One list of words, from which both parts of a mail are made. In the reader's language, and nothing in it is markup. */
const Letter = z.object({
  language: z.string(),
  direction: z.enum(['ltr', 'rtl']),
  /** Whose it is: the organisation, and its colour as #rrggbb. */
  company: words,
  accent: z.string(),
  /** ISO 8601. A retry has the date of the first try: it is the same mail. */
  writtenAt: z.iso.datetime(),
  subject: words,
  heading: words,
  /** What happened. */
  paragraphs: z.array(words).max(20),
  facts: z.array(z.object({ term: words, value: words })).max(20),
  /** What to do about it. */
  advice: z.array(words).max(20),
  /** The one link. It leads to a page and does nothing by itself. */
  link: z.object({ text: words, href: z.url() }).optional(),
  /** Who sent it and why, in small. */
  footer: words,
})
export type Letter = z.infer<typeof Letter>

/** What stands sealed in the queue as the body of a mail. */
export function packLetter(letter: Letter): string {
  return JSON.stringify(letter)
}

/** Throws AppError `delivery.refused`: what is no letter never becomes one. */
export function unpackLetter(body: string): Letter {
  try {
    return Letter.parse(JSON.parse(body))
  } catch {
    // Without the cause, which quotes the words.
    throw new AppError('delivery.refused', { detail: 'the body is not a letter' })
  }
}

/** A line break in a header would begin another header, and in a name another paragraph. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
