import { refusals } from '../../src/contract/refusals.ts'
import { auditEvents } from '../../src/core/audit/events.ts'
import { errors } from '../../src/core/errors.ts'
import { code, table } from './markdown.ts'

const REFUSALS = `# Refusals

The expected "no"s of the [operations](operations.md), made from \`src/contract/refusals.ts\`. What nobody expected is an
[error](errors.md).
`

const ERRORS = `# Errors

Each has a code, which the log has too, and a kind that says how it is met. Made from \`src/core/errors.ts\`. A person is told
only that something is not available; the code, what lies behind it and the id of the request are in the log.

| kind | what it means | HTTP |
| --- | --- | --- |
| \`unavailable\` | something that Sallyport depends on is down; try later | 503 |
| \`busy\` | there is too much to do; try in a moment | 503 |
| \`misconfigured\` | an operator must act | 500 |
| \`broken\` | a defect of Sallyport | 500 |

The exit code is that of a program which ends with the error; without one of its own it follows from the kind: 69, 75, 78
and 70, as in sysexits(3).
`

const AUDIT = `# Audit events

What the audit log records, made from \`src/core/audit/events.ts\`. Events marked *own* are shown to the person on the page
*Recent activity*. The log is append-only; \`npm run sallyport -- audit verify\` checks that it is as it was written
([decision 4](../decisions/0004-audit-chain.md)).
`

export function refusalsPage(): string {
  const rows = Object.entries(refusals).map(([name, meaning]) => [code(name), meaning])
  return `${REFUSALS}\n${table(['Code', 'Meaning'], rows)}`
}

export function errorsPage(): string {
  type Row = { kind: string; meaning: string; remedy: string; exit?: number }
  const rows = Object.entries(errors).map(([name, { kind, meaning, remedy, exit }]: [string, Row]) => [
    code(name),
    kind,
    meaning,
    remedy,
    exit === undefined ? '' : String(exit),
  ])
  return `${ERRORS}\n${table(['Code', 'Kind', 'Meaning', 'What to do', 'Exit'], rows)}`
}

export function auditEventsPage(): string {
  const rows = Object.entries(auditEvents).map(([name, { own, meaning }]) => [code(name), own ? 'own' : '', meaning])
  return `${AUDIT}\n${table(['Event', '', 'Meaning'], rows)}`
}
