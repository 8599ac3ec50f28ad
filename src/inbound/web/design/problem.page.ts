import { type Html, html } from '../html.ts'
import type { Frame, PageStatus } from '../http.ts'
import { actions, link } from './actions.ts'
import { doorPage } from './layout.ts'

/** Why a page cannot be shown. Says what to do; never what happened inside. */
export type Problem = 'form' | 'large' | 'missing' | 'method' | 'origin' | 'refused' | 'broken' | 'unavailable'

export const problemStatus = {
  form: 400,
  large: 413,
  missing: 404,
  method: 405,
  origin: 403,
  refused: 403,
  broken: 500,
  unavailable: 503,
} as const satisfies Record<Problem, PageStatus>

/**
 * `id` names the request in the operator's log; shown where the person may have to ask for help. `repeatable`: asking for
 * the page once more does nothing else.
 */
export type ProblemDetails = { id?: string | undefined; repeatable?: boolean }

export function problemPage(frame: Frame, problem: Problem, { id, repeatable = false }: ProblemDetails = {}): Html {
  const { t, to, path } = frame
  const askable = problem === 'broken' || problem === 'unavailable'
  const again = askable && repeatable
  return doorPage(frame, {
    heading: t(`problem.${problem}.heading`),
    lede: t(`problem.${problem}.what`),
    failed: true,
    body: html`${askable && id && html`<p class="reference">${t('problem.reference', { id })}</p>`}${actions(
      [
        again && link({ label: t('button.try-again'), to: to(path), kind: 'primary' }),
        link({ label: t('problem.start'), to: to('/'), kind: again ? 'second' : 'primary' }),
      ],
      { stacked: true },
    )}`,
  })
}
