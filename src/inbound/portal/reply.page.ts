import type { Output } from '../../contract/contract.ts'
import { kept, notice, wait } from '../web/design/blocks.ts'
import { type Html, html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import type { Waiting } from './call.page.ts'

type Step = Output<'readSecondStep'>
type Reply = NonNullable<Step['reply']>

export function isByReply(mode: NonNullable<Step['textMode']>): boolean {
  return mode !== 'one-way' && mode !== 'one-way-pin'
}

/** A text that will not come: nothing to wait for, and nothing to type. */
export function unsentText({ t }: Frame, maskedNumber: string): Pick<Waiting, 'heading' | 'lede'> {
  return {
    heading: t('text.failed.heading'),
    lede: html`${t('text.failed.before')} ${kept(maskedNumber)}${t('text.failed.after')}`,
  }
}

/** How a text that asks for a reply stands: what to reply, the number where one is asked, what is known. */
export function waitingForReply({ t }: Frame, reply: Reply, now: Date): Waiting {
  const { mode, sending, attemptsLeft } = reply
  const number = reply.number === undefined ? {} : { number: reply.number, numberLabel: t('reply.number') }
  const expires = Math.ceil((Date.parse(reply.expiresAt) - now.getTime()) / 1000) + 1
  return {
    heading: t('reply.heading'),
    lede: html`${t('reply.lede.before')} ${kept(reply.maskedNumber)}${t(`reply.lede.${mode}`)}`,
    refreshSeconds: Math.max(1, Math.min(5, expires)),
    above: [attemptsLeft !== undefined && notice({ tone: 'bad', text: t('reply.wrong', { count: attemptsLeft }) })],
    body: wait({ text: t(sending === 'sent' ? 'reply.state.sent' : 'reply.state.sending'), ...number }),
  }
}

/** What came of one that is over. */
export function outcomeOfReply({ t }: Frame, { outcome }: Reply): Html | false {
  return outcome !== undefined && notice({ tone: 'bad', text: t(`reply.outcome.${outcome}`) })
}
