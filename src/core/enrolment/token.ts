import type { Answer, Input } from '../../contract/contract.ts'
import { tellOf } from '../delivery/notices.ts'
import type { From } from '../gate.ts'
import { placeOf } from '../methods/oath/match.ts'
import { findResync } from '../methods/oath/resync.ts'
import { type Place, secretPlace, type TokenOffer } from '../methods/oath/token.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import { finishSetup, SetupOver, unlessOver } from './finish.ts'
import type { TokenNeeds, TokenStores } from './token-offer.ts'

/** The token's first code proves that the secret is the same. Its step is spent: the same code does not sign in afterwards. */
export async function confirmToken(
  needs: TokenNeeds,
  asker: Asker,
  input: Input<'confirmToken'>,
  from: From,
): Promise<Answer<'confirmToken'>> {
  const { write, clock } = needs
  const asked: Asked = { asker, from, now: clock.now() }
  return unlessOver(() =>
    write(async (stores) => {
      const offer = await stores.tokens.spendOfferAttempt(asker.transactionId, asked.now)
      if (!offer) return { ok: true, value: { outcome: 'gone' } }

      const place = provenPlace(needs, offer, input, asked.now)
      if (place) return accept(needs, stores, { offer, place }, asked)
      await stores.audit.write(eventOf('token.proof-wrong', asked))
      return { ok: true, value: { outcome: 'wrong', attemptsLeft: offer.attemptsLeft } }
    }),
  )
}

/** Where the token stands by the code that came; by two in a row where nobody knows its counter. */
function provenPlace(
  { settings, notices }: TokenNeeds,
  offer: TokenOffer,
  { code, next }: Input<'confirmToken'>,
  now: Date,
): Place | undefined {
  const secret = notices.sealing.open(offer.sealedSecret, secretPlace(offer.id))
  const { last } = offer
  if (last === undefined) return findResync({ ...offer, last: -1 }, { secret, codes: [code, next], now })

  const window = settings.current()['oath.window']
  const place = placeOf({ ...offer, last }, { secret, typed: code, window, now })
  // Phones set their clocks by the network: what is beside the present is typed late, and no drift to remember.
  return place && place.first > last ? { ...place, drift: 0 } : undefined
}

async function accept(
  needs: TokenNeeds,
  stores: TokenStores,
  { offer, place }: { offer: TokenOffer; place: Place },
  asked: Asked,
): Promise<Answer<'confirmToken'>> {
  const { asker, from, now } = asked
  const user = await stores.users.find(asker.userId)
  if (!user || !(await stores.tokens.accept(offer, place, now))) throw new SetupOver()

  await stores.audit.write(eventOf('token.added', asked))
  await tellOf(needs.notices, stores.deliveries, user, { kind: 'token-added', address: from.address }, now)
  if (!asker.setup) return { ok: true, value: { outcome: 'proven' } }

  const finish = { user, signInId: asker.transactionId, method: 'oath', from, now } as const
  const session = await finishSetup({ ...needs, ids: needs.notices.ids }, stores, finish)
  return { ok: true, value: { outcome: 'proven', session } }
}
