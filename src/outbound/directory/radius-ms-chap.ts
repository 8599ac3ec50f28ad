import type { PasswordChange } from '../../core/directory.ts'
import { AppError } from '../../core/errors.ts'
import type { Random } from '../../core/ports.ts'
import { microsoftAttribute, microsoftValuesOf } from '../../protocols/radius/attributes.ts'
import { type MsChap, msChap2Response, msChapErrorNumber, provesPassword } from '../../protocols/radius/ms-chap.ts'
import { LONGEST_CHOSEN, msChap2Change } from '../../protocols/radius/ms-chap-change.ts'
import { type RadiusAttribute, type RadiusPacket, radiusCode } from '../../protocols/radius/packet.ts'
import { nameOf, type RadiusServer } from './radius-carrier.ts'
import type { RadiusAnswer, RadiusExchange } from './radius-exchange.ts'
import { msChapErrors, type Rejection, rejectionJudge, whyOf } from './radius-rejection.ts'

type Needs = { exchange: RadiusExchange; random: Random }

/** Whom it is about, and what goes along. `only`: as of a question. */
export type MsChapAttempt = {
  username: string
  common: readonly RadiusAttribute[]
  only?: RadiusServer | undefined
  signal?: AbortSignal | undefined
}

export type MsChapPasswords = {
  /** An acceptance is of who knows the password; a rejection was judged. */
  ask(attempt: MsChapAttempt, password: string): Promise<RadiusAnswer & { rejection?: Rejection }>
  change(attempt: MsChapAttempt, old: string, chosen: string): Promise<PasswordChange>
}

/** Passwords proven, and changed, by MS-CHAP version 2: RFC 2759 in RADIUS, RFC 2548 section 2.3. */
export function msChapPasswords({ exchange, random }: Needs): MsChapPasswords {
  const judge = rejectionJudge()
  const drawn = () => ({ authenticatorChallenge: random.bytes(16), peerChallenge: random.bytes(16) })

  async function once({ username, common, only, signal }: MsChapAttempt, password: string): Promise<RadiusAnswer> {
    const chap = { username, password, ...drawn() }
    const identifier = random.below(256)
    const response = msChap2Response(identifier, chap)
    const make = () => [...common, ...asked(chap), microsoftAttribute('msChap2Response', response)]
    const { answer, server } = await exchange.ask({ make, only, signal })
    if (answer.code === radiusCode.accessAccept) demandProof({ answer, server }, identifier, chap)
    return { answer, server }
  }

  return {
    async ask(attempt, password) {
      const { answer, server } = await once(attempt, password)
      if (answer.code !== radiusCode.accessReject) return { answer, server }
      const nobodys = Buffer.from(random.bytes(24)).toString('base64url')
      const guess = async () => errorOf((await once({ ...attempt, only: server }, nobodys)).answer)
      return { answer, server, rejection: await judge(errorOf(answer), server, guess) }
    },

    async change({ username, common, signal }, old, chosen) {
      const chap = { username, ...drawn() }
      const identifier = random.below(256)
      const { change, encrypted } = msChap2Change(identifier, { ...chap, old, chosen }, random.bytes(LONGEST_CHOSEN))
      const parts = encrypted.map((part) => microsoftAttribute('msChapNtEncPw', part))
      const make = () => [...common, ...asked(chap), microsoftAttribute('msChap2Cpw', change), ...parts]
      const answered = await exchange.ask({ make, signal })
      if (answered.answer.code !== radiusCode.accessAccept) return refusalOf(answered.answer)
      demandProof(answered, identifier, { ...chap, password: chosen })
      return { outcome: 'changed' }
    },
  }
}

function asked({ authenticatorChallenge }: Pick<MsChap, 'authenticatorChallenge'>): RadiusAttribute[] {
  return [microsoftAttribute('msChapChallenge', authenticatorChallenge)]
}

/** A server that knows nothing of changes answers as if nothing had been asked. */
function refusalOf(answer: RadiusPacket): PasswordChange {
  const error = errorOf(answer)
  switch (error) {
    case msChapErrors.notChanged:
      return { outcome: 'refused', why: 'rules' }
    case undefined:
    case msChapErrors.expired:
      return { outcome: 'refused', why: 'not-allowed' }
    default:
      return { outcome: 'wrong', why: whyOf(error) }
  }
}

function errorOf({ attributes }: RadiusPacket): number | undefined {
  return microsoftValuesOf(attributes, 'msChapError')
    .map(msChapErrorNumber)
    .find((number) => number !== undefined)
}

function demandProof({ answer, server }: RadiusAnswer, identifier: number, chap: MsChap): void {
  const successes = microsoftValuesOf(answer.attributes, 'msChap2Success')
  if (successes.some((success) => provesPassword(success, identifier, chap))) return
  const detail = `${nameOf(server)} sent an acceptance that does not prove to know the password`
  throw new AppError('directory.unreachable', { detail })
}
