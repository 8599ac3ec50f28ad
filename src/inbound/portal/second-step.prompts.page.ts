import { actions, button, link, postForm } from '../web/design/actions.ts'
import { notice } from '../web/design/blocks.ts'
import type { Html } from '../web/html.ts'
import type { Frame } from '../web/http.ts'
import { appOutcome, waitingForApp } from './app.page.ts'
import { outcomeOf, type Waiting, waitingForCall, wakesIn } from './call.page.ts'
import { outcomeOfReply, unsentText, waitingForReply } from './reply.page.ts'
import { type SecondStepView, stepPage } from './second-step.frame.ts'
import { queryOf } from './way-query.ts'

/** The person's phone rings, or would. */
export function callPage(frame: Frame, view: SecondStepView): Html {
  const { call: asked } = view.step
  const waiting = asked && waitingForCall(frame, asked)
  const outcome = asked && outcomeOf(frame, asked)
  return promptPage(frame, view, { words: 'call', to: '/second-step/call', asked, waiting, outcome })
}

/** A text waits for its reply, or would. */
export function replyPage(frame: Frame, view: SecondStepView): Html {
  const { reply: asked } = view.step
  const waiting = asked && waitingForReply(frame, asked, view.now)
  const outcome = asked && outcomeOfReply(frame, asked)
  const unsent = asked?.sending === 'failed' && asked.state !== 'over' && unsentText(frame, asked.maskedNumber)
  return promptPage(frame, view, { words: 'reply', to: '/second-step/text', asked, waiting, outcome, unsent })
}

/** The person's devices are asked, or would be. */
export function appPage(frame: Frame, view: SecondStepView): Html {
  const { step, to } = view
  const { app: asked } = step
  const waiting = asked && waitingForApp(frame, asked)
  const outcome = asked && appOutcome(frame, asked)
  const code = { label: frame.t('app.use-code'), to: frame.to(`/second-step${queryOf({ way: 'oath', to })}`) }
  const others = step.otherWays.includes('oath') ? [link(code)] : []
  return promptPage(frame, view, { words: 'app', to: '/second-step/app', asked, waiting, outcome, others })
}

type Prompt = {
  words: 'call' | 'reply' | 'app'
  /** Asks once more. */
  to: `/second-step/${string}`
  asked: { state: string; againAt: string } | undefined
  waiting: Waiting | undefined
  /** What came of the one that is over. */
  outcome: Html | false | undefined
  /** In place of waiting: it did not even reach the person. */
  unsent?: Pick<Waiting, 'heading' | 'lede'> | false | undefined
  /** A way that stands nearer than those in the list. */
  others?: readonly Html[]
}

/** The question is answered by phone. The page waits, or says what came of it, and can have it asked again. */
function promptPage(frame: Frame, view: SecondStepView, prompt: Prompt): Html {
  const { words, to, asked, waiting, outcome, unsent, others = [] } = prompt
  const { t } = frame
  const { step, now } = view
  const about = view.notice === 'in-step' ? undefined : view.notice
  const told = about && notice({ tone: 'warn', text: t(`${words}.${about}`) })
  const ask = (label: string, kind: 'plain' | 'primary', wakes = 0) => {
    const pressed = button({ label, kind, ...(wakes > 0 && { wakesAfterSeconds: wakes }) })
    return postForm(frame, {
      to: `${to}${queryOf({ to: view.to })}`,
      shape: kind === 'plain' ? 'inline' : 'block',
      body: kind === 'plain' ? pressed : actions([pressed], { stacked: true }),
    })
  }
  if (!asked || !waiting || asked.state === 'over' || unsent) {
    const over = asked ? 'over' : 'none'
    return stepPage(frame, view, {
      heading: t(`${words}.${over}.heading`),
      lede: t(`${words}.${over}.lede`),
      ...unsent,
      refreshSeconds: 900,
      above: [told, outcome],
      body: ask(t(asked ? `${words}.again` : `${words}.now`), 'primary', asked ? wakesIn(asked, now) : 0),
      others,
      step,
    })
  }
  const { above, ...shown } = waiting
  return stepPage(frame, view, {
    ...shown,
    above: [told, ...above],
    others: [ask(t(`${words}.again`), 'plain', wakesIn(asked, now)), ...others],
    othersHeading: t(`${words}.nothing`),
    step,
  })
}
