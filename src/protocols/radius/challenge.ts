import { Buffer } from 'node:buffer'
import { type RadiusAttributeName, valuesOf } from './attributes.ts'
import { LONGEST_VALUE, type RadiusAttribute } from './packet.ts'

/** What an Access-Challenge says of the reply that it wants, beside its State. */
export type Terms = {
  /** Written by the other side: to be shown as text and nothing else. */
  message: string
  /** Whether the reply may be seen while it is typed. */
  echo: boolean
  /** For so long it is waited for, where that is said. */
  seconds: number | undefined
}

/** RFC 2869 section 5.10. */
const ECHO = 1

/**
 * What may be a PIN is not shown: without Prompt, or with one that means nothing, the reply is masked. A Session-Timeout
 * (RFC 2865 section 5.27) of nothing would leave nobody time, and says nothing.
 */
export function termsOf(attributes: readonly RadiusAttribute[]): Terms {
  return {
    message: replyMessage(attributes),
    echo: numberOf(attributes, 'prompt') === ECHO,
    seconds: numberOf(attributes, 'sessionTimeout') || undefined,
  }
}

/**
 * Every Reply-Message, one a line (RFC 2865 section 5.18), without control characters; one that is full goes on in the
 * next. Empty where there is none.
 */
export function replyMessage(attributes: readonly RadiusAttribute[]): string {
  const parts = valuesOf(attributes, 'replyMessage').flatMap((value) =>
    value.length === LONGEST_VALUE ? [value] : [value, LINE],
  )
  return linesOf(Buffer.concat(parts))
    .map((line) => textOf(line).replace(/[\p{Cc}\p{Cf}]/gu, ''))
    .filter((line) => line !== '')
    .join('\n')
    .trim()
}

const LINE = Buffer.from('\n')
const breaks: ReadonlySet<number> = new Set([...Buffer.from('\r\n\0')])
const western = new TextDecoder('windows-1252')

function linesOf(bytes: Buffer): Buffer[] {
  const ends = [...bytes.keys(), bytes.length].filter((at) => at === bytes.length || breaks.has(bytes[at] ?? 0))
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : (ends[i - 1] ?? 0) + 1, end))
}

/** UTF-8 by the standard. Older servers write as their machine does; one that cuts a letter of UTF-8 in two does not. */
function textOf(line: Buffer): string {
  const text = line.toString('utf8')
  return text.includes('\ufffd') && !/[^\0-\x7f\ufffd]/.test(text) ? western.decode(line) : text
}

/** RFC 2865 section 5: 32 bits. One of another length is none. */
function numberOf(attributes: readonly RadiusAttribute[], name: RadiusAttributeName): number | undefined {
  const [value] = valuesOf(attributes, name)
  return value?.length === 4 ? Buffer.from(value).readUInt32BE() : undefined
}
