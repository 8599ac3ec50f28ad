import type { WrongWhy } from '../../core/directory.ts'
import { nameOf, type RadiusServer } from './radius-carrier.ts'

export type Rejection =
  | { outcome: 'must-change'; why: 'expired' }
  /** `proven`: it is said only to whoever has the password. */
  | { outcome: 'wrong'; why: WrongWhy; proven?: boolean }

/** RFC 2759 section 6, by which number what is said. */
export const msChapErrors = { hours: 646, disabled: 647, expired: 648, noDialIn: 649, wrong: 691, notChanged: 709 }

const whys: ReadonlyMap<number | undefined, WrongWhy> = new Map([
  [msChapErrors.hours, 'hours'],
  [msChapErrors.disabled, 'disabled'],
  [msChapErrors.noDialIn, 'no-dial-in'],
])

export function whyOf(error: number | undefined): WrongWhy {
  return whys.get(error) ?? 'password'
}

/** `guess` gives the error that a password which nobody has gets from that server, for the same name. */
type Judge = (
  error: number | undefined,
  server: RadiusServer,
  guess: () => Promise<number | undefined>,
) => Promise<Rejection>

/**
 * What an error of MS-CHAP comes to. The standard does not say whether the password is looked at before: FreeRADIUS has
 * for an expired password, and has not for a locked account. A server is believed to have, of an error that would be told
 * to the person, when a password that nobody has gets another. That is tried once for each server and error; it counts that try.
 */
export function rejectionJudge(): Judge {
  const looks = new Map<string, Promise<boolean | undefined>>()

  async function looksFirst(error: number, server: RadiusServer, guess: () => Promise<number | undefined>) {
    const key = `${error} ${nameOf(server)}`
    const answer = looks.get(key) ?? guess().then((got) => lookedFor(error, got))
    looks.set(key, answer)
    const known = await answer.catch((failure: unknown) => {
      looks.delete(key)
      throw failure
    })
    if (known === undefined) looks.delete(key)
    return known ?? false
  }

  return async (error, server, guess) => {
    switch (error) {
      case msChapErrors.expired: {
        const has = await looksFirst(error, server, guess)
        return has ? { outcome: 'must-change', why: 'expired' } : { outcome: 'wrong', why: 'expired' }
      }
      case msChapErrors.hours:
        return { outcome: 'wrong', why: 'hours', proven: await looksFirst(error, server, guess) }
      default:
        return { outcome: 'wrong', why: whyOf(error) }
    }
  }
}

/** Undefined: what came instead, such as a lock, is about that account alone. */
function lookedFor(error: number, got: number | undefined): boolean | undefined {
  if (got === error) return false
  return got === msChapErrors.wrong || undefined
}
