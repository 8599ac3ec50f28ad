import type { Output } from '../../contract/contract.ts'
import type { Translate } from '../../i18n/catalogue.ts'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { account } from './journey.ts'
import { proofFirst } from './phone.route.ts'
import { type PinComplaints, type PinView, pinPage } from './pin.page.ts'
import { ask, type Portal, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'
import { afterMethod } from './setup.route.ts'

const LONGEST = 64

/** GET /account/pin. */
export async function getPin(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  return show(portal, request, onAccount)
}

/** POST /account/pin. */
export async function postPin(portal: Portal, request: PageRequest): Promise<Reply> {
  const chosen = await choose(portal, request, onAccount)
  if ('reply' in chosen) return chosen.reply
  return seeOther(chosen.outcome === 'chosen' ? '/account?done=pin' : '/account')
}

/** GET /pin: both steps were right, and nothing opens before this is answered. */
export async function getNewPin(portal: Portal, request: PageRequest): Promise<Reply> {
  return show(portal, request, atSignIn)
}

/** POST /pin. */
export async function postNewPin(portal: Portal, request: PageRequest): Promise<Reply> {
  const chosen = await choose(portal, request, atSignIn)
  if ('reply' in chosen) return chosen.reply
  if (chosen.outcome === 'chosen' && chosen.session !== undefined) {
    return welcome(portal, request, chosen.session, '/account?done=pin')
  }
  // Chosen in another window, by another sign-in: this one is of no use any more.
  await ask(portal, request, 'signOut', {})
  return seeOther('/sign-in?notice=ended', { session: null })
}

/** GET /setup/pin?for=call. */
export async function getSetupPin(portal: Portal, request: PageRequest): Promise<Reply> {
  const { pinFor } = await tell(portal, request, 'readSetup', {})
  const method = pinFor.find((name) => name === request.query.get('for'))
  return method ? show(portal, request, inSetup(method)) : seeOther('/setup')
}

/** POST /setup/pin?for=call. */
export async function postSetupPin(portal: Portal, request: PageRequest): Promise<Reply> {
  const { methods } = await tell(portal, request, 'readSetup', {})
  const method = methods.find((name) => name === request.query.get('for'))
  if (!method) return seeOther('/setup')
  const chosen = await choose(portal, request, inSetup(method))
  return 'reply' in chosen ? chosen.reply : afterMethod(portal, request, method, [])
}

type Place = Pick<PinView, 'place' | 'to'>
const onAccount: Place = { place: 'account', to: '/account/pin' }
const atSignIn: Place = { place: 'sign-in', to: '/pin' }
const inSetup = (method: string): Place => ({ place: 'setup', to: `/setup/pin?for=${method}` })

async function show(portal: Portal, request: PageRequest, place: Place): Promise<Reply> {
  return page(pinPage(request, { ...place, own: await tell(portal, request, 'readPin', {}) }))
}

type Chosen = { outcome: 'chosen' | 'gone'; session?: string | undefined }

/** What came of the form: a page with complaints, or a choice that was taken. */
async function choose(portal: Portal, request: PageRequest, place: Place): Promise<{ reply: Reply } | Chosen> {
  const { form, t } = request
  const own = await tell(portal, request, 'readPin', {})
  const again = (complaints: PinComplaints, status: 422 | 429 = 422) => ({
    reply: page(pinPage(request, { ...place, own, complaints }), status),
  })
  const typed = { old: form.secret('old', LONGEST), pin: form.secret('pin', LONGEST) }
  const missing = {
    ...(own.asksOld && typed.old === '' && { old: t('pin.old.missing') }),
    ...(typed.pin === '' && { pin: t('pin.new.missing') }),
    ...(typed.pin !== '' && form.secret('again', LONGEST) !== typed.pin && { again: t('pin.again.differs') }),
  }
  if (Object.keys(missing).length > 0) return again(missing)

  const told = await ask(portal, request, 'choosePin', typed)
  // Only in User Setup, in another window: the choice stands, and the way goes on.
  if (!told.ok) return { outcome: 'chosen' }
  switch (told.value.outcome) {
    case 'chosen':
    case 'gone':
      return told.value
    case 'refused':
      return again({ pin: problemsOf(t, told.value.problems, own.minLength) })
    case 'wrong':
      return again({ old: t('pin.old.wrong', { count: told.value.attemptsLeft }) })
    case 'locked':
      return again({ old: t('pin.old.locked') }, 429)
  }
}

type Problem = Extract<Output<'choosePin'>, { outcome: 'refused' }>['problems'][number]

function problemsOf(t: Translate, problems: readonly Problem[], minLength: number): string {
  return problems.map((problem) => t(`pin.problem.${problem}`, { count: minLength })).join(' ')
}
