import type { Key, Translate } from '../../i18n/catalogue.ts'
import { stepper } from '../web/design/blocks.ts'
import type { DoorView, SiteView } from '../web/design/layout.ts'
import { doorPage, sitePage } from '../web/design/layout.ts'
import type { Html } from '../web/html.ts'
import { type Frame, type PageRequest, seeOther } from '../web/http.ts'
import { type Portal, TurnedAway, tell } from './portal.ts'

/**
 * A new factor is proven on one of two journeys, over the same pages: in User Setup, where it ends at the door, or from
 * the account page, where it changes what is there.
 */
export type Journey = { kind: 'setup' | 'account'; base: '/setup' | '/account'; who: string }

export const setup = { kind: 'setup', base: '/setup' } as const
export const account = { kind: 'account', base: '/account' } as const
export type JourneyKind = typeof setup | typeof account

/** The journey with its traveller. Turns away who is not on it, and who has to prove the second step first. */
export async function journeyOf(portal: Portal, request: PageRequest, kind: JourneyKind): Promise<Journey> {
  const { displayName } = await tell(portal, request, kind.kind === 'setup' ? 'readSetup' : 'readAccount', {})
  return { ...kind, who: displayName }
}

/** In User Setup the PIN of a method comes before its phone, since the call that proves the phone asks for it. */
export async function pinFirst(
  portal: Portal,
  request: PageRequest,
  { kind }: JourneyKind,
  method: 'text' | 'call' | 'app' | 'oath',
): Promise<void> {
  if (kind === 'account') return
  const { pinFor } = await tell(portal, request, 'readSetup', {})
  if (pinFor.includes(method)) throw new TurnedAway(seeOther(`/setup/pin?for=${method}`))
}

type View = Omit<DoorView & SiteView, 'who' | 'shape'>
/** What a step is in User Setup: which of its steps, so that the person sees how far it is. */
type Step = { steps: readonly Key[]; current: number }

export const phoneSteps = ['setup.step.method', 'setup.step.phone', 'setup.step.verify', 'setup.step.done'] as const
export const tokenSteps = ['setup.step.method', 'setup.step.app', 'setup.step.done'] as const
export const appSteps = ['setup.step.method', 'setup.step.app', 'setup.step.verify', 'setup.step.done'] as const
export const passkeySteps = ['setup.step.method', 'setup.step.passkey', 'setup.step.done'] as const

export function journeyPage(frame: Frame, journey: Journey, { steps, current }: Step, view: View): Html {
  if (journey.kind === 'account') return sitePage(frame, { ...view, who: journey.who, shape: 'card' })
  return doorPage(frame, {
    ...view,
    badge: journey.who,
    wide: true,
    above: [stepsOf(frame.t, steps, current), view.above],
  })
}

function stepsOf(t: Translate, steps: readonly Key[], current: number): Html {
  return stepper(t, { steps: steps.map((step) => t(step)), current })
}
