import type { Api } from '../contract/contract.ts'
import type { Outcome } from '../core/delivery/deliver.ts'
import type { Answered } from '../inbound/web/routes.ts'
import type { OperatorLog } from '../outbound/log.ts'
import type { Metrics } from '../outbound/metrics.ts'
import type { Sinks } from './providers.ts'

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
      if (answer.ok) metrics.secondStep(input.method, outcomeOf(answer.value.outcome))
      return answer
    },
    async answerQuestions(call, input) {
      const answer = await api.answerQuestions(call, input)
      if (answer.ok) metrics.secondStep('questions', outcomeOf(answer.value.outcome))
      return answer
    },
    async finishSecondStep(call, input) {
      const answer = await api.finishSecondStep(call, input)
      if (answer.ok) metrics.secondStep(input.method, outcomeOf(answer.value.outcome))
      return answer
    },
    async answerPasskey(call, input) {
      const answer = await api.answerPasskey(call, input)
      if (answer.ok) metrics.secondStep('passkey', outcomeOf(answer.value.outcome))
      return answer
    },
    async finishPasskeySignIn(call, input) {
      const answer = await api.finishPasskeySignIn(call, input)
      if (answer.ok) metrics.secondStep('passkey', answer.value.outcome)
      else if (answer.refusal === 'passkey.refused') metrics.secondStep('passkey', 'wrong')
      return answer
    },
  }
}

type Outcomes = 'passed' | 'new-pin' | 'wrong' | 'gone' | 'locked'

/** The second step was right as well where a PIN is to be chosen after it. */
function outcomeOf(outcome: Outcomes) {
  if (outcome === 'new-pin') return 'passed'
  return outcome === 'gone' ? 'expired' : outcome
}

export function countTexts({ text }: Metrics) {
  return ({ outcome, provider = '' }: Outcome) => text(provider, outcome === 'sent' ? 'taken' : outcome)
}

/** What comes back of texts: counted when it was taken. */
export function countedSinks({ replies }: Pick<Sinks, 'replies'>, metrics: Metrics): Sinks {
  return {
    replies: {
      async take(reply) {
        await replies.take(reply)
        metrics.reply(reply.provider)
      },
    },
    receipts: { take: async ({ provider, outcome }) => metrics.receipt(provider, outcome) },
  }
}

type Door = Parameters<Metrics['request']>[0]

export function countRequests({ request }: Metrics, door: Door) {
  return ({ status, milliseconds }: Answered) => request(door, status, milliseconds / 1_000)
}

/** One line for each request, by its id; what went well only for those who look closely. Never a query, never a body. */
function logRequests(log: OperatorLog, door: Door) {
  return ({ id, method, route, status, milliseconds, address }: Answered) => {
    const facts = { request: id, door, method, route, status, ms: milliseconds, address }
    if (status < 400) log.debug('Answered', facts)
    else log.info('Refused', facts)
  }
}

/** Both, for a door. */
export function noted({ metrics, log }: { metrics: Metrics; log: OperatorLog }, door: Door): (facts: Answered) => void {
  const count = countRequests(metrics, door)
  const write = logRequests(log, door)
  return (facts) => {
    count(facts)
    write(facts)
  }
}
