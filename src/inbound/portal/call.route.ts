import type { Input } from '../../contract/contract.ts'
import { events, type PageRequest, page, type Reply, seeOther } from '../web/http.ts'
import { returnPath } from '../web/return-path.ts'
import { callPhonePage, callProofPage, removeBackupPage, type Slot } from './call.page.ts'
import { countryOptions } from './countries.ts'
import { account, type JourneyKind, journeyOf, pinFirst } from './journey.ts'
import { watch } from './live.ts'
import { problemOf, proofFirst, timeOf } from './phone.route.ts'
import { ask, type Portal, tell } from './portal.ts'
import { welcome } from './second-step.route.ts'
import { queryOf } from './way-query.ts'

/** POST /second-step/call and /second-step/text: asks elsewhere than on the page. */
export function postAsk(method: Input<'startPrompt'>['method']) {
  return async (portal: Portal, request: PageRequest): Promise<Reply> => {
    const to = returnPath(request.query.get('to'))
    const told = await ask(portal, request, 'startPrompt', { method })
    const notice = told.ok ? (told.value.outcome === 'wait' ? 'too-soon' : undefined) : 'unavailable'
    return seeOther(`/second-step${queryOf({ way: method, to, notice })}`)
  }
}

/** The pages that prove a phone by a call, on one of the two journeys. */
export function callRoutes(kind: JourneyKind) {
  return { getPhone, postPhone, getProof, postAgain, getEvents }

  function slotOf({ query }: PageRequest): Slot {
    return kind.kind === 'account' && query.get('slot') === 'backup' ? 'backup' : 'primary'
  }

  async function getPhone(portal: Portal, request: PageRequest): Promise<Reply> {
    await proofFirst(portal, request, kind)
    await pinFirst(portal, request, kind, 'call')
    const journey = await journeyOf(portal, request, kind)
    const slot = slotOf(request)
    const proof = await tell(portal, request, 'readCallProof', {})
    const { country, number, extension } = proof.slot === slot ? proof : { ...proof, number: '', extension: '' }
    const removable = slot === 'backup' && (await tell(portal, request, 'readAccount', {})).backupPhone !== undefined
    return page(callPhonePage(request, { journey, slot, country, number, extension, removable }))
  }

  async function postPhone(portal: Portal, request: PageRequest): Promise<Reply> {
    const { form, t } = request
    const countries = countryOptions(request.language).map(({ value }) => value)
    const typed = {
      slot: slotOf(request),
      country: form.choice('country', countries) ?? '',
      number: form.text('number', 64),
      extension: form.text('extension', 16),
    }
    const again = async (complaints: { number?: string; extension?: string }, status: 422 | 429 = 422) => {
      const journey = await journeyOf(portal, request, kind)
      return page(callPhonePage(request, { journey, ...typed, complaints }), status)
    }
    const told = await ask(portal, request, 'proveCall', typed)
    if (!told.ok) return seeOther(kind.base)
    const { value } = told
    switch (value.outcome) {
      case 'called':
        return seeOther(`${kind.base}/call/wait`)
      case 'refused':
        return value.problem === 'extension'
          ? again({ extension: t('call.problem.extension') })
          : again({ number: problemOf(t, request, value.problem, typed.country) })
      case 'wait':
        return again({ number: t('call.wait', { time: await timeOf(portal, request, value.until) }) }, 429)
    }
  }

  /** Waits for the call; once it was confirmed, the number counts. */
  async function getProof(portal: Portal, request: PageRequest): Promise<Reply> {
    const proof = await tell(portal, request, 'readCallProof', {})
    if (proof.number === '') return seeOther(`${kind.base}/call`)
    if (proof.call?.state === 'approved') {
      const done = await tell(portal, request, 'finishCallProof', {})
      if (done.outcome === 'proven') {
        if (done.session !== undefined) return welcome(portal, request, done.session, '/account?done=setup')
        return seeOther(`/account?done=${proof.slot === 'backup' ? 'backup-phone' : 'phone'}`)
      }
    }
    const notice = request.query.get('notice') === 'too-soon' ? 'too-soon' : undefined
    const journey = { ...kind, who: proof.displayName }
    return page(callProofPage(request, { journey, proof, now: request.now, notice }))
  }

  /** The same number once more. */
  async function postAgain(portal: Portal, request: PageRequest): Promise<Reply> {
    const { slot, country, number, extension } = await tell(portal, request, 'readCallProof', {})
    // Whoever has to prove the second step first comes back to the page, not to this form.
    const back = { ...request, path: `${kind.base}/call/wait` }
    const told = await ask(portal, back, 'proveCall', { slot, country, number, extension })
    const tooSoon = told.ok && told.value.outcome === 'wait'
    return seeOther(`${kind.base}/call/wait${tooSoon ? '?notice=too-soon' : ''}`)
  }

  function getEvents(portal: Portal, request: PageRequest): Reply {
    return events(
      watch(request, request.query.get('stamp') ?? '', async (stamp, seconds) =>
        tell(portal, request, 'awaitCallProof', { stamp, seconds }),
      ),
    )
  }
}

export async function getRemoveBackup(portal: Portal, request: PageRequest): Promise<Reply> {
  await proofFirst(portal, request, account)
  const { displayName } = await tell(portal, request, 'readAccount', {})
  return page(removeBackupPage(request, { who: displayName }))
}

export async function postRemoveBackup(portal: Portal, request: PageRequest): Promise<Reply> {
  await tell(portal, request, 'removeBackupPhone', {})
  return seeOther('/account?done=backup-phone-removed')
}
