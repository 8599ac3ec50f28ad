import type { Reader } from '../../i18n/format.ts'
import { languages, parseLanguage } from '../../i18n/languages.ts'
import { type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { accountPage, activityPage, doneNotices, languagePage, methodPage } from './account.page.ts'
import { account } from './journey.ts'
import { morePage } from './more.page.ts'
import { proofFirst } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'

async function readerOf(portal: Portal, { language, now }: PageRequest): Promise<Reader> {
  const { timeZone } = await portal.site()
  return { language, timeZone, now }
}

export async function getAccount(portal: Portal, request: PageRequest): Promise<Reply> {
  const own = await tell(portal, request, 'readAccount', {})
  const done = doneNotices.find((name) => name === request.query.get('done'))
  // Every method's User Setup ends here, and only once.
  if (done === 'setup' && own.prompted.length > 0) {
    return page(morePage(request, { who: own.displayName, prompted: own.prompted }))
  }
  const { passkeys } = await tell(portal, request, 'listPasskeys', {})
  const devices = await tell(portal, request, 'listDevices', {})
  const { events } = await tell(portal, request, 'listActivity', { most: 5 })
  const reader = await readerOf(portal, request)
  return page(accountPage(request, { account: own, passkeys, devices, recent: events, reader, done }))
}

export async function getActivity(portal: Portal, request: PageRequest): Promise<Reply> {
  const before = request.query.get('before')
  const { displayName } = await tell(portal, request, 'readAccount', {})
  const { events, more } = await tell(portal, request, 'listActivity', {
    most: 20,
    ...(before && /^\d{1,15}$/.test(before) && { before }),
  })
  const next = more ? events.at(-1)?.id : undefined
  return page(activityPage(request, { who: displayName, events, next, reader: await readerOf(portal, request) }))
}

export async function getMethod(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const { displayName, method, methods } = await tell(portal, request, 'readAccount', {})
  return page(methodPage(request, { who: displayName, method, methods }))
}

export async function postMethod(portal: Portal, request: PageRequest): Promise<Reply> {
  const { displayName, method, methods } = await tell(portal, request, 'readAccount', {})
  const chosen = request.form.choice('method', methods)
  const told = chosen && (await ask(portal, request, 'chooseMethod', { method: chosen }))
  if (told?.ok) return seeOther('/account?done=method')
  return page(methodPage(request, { who: displayName, method, methods, complaint: request.t('method.missing') }), 422)
}

export async function getLanguage(portal: Portal, request: PageRequest): Promise<Reply> {
  const { displayName, language } = await tell(portal, request, 'readAccount', {})
  return page(
    languagePage(request, { who: displayName, language: parseLanguage(language) ?? request.language, languages }),
  )
}

export async function postLanguage(portal: Portal, request: PageRequest): Promise<Reply> {
  const chosen = parseLanguage(request.form.text('language', 16))
  const told = chosen && (await ask(portal, request, 'chooseLanguage', { language: chosen }))
  if (chosen && told?.ok) return seeOther('/account?done=language', { language: chosen })
  const { displayName } = await tell(portal, request, 'readAccount', {})
  return page(
    languagePage(request, {
      who: displayName,
      language: request.language,
      languages,
      complaint: request.t('language.missing'),
    }),
    422,
  )
}
