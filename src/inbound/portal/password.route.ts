import { moment } from '../../i18n/format.ts'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { LONGEST_PASSWORD, type PasswordComplaints, type PasswordView, passwordPage } from './password.page.ts'
import { ask, type Portal } from './portal.ts'
import { onwards } from './sign-in.route.ts'

/** POST /sign-in/password, from the page that a sign-in with a password to be changed ends in. */
export async function postPassword(portal: Portal, request: PageRequest): Promise<Reply> {
  const { form, t, language, now } = request
  const { username, why } = shownOf(request)
  const password = form.secret('password', LONGEST_PASSWORD)
  const chosen = form.secret('chosen', LONGEST_PASSWORD)
  const again = (view: Partial<PasswordView>, status: 422 | 429 = 422) =>
    page(passwordPage(request, { username, why, changeable: true, ...view }), status)

  const complaints: PasswordComplaints = {
    ...(password === '' && { password: t('password.password.missing') }),
    ...(chosen === ''
      ? { chosen: t('password.chosen.missing') }
      : chosen !== form.secret('again', LONGEST_PASSWORD) && { again: t('password.again.differs') }),
  }
  if (Object.keys(complaints).length > 0) return again({ complaints })

  const told = await ask(portal, request, 'changeExpiredPassword', { username, password, chosen })
  if (!told.ok) {
    switch (told.refusal) {
      case 'credentials.wrong':
        return again({ complaints: { password: t('password.password.wrong') } })
      case 'password.unfit':
        return again({ complaints: { chosen: t('password.unfit') } })
      case 'password.same':
        return again({ complaints: { chosen: t('password.same') } })
      case 'password.rules':
        return again({ complaints: { chosen: t('password.rules') } })
      case 'password.not-here':
        return again({ changeable: false })
      case 'sign-in.off':
        return seeOther('/sign-in')
      case 'sign-in.hours':
        return seeOther('/sign-in?notice=hours')
      case 'enrolment.off':
        return seeOther('/sign-in?notice=enrolment-off')
    }
  }
  switch (told.value.outcome) {
    case 'wait': {
      const { timeZone } = await portal.site()
      return again({ waitUntil: moment(new Date(told.value.until), { language, timeZone, now }) }, 429)
    }
    case 'must-change':
      return again({ ...told.value })
    default:
      return onwards(told.value)
  }
}

/** GET of the same, as after the language was changed on it: nothing of the form is left, and sign-in leads back here. */
export function getPassword(): Reply {
  return seeOther('/sign-in')
}

export function passwordOutage(request: PageRequest): Reply {
  return page(passwordPage(request, { ...shownOf(request), changeable: true, outage: request.id }), 503)
}

function shownOf({ form }: PageRequest): Pick<PasswordView, 'username' | 'why'> {
  return { username: form.text('username', 256), why: form.text('why', 16) === 'reset' ? 'reset' : 'expired' }
}
