import type { Answer } from '../../contract/contract.ts'
import { tellOf } from '../delivery/notices.ts'
import { type Asked, type Asker, eventOf } from '../enrolment/asker.ts'
import type { TokenNeeds } from '../enrolment/token-offer.ts'
import type { From } from '../gate.ts'
import { liveTokens, type OathToken } from '../methods/oath/token.ts'
import { holdingsOf } from '../policy/holdings.ts'
import { methodWithout } from '../policy/ways.ts'

/** Refused where it would leave the person without any way in. Another way that stays becomes the method asked first. */
export async function removeToken(needs: TokenNeeds, asker: Asker, from: From): Promise<Answer<'removeToken'>> {
  const { write, relyingParty, settings, notices, clock } = needs
  const asked: Asked = { asker, from, now: clock.now() }
  return write(async (stores) => {
    const { users, tokens, deliveries, audit } = stores
    const user = await users.hold(asker.userId)
    const own = user ? await liveTokens(tokens, user.id, asked.now) : []
    if (!user || !own.some(isApp)) return { ok: false, refusal: 'method.unavailable' }

    const holdings = await holdingsOf({ ...stores, relyingParty }, user)
    const next = own.every(isApp) ? methodWithout('oath', holdings, settings.current()) : user.method
    if (!next) return { ok: false, refusal: 'way-in.last' }

    await tokens.removeApp(user.id)
    if (next !== user.method) await users.setMethod(user.id, next)
    await audit.write(eventOf('token.removed', asked))
    await tellOf(notices, deliveries, user, { kind: 'token-removed', address: from.address }, asked.now)
    return { ok: true, value: { outcome: 'done' } }
  })
}

function isApp({ origin }: OathToken): boolean {
  return origin === 'app'
}
