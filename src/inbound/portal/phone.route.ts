import type { Output } from '../../contract/contract.ts'
import type { Translate } from '../../i18n/catalogue.ts'
import { moment } from '../../i18n/format.ts'
import { events, type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { countryOptions } from './countries.ts'
import { type JourneyKind, journeyOf, pinFirst } from './journey.ts'
import { watch } from './live.ts'
import { phoneCodePage, phonePage } from './phone.page.ts'
import { ask, type Portal, proveFirst, TurnedAway, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'

/** The pages that prove a phone, on one of the two journeys. */
export function phoneRoutes(kind: JourneyKind) {
  return { getPhone, postPhone, getCode, postCode, postAgain, getEvents }

  async function getPhone(portal: Portal, request: PageRequest): Promise<Reply> {
    await proofFirst(portal, request, kind)
    await pinFirst(portal, request, kind, 'text')
    const journey = await journeyOf(portal, request, kind)
    const { country, number } = await tell(portal, request, 'readPhoneProof', {})
    return page(phonePage(request, { journey, country, number }))
  }

  async function postPhone(portal: Portal, request: PageRequest): Promise<Reply> {
    const { form, t } = request
    const country =
      form.choice(
        'country',
        countryOptions(request.language).map(({ value }) => value),
      ) ?? ''
    const number = form.text('number', 64)
    const again = async (complaint: string, status: 422 | 429 = 422) => {
      const journey = await journeyOf(portal, request, kind)
      return page(phonePage(request, { journey, country, number, complaint }), status)
    }
    const told = await ask(portal, request, 'provePhone', { country, number })
    if (!told.ok) return seeOther(kind.base)
    switch (told.value.outcome) {
      case 'texted':
        return seeOther(`${kind.base}/phone/code`)
      case 'refused':
        return again(problemOf(t, request, told.value.problem, country))
      case 'wait':
        return again(t('phone.wait', { time: await timeOf(portal, request, told.value.until) }), 429)
    }
  }

  async function getCode(portal: Portal, request: PageRequest): Promise<Reply> {
    return showCode(portal, request, request.query.get('notice') === 'too-soon' ? { notice: 'too-soon' } : {})
  }

  async function showCode(
    portal: Portal,
    request: PageRequest,
    view: { complaint?: string; typed?: string; notice?: 'too-soon' },
  ): Promise<Reply> {
    const proof = await tell(portal, request, 'readPhoneProof', {})
    if (proof.number === '') return seeOther(`${kind.base}/phone`)
    if (proof.reply?.state === 'approved') {
      const done = await tell(portal, request, 'finishPhoneProof', {})
      if (done.outcome === 'proven') return proven(portal, request, done.session)
    }
    const shown = { journey: { ...kind, who: proof.displayName }, proof, now: request.now, ...view }
    return page(phoneCodePage(request, shown), view.complaint ? 422 : 200)
  }

  async function postCode(portal: Portal, request: PageRequest): Promise<Reply> {
    const { t, form } = request
    const code = form.text('code', 64)
    if (code === '') return showCode(portal, request, { complaint: t('code.missing') })

    const verdict = await tell(portal, request, 'confirmPhone', { code })
    switch (verdict.outcome) {
      case 'proven':
        return proven(portal, request, verdict.session)
      case 'wrong':
        return showCode(portal, request, { complaint: t('code.wrong', { count: verdict.attemptsLeft }), typed: code })
      case 'gone':
        return showCode(portal, request, { complaint: t('code.gone') })
    }
  }

  /** The same number once more. */
  async function postAgain(portal: Portal, request: PageRequest): Promise<Reply> {
    const { country, number } = await tell(portal, request, 'readPhoneProof', {})
    // Whoever has to prove the second step first comes back to the page, not to this form.
    const told = await ask(portal, { ...request, path: `${kind.base}/phone/code` }, 'provePhone', { country, number })
    const tooSoon = told.ok && told.value.outcome === 'wait'
    return seeOther(`${kind.base}/phone/code${tooSoon ? '?notice=too-soon' : ''}`)
  }

  function getEvents(portal: Portal, request: PageRequest): Reply {
    return events(
      watch(request, request.query.get('stamp') ?? '', async (stamp, seconds) =>
        tell(portal, request, 'awaitPhoneProof', { stamp, seconds }),
      ),
    )
  }
}

/** From User Setup somebody comes in; on the account there is a new number. */
async function proven(portal: Portal, request: PageRequest, session: string | undefined): Promise<Reply> {
  if (session === undefined) return seeOther('/account?done=phone')
  return welcome(portal, request, session, '/account?done=setup')
}

/** Asked before the form is shown, so that nobody fills it in for nothing. */
export async function proofFirst(portal: Portal, request: PageRequest, { kind }: JourneyKind): Promise<void> {
  if (kind === 'setup') return
  const { proofFresh } = await tell(portal, request, 'readAccount', {})
  if (!proofFresh) throw new TurnedAway(seeOther(proveFirst(request.path)))
}

type Problem = Extract<Output<'provePhone'>, { outcome: 'refused' }>['problem']

export function problemOf(t: Translate, { language }: PageRequest, problem: Problem, country: string): string {
  const label = countryOptions(language).find(({ value }) => value === country)?.label ?? ''
  return t(`phone.problem.${problem}`, { country: label.replace(/ \(\+\d+\)$/, '') })
}

export async function timeOf(portal: Portal, { language, now }: PageRequest, iso: string): Promise<string> {
  const { timeZone } = await portal.site()
  return moment(new Date(iso), { language, timeZone, now }).text
}
