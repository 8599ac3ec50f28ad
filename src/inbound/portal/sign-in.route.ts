import type { Output } from '../../contract/contract.ts'
import { moment } from '../../i18n/format.ts'
import { json, type PageRequest, page, type Redirect, type Reply, seeOther } from '../web/http.ts'
import { LONGEST_CREDENTIAL } from './passkey.form.ts'
import { passwordPage } from './password.page.ts'
import { ask, callOf, type Portal, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'
import { type SignInView, signInNotices, signInPage } from './sign-in.page.ts'

/** GET /: whoever comes is led to where they are. */
export async function getStart(portal: Portal, request: PageRequest): Promise<Reply> {
  const { level } = await tell(portal, request, 'readMe', {})
  switch (level) {
    case 'anyone':
      // A token that opens nothing any more: the session ended. Who never had one is simply asked to sign in.
      if (!request.session) return seeOther('/sign-in')
      return (await isAskedBack(portal, request))
        ? seeOther('/sign-in/challenge')
        : seeOther('/sign-in?notice=ended', { session: null })
    case 'half signed in':
      return seeOther('/second-step')
    case 'setting up':
      return seeOther('/setup')
    case 'choosing a PIN':
      return seeOther('/pin')
    case 'signed in':
      return seeOther('/account')
  }
}

async function isAskedBack(portal: Portal, request: PageRequest): Promise<boolean> {
  const { outcome } = await tell(portal, request, 'readDirectoryChallenge', { challenge: challengeOf(request) })
  return outcome === 'asked'
}

/** The cookie holds the token of the question, as it later holds the session's. What is longer was never one. */
export function challengeOf({ session = '' }: PageRequest): string {
  return session.slice(0, 200)
}

export async function getSignIn(portal: Portal, request: PageRequest): Promise<Reply> {
  const which = signInNotices.find((name) => name === request.query.get('notice'))
  const { logInAllowed: allowed, passkeySignIn: passkey } = await portal.site()
  const { proven } = request
  return page(signInPage(request, { allowed, passkey, proven, ...(which && { notice: which }) }))
}

/** POST /sign-in. The password goes to the engine and nowhere else; the page never has it back. */
export async function postSignIn(portal: Portal, request: PageRequest): Promise<Reply> {
  const { t, form, language, now } = request
  const username = form.text('username', 256)
  const password = form.secret('password', 1024)
  const { passkeySignIn: passkey } = await portal.site()
  const again = (view: Partial<SignInView>, status: 422 | 429 = 422) =>
    page(signInPage(request, { allowed: true, passkey, username, ...view }), status)

  if (username === '') return again({ complaints: { username: t('sign-in.username.missing') } })
  if (password === '') return again({ complaints: { password: t('sign-in.password.missing') } })

  const told = await ask(portal, request, 'beginSignIn', { username, password })
  if (!told.ok) {
    switch (told.refusal) {
      case 'credentials.wrong':
        return again({ complaints: { password: t('sign-in.wrong') } })
      case 'sign-in.off':
        return again({ allowed: false })
      case 'sign-in.hours':
        return seeOther('/sign-in?notice=hours')
      case 'enrolment.off':
        return seeOther('/sign-in?notice=enrolment-off')
    }
  }
  if (told.value.outcome === 'wait') {
    const { timeZone } = await portal.site()
    return again({ waitUntil: moment(new Date(told.value.until), { language, timeZone, now }) }, 429)
  }
  if (told.value.outcome === 'must-change') return page(passwordPage(request, { username, ...told.value }))
  return onwards(told.value)
}

/** POST /sign-in while the directory, or the engine, does not answer: the person is not to think that the password was wrong. */
export function signInOutage(request: PageRequest): Reply {
  const username = request.form.text('username', 256)
  return page(signInPage(request, { allowed: true, username, outage: request.id }), 503)
}

/** POST /sign-in/integrated: as whom the proxy has proven; a button, so that no other site can begin it. */
export async function postIntegrated(portal: Portal, request: PageRequest): Promise<Reply> {
  const call = { ...callOf(request), proven: request.proven }
  const told = await portal.api.beginIntegratedSignIn(call, {})
  if (told.ok) return onwards(told.value)
  switch (told.refusal) {
    case 'sign-in.off':
      return seeOther('/sign-in')
    case 'enrolment.off':
      return seeOther('/sign-in?notice=enrolment-off')
    default:
      return seeOther('/sign-in?notice=integrated-refused')
  }
}

/** After the password, or after what the directory had asked back. */
export function onwards(begun: Exclude<Output<'beginSignIn'>, { outcome: 'wait' | 'must-change' }>): Redirect {
  switch (begun.outcome) {
    case 'challenged':
      return seeOther('/sign-in/challenge', { session: begun.challenge })
    case 'begun':
      return seeOther(begun.next === 'second-step' ? '/second-step' : '/setup', { session: begun.session })
  }
}

/** POST /sign-in/passkey/begin, by the script of the page. */
export async function postBeginPasskey(portal: Portal, request: PageRequest): Promise<Reply> {
  const told = await ask(portal, request, 'beginPasskeySignIn', {})
  if (!told.ok) return json({ go: request.to('/sign-in') })
  if (told.value.outcome === 'wait') return json({ go: request.to('/sign-in?notice=passkey-wait') })
  return json({ id: told.value.id, options: told.value.options })
}

/** POST /sign-in/passkey. */
export async function postPasskeySignIn(portal: Portal, request: PageRequest): Promise<Reply> {
  const credential = request.form.text('credential', LONGEST_CREDENTIAL)
  const id = request.form.text('id', 64)
  if (credential === '') return seeOther('/sign-in?notice=passkey-script')

  const told = await ask(portal, request, 'finishPasskeySignIn', { id, credential })
  if (!told.ok) {
    switch (told.refusal) {
      case 'passkey.refused':
        return seeOther('/sign-in?notice=passkey-refused')
      case 'sign-in.hours':
        return seeOther('/sign-in?notice=hours')
      default:
        return seeOther('/sign-in')
    }
  }
  if (told.value.outcome === 'locked') return seeOther('/sign-in?notice=passkey-locked')
  return welcome(portal, request, told.value.session, undefined)
}

/** POST /sign-in/passkey meanwhile: nor is it the passkey. */
export function passkeyOutage(request: PageRequest): Reply {
  return page(signInPage(request, { allowed: true, passkey: true, outage: request.id, outageOf: 'passkey' }), 503)
}

/** POST /sign-out: ends the session in the engine, so that it is over in every window and on every node. */
export async function postSignOut(portal: Portal, request: PageRequest): Promise<Reply> {
  await portal.api.signOut(
    { session: request.session, address: request.address, userAgent: request.userAgent },
    { all: request.form.checked('all') },
  )
  return seeOther('/sign-in?notice=signed-out', { session: null })
}
