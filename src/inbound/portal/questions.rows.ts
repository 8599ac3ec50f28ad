import { getQuestions, postQuestions } from './questions.route.ts'
import type { Row } from './routes.ts'
import { getBack, postAnswers } from './second-step.route.ts'

export const questionRows: readonly Row[] = [
  {
    method: 'GET',
    path: '/second-step/questions',
    who: 'second step',
    handler: (_, request) => getBack('questions', request),
    summary: 'Leads to the security questions',
  },
  {
    method: 'POST',
    path: '/second-step/questions',
    who: 'second step',
    handler: postAnswers,
    summary: 'Takes the answers to the security questions',
  },
  {
    method: 'GET',
    path: '/account/questions',
    who: 'signed in',
    handler: getQuestions,
    summary: 'Security questions to choose and answer',
  },
  { method: 'POST', path: '/account/questions', who: 'signed in', handler: postQuestions, summary: 'Takes them' },
]
