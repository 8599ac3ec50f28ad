import { mistakesFor } from '../app/configured.ts'
import type { Effective } from '../config/check.ts'
import type { Config, Tls } from '../config/config.ts'
import { type Mistake, printable } from '../config/mistake.ts'
import { readConfig } from '../config/read-config.ts'
import type { Role } from '../config/roles.ts'
import { AppError, errors } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { ownCertificate } from '../storage/certificate.ts'
import { failOfMistakes } from './fail.ts'

type Needs = {
  sources: Parameters<typeof readConfig>[0]
  role: Role
  clock: Clock
  print?: ((line: string) => void) | undefined
  complain?: ((line: string) => void) | undefined
}

/**
 * `sallyport config check`: every mistake, or the values that would be in effect and where each comes from. Starts
 * nothing and connects to nothing. Returns the exit code.
 */
export async function configCheck({ sources, role, clock, print = console.log, complain }: Needs): Promise<number> {
  const read = readConfig(sources)
  if ('mistakes' in read) return failOfMistakes(read.mistakes, complain)

  const { config, effective } = read
  const mistakes = [...mistakesFor(config, role), ...(await certificateMistakes(config, effective, clock))]
  if (mistakes.length > 0) return failOfMistakes(mistakes, complain)

  for (const line of columns(effective)) print(line)
  print('OK')
  return 0
}

async function certificateMistakes(config: Config, effective: readonly Effective[], clock: Clock): Promise<Mistake[]> {
  const pairs: [string, Tls][] = [
    ['portal.tls.cert', config.portal.tls],
    ['sdk.tls.cert', config.sdk.tls],
    ['callbacks.tls.cert', config.callbacks.tls],
  ]
  const mistakes: Mistake[] = []
  for (const [path, tls] of pairs) {
    if (tls.kind !== 'files') continue
    try {
      await ownCertificate({ ...tls, clock })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const where = effective.find((row) => row.path === path)?.from ?? path
      mistakes.push({ where, path, problem: error.message, remedy: errors[error.code].remedy })
    }
  }
  return mistakes
}

function columns(effective: readonly Effective[]): string[] {
  const width = (pick: (row: Effective) => string) => Math.max(...effective.map((row) => pick(row).length))
  const paths = width(({ path }) => path)
  const values = Math.min(
    40,
    width(({ value }) => value),
  )
  return effective.map(({ path, value, from }) => printable(`${path.padEnd(paths)}  ${value.padEnd(values)}  ${from}`))
}
