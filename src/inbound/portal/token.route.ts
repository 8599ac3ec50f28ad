import { toString as qrPicture } from 'qrcode'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { account, type JourneyKind, journeyOf } from './journey.ts'
import { proofFirst } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'
import { removeTokenPage, tokenGonePage, tokenPage } from './token.page.ts'

/** The pages that add an authenticator app, on one of the two journeys. */
export function tokenRoutes(kind: JourneyKind) {
  return { postNew, getToken, postToken }

  async function postNew(portal: Portal, request: PageRequest): Promise<Reply> {
    const told = await ask(portal, { ...request, path: `${kind.base}/token/start` }, 'offerToken', {})
    return seeOther(told.ok ? `${kind.base}/token` : kind.base)
  }

  async function getToken(portal: Portal, request: PageRequest): Promise<Reply> {
    return show(portal, request, {})
  }

  async function show(
    portal: Portal,
    request: PageRequest,
    { complaint, typed, tried = false }: { complaint?: string; typed?: string; tried?: boolean },
  ): Promise<Reply> {
    const offer = await tell(portal, request, 'readTokenOffer', {})
    const journey = await journeyOf(portal, request, kind)
    if (offer.outcome === 'gone') {
      const late = tried || complaint !== undefined
      return page(tokenGonePage(request, { journey, tried: late }), late ? 422 : 200)
    }

    const { secret, uri } = offer
    const qr = await qrPicture(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
    const digits = Number(new URL(uri).searchParams.get('digits') ?? 6)
    return page(
      tokenPage(request, {
        journey,
        secret,
        uri,
        qr,
        digits,
        ...(complaint !== undefined && { complaint }),
        ...(typed !== undefined && { typed }),
      }),
      complaint ? 422 : 200,
    )
  }

  async function postToken(portal: Portal, request: PageRequest): Promise<Reply> {
    const { t, form } = request
    const code = form.text('code', 64)
    if (code === '') return show(portal, request, { complaint: t('code.missing') })

    const verdict = await tell(portal, request, 'confirmToken', { code })
    switch (verdict.outcome) {
      case 'proven':
        return verdict.session === undefined
          ? seeOther('/account?done=token')
          : welcome(portal, request, verdict.session, '/account?done=setup')
      case 'wrong':
        return show(portal, request, { complaint: t('token.wrong', { count: verdict.attemptsLeft }), typed: code })
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
  const { displayName, token, phone, passkeys } = await tell(portal, request, 'readAccount', {})
  if (!token) return seeOther('/account')
  return page(removeTokenPage(request, { who: displayName, last: phone === undefined && passkeys === 0 }))
}

export async function postRemoveToken(portal: Portal, request: PageRequest): Promise<Reply> {
  const told = await ask(portal, request, 'removeToken', {})
  if (told.ok) return seeOther('/account?done=token-removed')
  return seeOther(told.refusal === 'way-in.last' ? '/account/token/remove' : '/account')
}
