import type { PasswordChange } from '../../core/directory.ts'
import { AppError } from '../../core/errors.ts'
import type { Random } from '../../core/ports.ts'
import { attribute, valuesOf } from '../../protocols/radius/attributes.ts'
import { type Terms, termsOf } from '../../protocols/radius/challenge.ts'
import { LONGEST_CHOSEN } from '../../protocols/radius/ms-chap-change.ts'
import { type Nas, nasAttributes } from '../../protocols/radius/nas.ts'
import { LONGEST_VALUE, type RadiusAttribute, type RadiusPacket, radiusCode } from '../../protocols/radius/packet.ts'
import { hideUserPassword, LONGEST_USER_PASSWORD } from '../../protocols/radius/user-password.ts'
import { nameOf, type RadiusServer } from './radius-carrier.ts'
import type { RadiusExchange } from './radius-exchange.ts'
import { msChapPasswords } from './radius-ms-chap.ts'
import type { Rejection } from './radius-rejection.ts'

/** What goes with the reply to what a server asked back. */
export type RadiusChallenge = { state: Uint8Array; server: RadiusServer; username: string }

export type RadiusCheck =
  | { outcome: 'right' }
  | Rejection
  | { outcome: 'challenged'; challenge: RadiusChallenge; terms: Terms }

/** Who asks, beside name and password. */
export type RadiusAttempt = { callingStationId?: string | undefined; signal?: AbortSignal | undefined }

export type RadiusPasswords = {
  /** One try. Throws as `RadiusExchange.ask` does, and `directory.unreachable` for an answer that proves nothing. */
  check(username: string, password: string, attempt?: RadiusAttempt): Promise<RadiusCheck>
  /** The reply to a challenge, hidden as a password is; at the server that asked. */
  reply(challenge: RadiusChallenge, reply: string, attempt?: RadiusAttempt): Promise<RadiusCheck>
  /** By MS-CHAP, whatever the method. Throws as `check` does. */
  change(username: string, old: string, chosen: string, attempt?: RadiusAttempt): Promise<PasswordChange>
}

type Needs = { exchange: RadiusExchange; random: Random }
type Options = { nas: Nas; method: 'pap' | 'ms-chap-v2' }

/** A name and a password asked at RADIUS servers. Which names exist cannot be seen: a reject is a reject. */
export function radiusPasswords({ nas, method }: Options, { exchange, random }: Needs): RadiusPasswords {
  const common = (username: string, { callingStationId }: RadiusAttempt): RadiusAttribute[] => [
    attribute('userName', username),
    ...nasAttributes(nas),
    ...(callingStationId ? [attribute('callingStationId', callingStationId)] : []),
  ]

  const msChap = msChapPasswords({ exchange, random })
  const msChapAttempt = (username: string, attempt: RadiusAttempt) => ({
    ...{ username, common: common(username, attempt), signal: attempt.signal },
  })

  async function byPap(username: string, password: string, attempt: RadiusAttempt, asked?: RadiusChallenge) {
    const { answer, server } = await exchange.ask({
      make: ({ authenticator, secret }) => [
        ...common(username, attempt),
        attribute('userPassword', hideUserPassword(password, authenticator, secret)),
        ...(asked ? [attribute('state', asked.state)] : []),
      ],
      only: asked?.server,
      signal: attempt.signal,
    })
    return judge(answer, server, username)
  }

  async function byMsChap(username: string, password: string, attempt: RadiusAttempt): Promise<RadiusCheck> {
    const { answer, server, rejection } = await msChap.ask(msChapAttempt(username, attempt), password)
    return rejection ?? judge(answer, server, username)
  }

  return {
    async check(username, password, attempt = {}) {
      const refusal = refusedHere(username, password, method)
      if (refusal) return { outcome: 'wrong', why: refusal }
      return method === 'pap' ? byPap(username, password, attempt) : byMsChap(username, password, attempt)
    },
    async reply(challenge, reply, attempt = {}) {
      const refusal = refusedHere(challenge.username, reply, 'pap')
      return refusal ? { outcome: 'wrong', why: refusal } : byPap(challenge.username, reply, attempt, challenge)
    },
    async change(username, old, chosen, attempt = {}) {
      const refusal = refusedHere(username, old, 'ms-chap-v2')
      if (refusal) return { outcome: 'wrong', why: refusal }
      if (refusedHere(username, chosen, 'ms-chap-v2')) return { outcome: 'refused', why: 'rules' }
      return msChap.change(msChapAttempt(username, attempt), old, chosen)
    },
  }
}

function judge({ code, attributes }: RadiusPacket, server: RadiusServer, username: string): RadiusCheck {
  if (code === radiusCode.accessAccept) return { outcome: 'right' }
  if (code === radiusCode.accessReject) return { outcome: 'wrong', why: 'password' }
  // A conversation that we have not begun, and that no person answers.
  if (valuesOf(attributes, 'eapMessage').length > 0) throw unusable(server, 'a challenge of EAP')
  const [state] = valuesOf(attributes, 'state')
  // RFC 2865 section 4.4 lets it be absent; then the reply would be to no challenge in particular.
  if (!state) throw unusable(server, 'a challenge without State')
  return { outcome: 'challenged', challenge: { state, server, username }, terms: termsOf(attributes) }
}

function unusable(server: RadiusServer, what: string): AppError {
  return new AppError('directory.unreachable', { detail: `${nameOf(server)} sent ${what}` })
}

/** What must not be asked: some servers take an empty password for a request to choose one, or see one behind a NUL. */
function refusedHere(
  username: string,
  password: string,
  method: Options['method'],
): 'empty' | 'unknown' | 'password' | undefined {
  if (/^[\s\p{Cc}\p{Cf}]*$/u.test(password)) return 'empty'
  if (username.trim() === '' || /\p{Cc}/u.test(username) || !username.isWellFormed()) return 'unknown'
  if (Buffer.byteLength(username) > LONGEST_VALUE) return 'unknown'
  if (password.includes('\0') || !password.isWellFormed()) return 'password'
  const isTooLong =
    method === 'pap'
      ? Buffer.byteLength(password) > LONGEST_USER_PASSWORD
      : Buffer.byteLength(password, 'utf16le') > LONGEST_CHOSEN
  return isTooLong ? 'password' : undefined
}
