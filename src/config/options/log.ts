import { oneOf } from '../kinds.ts'
import type { Row } from './row.ts'

/** The operator's log. */
export const logOptions = {
  'log.level': {
    kind: oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    meaning: 'The least important lines that are written.',
  },
  'log.format': {
    kind: oneOf('auto', 'json', 'pretty'),
    default: 'auto',
    meaning: 'JSON lines, or lines for people; auto is pretty on a terminal.',
  },
} as const satisfies Record<string, Row>
