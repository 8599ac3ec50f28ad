import { resyncPage } from '../../src/inbound/portal/resync.page.ts'
import type { SecondStepView } from '../../src/inbound/portal/second-step.frame.ts'
import { secondStepPage } from '../../src/inbound/portal/second-step.page.ts'
import { noWayPage, waysPage } from '../../src/inbound/portal/ways.page.ts'
import type { PageRequest } from '../../src/inbound/web/http.ts'
import type { Draw } from '../gallery-site.ts'
import { ahead, callOf, type Pages, promptOf, questions, replyOf, soon, stepOf, textOf, who } from './facts.ts'

type More = Partial<SecondStepView>
const step =
  (
    of: (request: PageRequest) => Parameters<typeof stepOf>[0],
    more: (request: PageRequest) => More = () => ({}),
  ): Draw =>
  (request) =>
    secondStepPage(request, { step: stepOf(of(request)), now: request.now, to: undefined, ...more(request) })

const callOver = (outcome: 'no-answer' | 'fraud'): Draw =>
  step((request) => ({ method: 'call', call: callOf(request, { state: 'over', outcome }) }))

export const secondStepPages: Pages = {
  'text sent': step((request) => ({ method: 'text', textMode: 'one-way', text: textOf(request) })),
  'text on its way': step((request) => ({
    method: 'text',
    textMode: 'one-way',
    text: textOf(request, { sending: 'sending', againAt: ahead(request, 1) }),
  })),
  'text failed': step((request) => ({
    method: 'text',
    textMode: 'one-way',
    text: textOf(request, { sending: 'failed' }),
  })),
  'text wrong': step(
    (request) => ({ method: 'text', textMode: 'one-way', text: textOf(request) }),
    ({ t }) => ({ complaint: t('code.wrong', { count: 4 }), typed: '482 15' }),
  ),
  'text with PIN': step(
    (request) => ({ method: 'text', textMode: 'one-way-pin', pin: true, text: textOf(request) }),
    ({ t }) => ({ mismatch: t('code.wrong-or-pin', { count: 1 }), typed: '482915', notice: 'too-soon' }),
  ),
  'text expired': step(
    () => ({ method: 'text', textMode: 'one-way' }),
    ({ t }) => ({ complaint: t('code.gone') }),
  ),
  'oath step-up': step(() => ({ method: 'oath', purpose: 'step-up' })),
  'passkey step-up': step(() => ({ method: 'passkey', purpose: 'step-up' })),
  'ways step-up': (request) =>
    waysPage(request, { step: stepOf({ method: 'text', purpose: 'step-up' }), to: undefined }),
  'text step-up': step(() => ({ method: 'text', textMode: 'one-way', purpose: 'step-up' })),
  'reply waiting': step((request) => ({ method: 'text', textMode: 'two-way', reply: replyOf(request) })),
  'reply with number': step((request) => ({
    method: 'text',
    textMode: 'two-way-number',
    reply: replyOf(request, { mode: 'two-way-number', number: '4821', attemptsLeft: 2 }),
  })),
  'reply failed': step((request) => ({
    method: 'text',
    textMode: 'two-way',
    reply: replyOf(request, { sending: 'failed' }),
  })),
  'reply over': step((request) => ({
    method: 'text',
    textMode: 'two-way',
    reply: replyOf(request, { state: 'over', outcome: 'expired' }),
  })),
  'reply not asked': step(() => ({ method: 'text', textMode: 'two-way' })),
  'call ringing': step((request) => ({ method: 'call', call: callOf(request) })),
  'call with PIN': step((request) => ({ method: 'call', call: callOf(request, { pin: true, state: 'failing' }) })),
  'call with number': step((request) => ({
    method: 'call',
    call: callOf(request, { number: '42', backup: true, state: 'calling', againAt: ahead(request, 1) }),
  })),
  'call over': callOver('no-answer'),
  'call fraud': callOver('fraud'),
  'call not asked': step(
    () => ({ method: 'call' }),
    () => ({ notice: 'unavailable' }),
  ),
  'app waiting': step((request) => ({ method: 'app', app: promptOf(request) })),
  'app without number, with PIN': step((request) => {
    const { number: _, ...rest } = promptOf(request, { pin: true })
    return { method: 'app', app: rest }
  }),
  'app denied': step((request) => ({ method: 'app', app: promptOf(request, { state: 'over', outcome: 'denied' }) })),
  'app not asked': step(() => ({ method: 'app' })),
  oath: step(() => ({ method: 'oath' })),
  'oath in step': step(
    () => ({ method: 'oath' }),
    () => ({ notice: 'in-step' }),
  ),
  'oath wrong': step(
    () => ({ method: 'oath' }),
    ({ t }) => ({ complaint: t('code.wrong', { count: 1 }), typed: '000000' }),
  ),
  'passkey asked': step(() => ({ method: 'passkey' })),
  'passkey wrong': step(
    () => ({ method: 'passkey' }),
    ({ t }) => ({ complaint: t('passkey.wrong', { count: 3 }) }),
  ),
  'questions asked': step(() => ({ method: 'questions', questions })),
  'questions wrong': step(
    () => ({ method: 'questions', questions }),
    ({ t }) => ({ complaint: t('questions.wrong', { count: 3 }) }),
  ),
  'recovery code asked': step(() => ({ method: 'recovery' })),
  'recovery code wrong': step(
    () => ({ method: 'recovery' }),
    ({ t }) => ({ complaint: t('code.wrong', { count: 2 }), typed: 'ABCD-EFGH-JKLM-NPQ' }),
  ),
  locked: step(
    (request) => ({ method: 'text', locked: { until: ahead(request, 15) } }),
    (request) => ({ lockedUntil: soon(request) }),
  ),
  'locked for good': step(() => ({ method: 'text', locked: {} })),
  ways: (request) => waysPage(request, { step: stepOf({ method: 'text' }), to: undefined }),
  'no way': (request) => noWayPage(request),
  'resync at the door': (request) =>
    resyncPage(request, { who, post: '/second-step/resync', back: '/second-step', door: true }),
  'resync wrong': (request) =>
    resyncPage(request, {
      who,
      post: '/second-step/resync',
      back: '/second-step',
      door: true,
      complaint: request.t('resync.wrong', { count: 2 }),
    }),
}
