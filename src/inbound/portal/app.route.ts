import { toString as qrPicture } from 'qrcode'
import { moment } from '../../i18n/format.ts'
import { events, type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { returnPath } from '../web/return-path.ts'
import { activationOverPage, activationPage, appProofPage, startAppPage } from './app.page.ts'
import { type JourneyKind, journeyOf, pinFirst } from './journey.ts'
import { watch } from './live.ts'
import { proofFirst } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'
import { queryOf } from './way-query.ts'

const LONGEST_ID = 64

/** POST /second-step/app. */
export async function postApp(portal: Portal, request: PageRequest): Promise<Reply> {
  const to = returnPath(request.query.get('to'))
  const told = await ask(portal, request, 'startPrompt', { method: 'app' })
  const notice = told.ok ? (told.value.outcome === 'wait' ? 'too-soon' : undefined) : 'unavailable'
  return seeOther(`/second-step${queryOf({ way: 'app', to, notice })}`)
}

/** The pages that put a device on the account, on one of the two journeys. */
export function appRoutes(kind: JourneyKind) {
  return { getStart, postNew, postAgain, getCode, postAsk, getEvents }

  async function getStart(portal: Portal, request: PageRequest): Promise<Reply> {
    await proofFirst(portal, request, kind)
    await pinFirst(portal, request, kind, 'app')
    return start(portal, request)
  }

  async function start(portal: Portal, request: PageRequest, complaint?: string): Promise<Reply> {
    const journey = await journeyOf(portal, request, kind)
    const { devices, most } = await ownDevices(portal, request)
    const full = devices.length >= most ? devices : []
    const view = { journey, url: await addressOf(portal, request), full, most, complaint }
    return page(startAppPage(request, view), complaint === undefined ? 200 : 422)
  }

  async function ownDevices(portal: Portal, request: PageRequest) {
    // In User Setup there is nobody yet whose devices could be counted.
    return kind.kind === 'setup' ? { devices: [], most: 1 } : tell(portal, request, 'listDevices', {})
  }

  /** Whoever has to prove the second step first comes back to the page, not to this form. */
  async function postNew(portal: Portal, request: PageRequest): Promise<Reply> {
    const replaces = request.form.text('replaces', LONGEST_ID)
    const asker = { ...request, path: `${kind.base}/app` }
    const told = await ask(portal, asker, 'offerActivation', replaces === '' ? {} : { replaces })
    if (told.ok) return seeOther(`${kind.base}/app/code`)
    if (told.refusal === 'method.unavailable' || told.refusal === 'pin.missing') return seeOther(kind.base)
    return start(portal, request, request.t('app.replaces.missing'))
  }

  /** Another code in place of the one that is shown; for a device that was to be replaced, that is asked again. */
  async function postAgain(portal: Portal, request: PageRequest): Promise<Reply> {
    const asker = { ...request, path: `${kind.base}/app` }
    const told = await ask(portal, asker, 'offerActivation', {})
    return seeOther(`${kind.base}/app${told.ok ? '/code' : ''}`)
  }

  async function getCode(portal: Portal, request: PageRequest): Promise<Reply> {
    const read = await tell(portal, request, 'readActivation', {})
    const { activation, proof, displayName, stamp } = read
    const journey = { ...kind, who: displayName }
    if (!activation) return seeOther(`${kind.base}/app`)
    if (activation.state === 'used') {
      if (kind.kind === 'account') return seeOther('/account?done=device')
      if (proof?.state === 'approved') {
        const done = await tell(portal, request, 'finishAppProof', {})
        if (done.outcome === 'proven' && done.session !== undefined)
          return welcome(portal, request, done.session, '/account?done=setup')
      }
      const notice = request.query.get('notice') === 'too-soon' ? 'too-soon' : undefined
      const device = activation.device?.name ?? ''
      return page(appProofPage(request, { journey, device, proof, now: request.now, stamp, notice }))
    }
    if (activation.state === 'over' || activation.code === undefined)
      return page(activationOverPage(request, { journey }))

    const { timeZone } = await portal.site()
    const url = activation.url ?? (await addressOf(portal, request))
    const link = `${url}#activate=${activation.code}`
    const qr = await qrPicture(link, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
    const { language, now } = request
    const until = moment(new Date(activation.expiresAt), { language, timeZone, now })
    return page(activationPage(request, { journey, code: activation.code, url, link, qr, until, stamp }))
  }

  /** POST /setup/app/ask: "Authenticate Me Now". */
  async function postAsk(portal: Portal, request: PageRequest): Promise<Reply> {
    const told = await ask(portal, request, 'startAppProof', {})
    if (!told.ok) return seeOther('/setup')
    return seeOther(`/setup/app/code${told.value.outcome === 'wait' ? '?notice=too-soon' : ''}`)
  }

  function getEvents(portal: Portal, request: PageRequest): Reply {
    return events(
      watch(request, request.query.get('stamp') ?? '', async (stamp, seconds) =>
        tell(portal, request, 'awaitActivation', { stamp, seconds }),
      ),
    )
  }
}

/** Where the mobile app is: as configured, else beside this portal. */
async function addressOf(portal: Portal, { origin }: PageRequest): Promise<string> {
  const { appUrl } = await portal.site()
  return appUrl ?? `${origin}/authenticator/`
}
