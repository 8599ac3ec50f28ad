import { toString as qrPicture } from 'qrcode'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { account, type JourneyKind, journeyOf, pinFirst } from './journey.ts'
import { provePage } from './own-token.page.ts'
import { proofFirst } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'
import { removeTokenPage, tokenGonePage, tokenPage } from './token.page.ts'

/** What came of the code that was typed. */
type Tried = { complaint?: string; attemptsLeft?: number; typed?: string; tried?: boolean }

/** The pages that add an authenticator app, on one of the two journeys. */
export function tokenRoutes(kind: JourneyKind) {
  return { postNew, getToken, postToken }

  async function postNew(portal: Portal, request: PageRequest): Promise<Reply> {
    const told = await ask(portal, { ...request, path: `${kind.base}/token/start` }, 'offerToken', {})
    if (!told.ok) await pinFirst(portal, request, kind, 'oath')
    return seeOther(told.ok ? `${kind.base}/token` : kind.base)
  }

  async function getToken(portal: Portal, request: PageRequest): Promise<Reply> {
    return show(portal, request, {})
  }

  async function show(
    portal: Portal,
    request: PageRequest,
    { complaint, attemptsLeft, typed, tried = false }: Tried,
  ): Promise<Reply> {
    const { t } = request
    const offer = await tell(portal, request, 'readTokenOffer', {})
    const journey = await journeyOf(portal, request, kind)
    const wrong = (words: 'token.wrong' | 'own-token.wrong') =>
      attemptsLeft === undefined ? complaint : t(words, { count: attemptsLeft })
    const failed = tried || complaint !== undefined || attemptsLeft !== undefined
    const status = failed ? 422 : 200
    switch (offer.outcome) {
      case 'gone':
        return page(tokenGonePage(request, { journey, tried: failed }), status)
      case 'entered': {
        const { digits, codes } = offer
        return page(provePage(request, { journey, digits, codes, complaint: wrong('own-token.wrong') }), status)
      }
      case 'offered': {
        const { secret, uri } = offer
        const qr = await qrPicture(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
        const digits = Number(new URL(uri).searchParams.get('digits') ?? 6)
        const view = { journey, secret, uri, qr, digits, complaint: wrong('token.wrong'), typed }
        return page(tokenPage(request, view), status)
      }
    }
  }

  async function postToken(portal: Portal, request: PageRequest): Promise<Reply> {
    const { t, form } = request
    const code = form.text('code', 64)
    if (code === '') return show(portal, request, { complaint: t('code.missing') })

    const verdict = await tell(portal, request, 'confirmToken', { code, next: form.text('next', 64) })
    switch (verdict.outcome) {
      case 'proven':
        return verdict.session === undefined
          ? seeOther('/account?done=token')
          : welcome(portal, request, verdict.session, '/account?done=setup')
      case 'wrong':
        return show(portal, request, { attemptsLeft: verdict.attemptsLeft, typed: code })
      case 'gone':
        return show(portal, request, { tried: true })
    }
  }
}

/** GET /account/token/start: after the second step was proven again, the button once more. */
export async function getTokenStart(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const journey = await journeyOf(portal, request, account)
  return page(tokenGonePage(request, { journey, tried: false }))
}

export async function getRemoveToken(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const { displayName, token, hardwareTokens, phone, passkeys } = await tell(portal, request, 'readAccount', {})
  if (!token) return seeOther('/account')
  return page(
    removeTokenPage(request, { who: displayName, last: phone === undefined && passkeys + hardwareTokens.length === 0 }),
  )
}

export async function postRemoveToken(portal: Portal, request: PageRequest): Promise<Reply> {
  const told = await ask(portal, request, 'removeToken', {})
  if (told.ok) return seeOther('/account?done=token-removed')
  return seeOther(told.refusal === 'way-in.last' ? '/account/token/remove' : '/account')
}
