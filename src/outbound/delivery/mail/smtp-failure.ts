import type { Letter } from '../../../core/delivery/letter.ts'
import { AppError } from '../../../core/errors.ts'
import { mask } from '../sms/mask.ts'
import type { SmtpConfig } from './smtp.ts'

type About = { config: SmtpConfig; to: string; letter: Letter; why: string | undefined }

const MOST_SHOWN = 200
const MOST_LOOKED_AT = 2_000
/** In characters. An address on the network is as short. */
const SHORTEST_QUOTE = 8
const UNTRUSTED = 'its certificate is not trusted'

/**
 * What went wrong, for the operator's log: the server's answer without the recipient, the words of the mail and the
 * password, which it may quote. Without the cause, for the same reason.
 */
export function smtpFailure(error: unknown, { config, to, letter, why }: About): AppError {
  const { host, port } = config
  const { responseCode = 0, response, command, code } = partsOf(error)
  const answer = response === undefined ? '' : readable(response, config, to, letter)
  const reason = why ?? (answer === '' ? (code ?? 'no answer that can be read') : `answered ${answer}`)
  // RFC 5321 section 4.2.1: 5yz is for good. Where it meets our sign-in or sender, the operator can still mend it in time.
  const forGood = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
  const silent = answer === '' && code !== UNTRUSTED
  return new AppError(forGood ? 'delivery.refused' : silent ? 'delivery.unreachable' : 'delivery.failed', {
    detail: `${host}:${port}: ${reason}`,
  })
}

type Parts = { responseCode?: number; response?: string; command?: string; code?: string }

/** As nodemailer's errors have them, and those of Node's sockets. */
function partsOf(error: unknown): Parts {
  if (!(error instanceof Error)) return {}
  const { responseCode, response, command, code } = error as Error & Record<keyof Parts, unknown>
  const certificate = /certificate|altnames|self-signed/i.test(error.message) ? UNTRUSTED : ''
  const reason = certificate || (typeof code === 'string' ? code : undefined)
  return {
    ...(typeof responseCode === 'number' && { responseCode }),
    ...(typeof response === 'string' && response !== '' && { response }),
    ...(typeof command === 'string' && { command }),
    ...(reason !== undefined && { code: reason }),
  }
}

function readable(response: string, config: SmtpConfig, to: string, letter: Letter): string {
  const exact = [config.password?.reveal() ?? '', to]
  const shown = withoutQuotes(mask(response.slice(0, MOST_LOOKED_AT), exact), wordsOf(letter))
  return JSON.stringify(
    shown
      .replace(/[\p{C}\p{Z}]+/gu, ' ')
      .trim()
      .slice(0, MOST_SHOWN),
  )
}

function wordsOf({ subject, heading, paragraphs, facts, advice, link }: Letter): string[] {
  return [subject, heading, ...paragraphs, ...facts.map(({ value }) => value), ...advice, link?.href ?? '']
}

/** Without whatever stands in one of the words too, for a while: servers quote as much as they like. */
function withoutQuotes(text: string, words: readonly string[]): string {
  const haystacks = words.map((each) => each.toLowerCase())
  const quoted = (from: number, to: number) => {
    const part = text.slice(from, to).toLowerCase()
    return to <= text.length && haystacks.some((words) => words.includes(part))
  }
  let shown = ''
  for (let at = 0; at < text.length; ) {
    let end = at + SHORTEST_QUOTE
    if (!quoted(at, end)) {
      shown += text[at++]
      continue
    }
    while (quoted(at, end + 1)) end++
    shown += '***'
    at = end
  }
  return shown
}
