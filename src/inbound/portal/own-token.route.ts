import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { type JourneyKind, journeyOf, pinFirst } from './journey.ts'
import { algorithms, digitCounts, enterPage, kinds, type OwnToken, periods } from './own-token.page.ts'
import { proofFirst } from './phone.route.ts'
import { ask, type Portal } from './portal.ts'

const usual: OwnToken = { kind: 'totp', algorithm: 'SHA1', digits: '6', period: '30', counter: '' }

/** The page on which the secret of a token of one's own is entered, on one of the two journeys. */
export function ownTokenRoutes(kind: JourneyKind) {
  return { getEnter, postEnter }

  async function getEnter(portal: Portal, request: PageRequest): Promise<Reply> {
    await proofFirst(portal, request, kind)
    await pinFirst(portal, request, kind, 'oath')
    return page(enterPage(request, { journey: await journeyOf(portal, request, kind), token: usual }))
  }

  async function postEnter(portal: Portal, request: PageRequest): Promise<Reply> {
    const { form, t } = request
    const token = tokenFrom(request)
    const told = await ask(portal, request, 'enterToken', {
      ...token,
      secret: form.secret('secret', 512),
      // The field is there for both kinds; what goes by time has no counter.
      counter: token.kind === 'hotp' ? token.counter : '',
      digits: token.digits === '8' ? 8 : 6,
      period: Number(token.period),
    })
    if (!told.ok) return seeOther(kind.base)
    if (told.value.outcome === 'entered') return seeOther(`${kind.base}/token`)

    const { problem } = told.value
    const complaint = t(`own-token.problem.${problem}`)
    const complaints = problem === 'counter' ? { counter: complaint } : { secret: complaint }
    return page(enterPage(request, { journey: await journeyOf(portal, request, kind), token, complaints }), 422)
  }
}

function tokenFrom({ form }: PageRequest): OwnToken {
  return {
    kind: form.choice('kind', kinds) ?? usual.kind,
    algorithm: form.choice('algorithm', algorithms) ?? usual.algorithm,
    digits: form.choice('digits', digitCounts) ?? usual.digits,
    period: form.choice('period', periods) ?? usual.period,
    counter: form.text('counter', 32),
  }
}
