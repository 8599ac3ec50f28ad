import { Writable } from 'node:stream'
import pino, { type DestinationStream, type Logger } from 'pino'
import pretty from 'pino-pretty'
import { AppError } from '../core/errors.ts'
import type { Facts, Log } from '../core/ports.ts'

/** `child` writes the given facts with every line of its own. */
export type OperatorLog = Log & {
  debug(message: string, facts?: Facts): void
  child(facts: Facts): OperatorLog
}

type Wish = {
  level: 'debug' | 'info' | 'warn' | 'error'
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  format: 'auto' | 'json' | 'pretty'
  /** Default: the standard output. */
  destination?: DestinationStream | undefined
}

/** One line an event: JSON as it is, or for people. Written before the call returns, so that a crash loses none. */
export function createLog({ level, format, destination }: Wish): OperatorLog {
  const forPeople = format === 'pretty' || (format === 'auto' && destination === undefined && process.stdout.isTTY)
  const logger = pino(
    {
      level,
      // Who runs and where is known to whatever collects the lines.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redacted, censor: '[redacted]' },
    },
    forPeople ? prettyStream(destination) : (destination ?? pino.destination({ dest: 1, sync: true })),
  )
  return over(logger)
}

/** Facts hold no secrets by rule. Should one slip in under a name like these, it stops here. */
const redacted = [
  ...['password', 'pin', 'secret', 'otp', 'seed', 'answer', 'token', 'session', 'cookie', 'authorization'],
  ...['masterKey', 'apiKey', 'privateKey', 'body', 'bindPassword', 'connectionString'],
].flatMap((name) => [name, `*.${name}`])

function prettyStream(destination: DestinationStream | undefined): DestinationStream {
  return pretty({
    colorize: destination === undefined && process.stdout.isTTY && process.stdout.hasColors(),
    translateTime: "UTC:yyyy-mm-dd'T'HH:MM:ss.l'Z'",
    sync: true,
    ...(destination ? { destination: asStream(destination) } : {}),
  })
}

function asStream(destination: DestinationStream): NodeJS.WritableStream {
  return new Writable({
    write(chunk, _, done) {
      destination.write(String(chunk))
      done()
    },
  })
}

function over(logger: Logger): OperatorLog {
  return {
    debug: (message, facts) => logger.debug(clean(facts), line(message)),
    info: (message, facts) => logger.info(clean(facts), line(message)),
    warn: (message, facts) => logger.warn(clean(facts), line(message)),
    error: (message, facts, error) =>
      logger.error(error === undefined ? clean(facts) : { ...clean(facts), error: described(error) }, line(message)),
    child: (facts) => over(logger.child(clean(facts))),
  }
}

function clean(facts: Facts = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? line(value) : value]),
  )
}

const MOST_OF_A_TEXT = 2000

/**
 * A text that stays on its line: nobody forges another one, colours the terminal, or turns the direction of what is
 * read. JSON escapes most of that by itself; what prints the field of a JSON line does not.
 */
function line(text: string): string {
  const short = text.length > MOST_OF_A_TEXT ? `${text.slice(0, MOST_OF_A_TEXT)}…` : text
  return short.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  })
}

const MOST_CAUSES = 5

type Described = { code?: string; message: string; causes?: string[]; stack?: string[] }

/** A named failure tells its code and causes. Whatever has no name is a defect of ours and tells where it happened. */
function described(error: unknown): Described {
  const causes: string[] = []
  for (let cause = causeOf(error); cause !== undefined && causes.length < MOST_CAUSES; cause = causeOf(cause)) {
    causes.push(line(summary(cause)))
  }
  const code = codeOf(error)
  const defect = !(error instanceof AppError) || error.kind === 'broken'
  return {
    ...(code === undefined ? {} : { code: line(code) }),
    message: line(error instanceof Error ? error.message : String(error)),
    ...(causes.length > 0 ? { causes } : {}),
    ...(defect && error instanceof Error ? { stack: frames(error) } : {}),
  }
}

function summary(error: unknown): string {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message || error.name : String(error)
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`
}

function causeOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0]
  return error instanceof Error ? error.cause : undefined
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && error.code !== undefined ? String(error.code) : undefined
}

/** Where it happened, without the message that stands above it and may have lines of its own. */
function frames({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .filter((text) => /^\s+at /.test(text))
    .map((text) => line(text.trim()))
}
