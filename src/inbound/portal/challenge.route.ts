import { moment } from '../../i18n/format.ts'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { challengePage, LONGEST_REPLY } from './challenge.page.ts'
import { passwordPage } from './password.page.ts'
import { ask, type Portal, tell } from './portal.ts'
import { signInPage } from './sign-in.page.ts'
import { challengeOf, onwards } from './sign-in.route.ts'

/** GET /sign-in/challenge. */
export async function getChallenge(portal: Portal, request: PageRequest, complaint?: string): Promise<Reply> {
  const asked = await tell(portal, request, 'readDirectoryChallenge', { challenge: challengeOf(request) })
  if (asked.outcome === 'gone') return seeOther('/sign-in?notice=challenge-over')
  const { message, echo } = asked
  return page(challengePage(request, { message, echo, ...(complaint && { complaint }) }), complaint ? 422 : 200)
}

/** POST /sign-in/challenge. */
export async function postChallenge(portal: Portal, request: PageRequest): Promise<Reply> {
  const { form, t, language, now } = request
  const reply = form.secret('reply', LONGEST_REPLY)
  if (reply.trim() === '') return getChallenge(portal, request, t('challenge.reply.missing'))

  const told = await ask(portal, request, 'answerDirectoryChallenge', { challenge: challengeOf(request), reply })
  if (!told.ok) {
    switch (told.refusal) {
      case 'credentials.wrong':
        return seeOther('/sign-in?notice=challenge-wrong', { session: null })
      case 'sign-in.hours':
        return seeOther('/sign-in?notice=hours', { session: null })
      case 'enrolment.off':
        return seeOther('/sign-in?notice=enrolment-off', { session: null })
      case 'sign-in.off':
        return seeOther('/sign-in')
    }
  }
  switch (told.value.outcome) {
    case 'gone':
      return seeOther('/sign-in?notice=challenge-over')
    case 'wait': {
      const { timeZone, passkeySignIn: passkey } = await portal.site()
      const waitUntil = moment(new Date(told.value.until), { language, timeZone, now })
      return page(signInPage(request, { allowed: true, passkey, waitUntil }), 429)
    }
    case 'must-change':
      // Who asks back does not change passwords: they are told to do it elsewhere.
      return page(passwordPage(request, { username: '', ...told.value, changeable: false }))
    default:
      return onwards(told.value)
  }
}
