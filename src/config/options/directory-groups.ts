import { plainText } from '../kinds.ts'
import type { Row } from './row.ts'

const group = plainText("a group's distinguished name, or its name")

/** Groups of the directory that checks passwords, and what they open. Members of groups in them are members too. */
export const groupOptions = {
  'directory.groups.enrolment': {
    kind: group,
    meaning: 'Whose members may enrol in User Setup. Without it everybody whose password is right.',
  },
  'directory.groups.service_accounts': {
    kind: group,
    meaning:
      'Whose members are service accounts of the Web Service SDK, by the password that they have in the directory. Without it there are those of `service-account add` alone.',
  },
} as const satisfies Record<string, Row>
