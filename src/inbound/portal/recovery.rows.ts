import { getRecovery, postRecovery } from './recovery.route.ts'
import type { Row } from './routes.ts'

export const recoveryRows: readonly Row[] = [
  {
    method: 'GET',
    path: '/account/recovery',
    who: 'signed in',
    handler: getRecovery,
    summary: 'Asks before recovery codes are made',
  },
  {
    method: 'POST',
    path: '/account/recovery',
    who: 'signed in',
    handler: postRecovery,
    summary: 'Makes them, and shows them this once',
  },
]
