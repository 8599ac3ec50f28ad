import { moment } from '../../i18n/format.ts'
import { parseLanguage } from '../../i18n/languages.ts'
import { events, json, type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { returnPath } from '../web/return-path.ts'
import { watch } from './live.ts'
import { LONGEST_CREDENTIAL } from './passkey.form.ts'
import { ask, callOf, type Portal, tell } from './portal.ts'
import { answerName } from './questions.page.ts'
import { isFailed, type SecondStepView } from './second-step.frame.ts'
import { secondStepPage } from './second-step.page.ts'
import { queryOf } from './way-query.ts'
import { noWayPage, waysPage } from './ways.page.ts'

const methods = ['text', 'call', 'app', 'oath', 'passkey', 'questions', 'recovery'] as const
type Way = (typeof methods)[number]

function wayOf(wanted: string | null): { way?: Way } {
  const way = methods.find((method) => method === wanted)
  return way ? { way } : {}
}

/** GET /second-step: for someone half signed in, and for someone signed in who is to prove it again. */
export async function getSecondStep(portal: Portal, request: PageRequest): Promise<Reply> {
  const { query } = request
  const to = returnPath(query.get('to'))
  return show(portal, request, {
    ...wayOf(query.get('way')),
    to,
    ...noticeOf(query.get('notice')),
  })
}

function noticeOf(name: string | null): Pick<Show, 'notice'> {
  return name === 'too-soon' || name === 'unavailable' || name === 'in-step' ? { notice: name } : {}
}

type Show = {
  way?: Way
  to: string | undefined
  complaint?: string
  pinComplaint?: string
  mismatch?: string
  typed?: string
  notice?: SecondStepView['notice'] & string
}

/** The method by which the answer was given elsewhere, once it was. */
function approvedIn({ call, reply, app }: SecondStepView['step']): 'call' | 'text' | 'app' | undefined {
  if (call?.state === 'approved') return 'call'
  if (reply?.state === 'approved') return 'text'
  return app?.state === 'approved' ? 'app' : undefined
}

async function show(portal: Portal, request: PageRequest, { way, ...view }: Show): Promise<Reply> {
  const step = await tell(portal, request, 'readSecondStep', way ? { way } : {})
  const approved = approvedIn(step)
  if (approved && !step.locked) {
    const told = await ask(portal, request, 'finishSecondStep', { method: approved })
    if (told.ok && told.value.outcome === 'passed') return welcome(portal, request, told.value.session, view.to)
    if (told.ok && told.value.outcome === 'new-pin') return seeOther('/pin', { session: told.value.session })
  }
  const { timeZone } = await portal.site()
  const { language, now } = request
  const until = step.locked?.until
  const lockedUntil = until === undefined ? undefined : moment(new Date(until), { language, timeZone, now })
  const shown: SecondStepView = { step, now, lockedUntil, ...view }
  return page(secondStepPage(request, shown), step.locked ? 429 : isFailed(shown) ? 422 : 200)
}

/** POST /second-step. */
export async function postSecondStep(portal: Portal, request: PageRequest): Promise<Reply> {
  const { t, form, query } = request
  const method = wayOf(query.get('way')).way ?? 'text'
  if (method === 'passkey' || method === 'call' || method === 'app' || method === 'questions')
    return seeOther(`/second-step${queryOf({ way: method, to: returnPath(query.get('to')) })}`)
  const code = form.text('code', 64)
  const to = returnPath(query.get('to'))
  const asksPin = form.has('pin')
  const pin = form.secret('pin', 64)
  const again = (view: Partial<Show>) => show(portal, request, { way: method, to, ...view })
  const pinComplaint = asksPin && pin === '' ? { pinComplaint: t('pin.missing') } : {}
  if (code === '') return again({ complaint: t('code.missing'), ...pinComplaint })
  if (asksPin && pin === '') return again({ typed: code, ...pinComplaint })

  const told = await ask(portal, request, 'answerSecondStep', { method, code, ...(asksPin && { pin }) })
  if (!told.ok) return seeOther('/second-step')

  const verdict = told.value
  switch (verdict.outcome) {
    case 'passed':
      return welcome(portal, request, verdict.session, to)
    case 'new-pin':
      return seeOther('/pin', { session: verdict.session })
    case 'wrong': {
      const count = verdict.attemptsLeft
      return asksPin
        ? again({ mismatch: t('code.wrong-or-pin', { count }), typed: code })
        : again({ complaint: t('code.wrong', { count }), typed: code })
    }
    case 'gone':
      return again({ complaint: t(method === 'recovery' ? 'recovery.gone' : 'code.gone') })
    case 'locked':
      return seeOther('/second-step')
  }
}

/** GET of what is only sent to: a page that came of it is loaded again, as when the language is changed on it. */
export function getBack(way: 'questions' | 'passkey', { query }: PageRequest): Reply {
  return seeOther(`/second-step${queryOf({ way, to: returnPath(query.get('to')) })}`)
}

/** POST /second-step/questions. */
export async function postAnswers(portal: Portal, request: PageRequest): Promise<Reply> {
  const { t, form, query } = request
  const to = returnPath(query.get('to'))
  const { questions } = await tell(portal, request, 'readSecondStep', { way: 'questions' })
  // Answered anew in another window, or switched off: the page says what there is.
  if (!questions) return seeOther('/second-step')
  const answers = questions.map(({ id }, i) => ({ id, answer: form.text(answerName(i), 256) }))
  const told = await ask(portal, request, 'answerQuestions', { answers })
  if (!told.ok) return seeOther('/second-step')
  const again = (complaint: string) => show(portal, request, { way: 'questions', to, complaint })
  switch (told.value.outcome) {
    case 'passed':
      return welcome(portal, request, told.value.session, to)
    case 'new-pin':
      return seeOther('/pin', { session: told.value.session })
    case 'wrong':
      return again(t('questions.wrong', { count: told.value.attemptsLeft }))
    case 'gone':
      return again(t('questions.gone'))
    case 'locked':
      return seeOther('/second-step')
  }
}

/** POST /second-step/passkey/ask, by the script of the page. */
export async function postAskPasskey(portal: Portal, request: PageRequest): Promise<Reply> {
  const told = await ask(portal, request, 'askPasskey', {})
  const asked = told.ok && told.value.outcome === 'asked' ? told.value : undefined
  // Locked, or the last passkey was removed in another window: the page says what there is.
  return json(asked ? { options: asked.options } : { go: request.to('/second-step') })
}

/** POST /second-step/passkey. */
export async function postPasskey(portal: Portal, request: PageRequest): Promise<Reply> {
  const { t, form, query } = request
  const to = returnPath(query.get('to'))
  const again = (complaint: string) => show(portal, request, { way: 'passkey', to, complaint })
  const credential = form.text('credential', LONGEST_CREDENTIAL)
  if (credential === '') return again(t('passkey.no-script'))

  const told = await ask(portal, request, 'answerPasskey', { credential })
  if (!told.ok) return seeOther('/second-step')
  switch (told.value.outcome) {
    case 'passed':
      return welcome(portal, request, told.value.session, to)
    case 'new-pin':
      return seeOther('/pin', { session: told.value.session })
    case 'wrong':
      return again(t('passkey.wrong', { count: told.value.attemptsLeft }))
    case 'gone':
      return again(t('passkey.gone'))
    case 'locked':
      return seeOther('/second-step')
  }
}

/** In, and from now on in the person's own language. */
export async function welcome(
  portal: Portal,
  request: PageRequest,
  session: string,
  to: string | undefined,
): Promise<Reply> {
  const { language } = await tell(portal, { ...request, session }, 'readAccount', {})
  return seeOther(to ?? '/account', { session, language: parseLanguage(language) })
}

/** POST /second-step/send. */
export async function postSend(portal: Portal, request: PageRequest): Promise<Reply> {
  const to = returnPath(request.query.get('to'))
  const told = await ask(portal, request, 'sendText', {})
  const tooSoon = told.ok && told.value.outcome === 'wait'
  return seeOther(`/second-step${queryOf({ way: 'text', to, notice: tooSoon ? 'too-soon' : undefined })}`)
}

/** GET /second-step/events: the page moves on by itself. */
export function getEvents(portal: Portal, request: PageRequest): Reply {
  const way = wayOf(request.query.get('way'))
  return events(
    watch(request, request.query.get('stamp') ?? '', async (stamp, seconds) =>
      tell(portal, request, 'awaitSecondStep', { ...way, stamp, seconds }),
    ),
  )
}

/** GET /second-step/ways. */
export async function getWays(portal: Portal, request: PageRequest): Promise<Reply> {
  const step = await tell(portal, request, 'readSecondStep', {})
  return page(waysPage(request, { step, to: returnPath(request.query.get('to')) }))
}

/** GET /second-step/none: where whoever has no way left is led from every page that would ask for one. */
export async function getNone(portal: Portal, request: PageRequest): Promise<Reply> {
  const answer = await portal.api.readSecondStep(callOf(request), {})
  return answer.ok ? seeOther('/second-step') : page(noWayPage(request))
}
