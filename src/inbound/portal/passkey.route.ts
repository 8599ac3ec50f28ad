import { json, type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { browserName } from './browser-name.ts'
import { account, type JourneyKind, journeyOf } from './journey.ts'
import { LONGEST_CREDENTIAL } from './passkey.form.ts'
import {
  addPasskeyPage,
  type OwnPasskey,
  removePasskeyPage,
  renamePasskeyPage,
  tooManyPasskeysPage,
} from './passkey.page.ts'
import { proofFirst } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'

const LONGEST_NAME = 60

/** The pages that add a passkey, on one of the two journeys. */
export function passkeyRoutes(kind: JourneyKind) {
  return { getAdd, postOffer, postAdd }

  async function getAdd(portal: Portal, request: PageRequest): Promise<Reply> {
    await proofFirst(portal, request, kind)
    return show(portal, request, { name: browserName(request.userAgent) })
  }

  async function show(
    portal: Portal,
    request: PageRequest,
    view: { name: string; complaint?: string },
  ): Promise<Reply> {
    const journey = await journeyOf(portal, request, kind)
    return page(addPasskeyPage(request, { journey, ...view }), view.complaint === undefined ? 200 : 422)
  }

  /** Asked by the script. Whoever has to prove the second step first comes back to the page, not to this. */
  async function postOffer(portal: Portal, request: PageRequest): Promise<Reply> {
    const told = await ask(portal, { ...request, path: `${kind.base}/passkey` }, 'offerPasskey', {})
    if (told.ok) return json(told.value)
    return json({ go: request.to(told.refusal === 'passkey.too-many' ? '/account/passkeys/too-many' : kind.base) })
  }

  async function postAdd(portal: Portal, request: PageRequest): Promise<Reply> {
    const { t, form } = request
    const credential = form.text('credential', LONGEST_CREDENTIAL)
    const name = form.text('name', LONGEST_NAME)
    const again = (complaint: string) => show(portal, request, { name, complaint })
    if (credential === '') return again(t('passkey.no-script'))

    const called = name || browserName(request.userAgent) || t('method.passkey')
    const told = await ask(portal, request, 'confirmPasskey', { credential, name: called })
    if (!told.ok) return seeOther(kind.base)
    switch (told.value.outcome) {
      case 'proven':
        return told.value.session === undefined
          ? seeOther('/account?done=passkey')
          : welcome(portal, request, told.value.session, '/account?done=setup')
      case 'refused':
        return again(t('passkey.refused'))
      case 'gone':
        return again(t('passkey.gone'))
    }
  }
}

export async function getTooMany(portal: Portal, request: PageRequest): Promise<Reply> {
  const { displayName } = await tell(portal, request, 'readAccount', {})
  return page(tooManyPasskeysPage(request, { who: displayName }))
}

/** The person's own passkey of that id; another's is not there. */
async function ownPasskey(portal: Portal, request: PageRequest): Promise<OwnPasskey | undefined> {
  const { passkeys } = await tell(portal, request, 'listPasskeys', {})
  return passkeys.find(({ id }) => id === request.params.id)
}

export async function getRename(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const passkey = await ownPasskey(portal, request)
  if (!passkey) return seeOther('/account')
  const { displayName } = await tell(portal, request, 'readAccount', {})
  return page(renamePasskeyPage(request, { who: displayName, id: passkey.id, name: passkey.name }))
}

export async function postRename(portal: Portal, request: PageRequest): Promise<Reply> {
  const name = request.form.text('name', LONGEST_NAME)
  const passkey = await ownPasskey(portal, request)
  if (!passkey) return seeOther('/account')
  if (name === '') {
    const { displayName } = await tell(portal, request, 'readAccount', {})
    const complaint = request.t('passkey.name.missing')
    return page(renamePasskeyPage(request, { who: displayName, id: passkey.id, name, complaint }), 422)
  }
  const told = await ask(portal, request, 'renamePasskey', { id: passkey.id, name })
  return seeOther(told.ok ? '/account?done=passkey-renamed' : '/account')
}

export async function getRemovePasskey(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const passkey = await ownPasskey(portal, request)
  if (!passkey) return seeOther('/account')
  const { displayName, passkeys, token, phone } = await tell(portal, request, 'readAccount', {})
  const last = request.query.has('last') || (passkeys === 1 && !token && phone === undefined)
  return page(removePasskeyPage(request, { who: displayName, id: passkey.id, name: passkey.name, last }))
}

export async function postRemovePasskey(portal: Portal, request: PageRequest): Promise<Reply> {
  const id = request.params.id ?? ''
  const told = await ask(portal, request, 'removePasskey', { id: id.slice(0, 64) })
  if (told.ok) return seeOther('/account?done=passkey-removed')
  return seeOther(
    told.refusal === 'way-in.last' ? `/account/passkeys/${encodeURIComponent(id)}/remove?last=yes` : '/account',
  )
}
