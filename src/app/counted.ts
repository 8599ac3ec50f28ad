import type { Api } from '../contract/contract.ts'
import type { Outcome } from '../core/delivery/deliver.ts'
import type { Answered } from '../inbound/web/routes.ts'
import type { Metrics } from '../outbound/metrics.ts'

/** The same operations, with what becomes of sign-ins counted. */
export function counted(api: Api, metrics: Metrics): Api {
  return {
    ...api,
    async beginSignIn(call, input) {
      const answer = await api.beginSignIn(call, input).catch((error) => {
        metrics.signIn('failed')
        throw error
      })
      if (answer.ok) metrics.signIn(answer.value.outcome === 'wait' ? 'slowed' : 'right')
      else if (answer.refusal === 'credentials.wrong') metrics.signIn('wrong')
      return answer
    },
    async answerSecondStep(call, input) {
      const answer = await api.answerSecondStep(call, input)
      if (answer.ok)
        metrics.secondStep(input.method, answer.value.outcome === 'gone' ? 'expired' : answer.value.outcome)
      return answer
    },
  }
}

export function countTexts({ text }: Metrics) {
  return ({ outcome, provider = '' }: Outcome) => text(provider, outcome === 'sent' ? 'taken' : outcome)
}

export function countRequests({ request }: Metrics, door: Parameters<Metrics['request']>[0]) {
  return ({ status, milliseconds }: Answered) => request(door, status, milliseconds / 1_000)
}
