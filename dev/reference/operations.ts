import { contract, names } from '../../src/contract/contract.ts'
import type { Operation } from '../../src/contract/operation.ts'
import { sdkJson } from '../../src/protocols/sdk-json.ts'
import { code } from './markdown.ts'
import { fieldLines, schemaOf } from './shapes.ts'

const HEAD = `# Operations

Everything that the MFA Server offers, made from \`src/contract/\`. A program on another machine reaches each as
\`POST ${sdkJson.path}/v1/<operation>\` on the Web Service SDK, over TLS, with the input as a JSON object and the HTTP Basic
credentials of a service account. The token of the person it acts for goes into the header \`${sdkJson.headers.session}\`,
the person's address, browser and language into \`${sdkJson.headers.address}\`, \`${sdkJson.headers.agent}\` and
\`${sdkJson.headers.language}\`.

The answer is \`{ "ok": true, "value": … }\`, or \`{ "ok": false, "refusal": … }\` with a code of [refusals](refusals.md). Beside
those that an operation names there are three that any may answer: \`caller.refused\`, \`input.malformed\` and, where a fresh
second step is asked, \`proof.stale\`. What could not be answered at all is \`{ "ok": false, "error": …, "id": … }\`; the id is
that of the request in the server's log.

| who may call | what was proven |
| --- | --- |
| \`anyone\` | nothing |
| \`half signed in\` | the password; the second step is owed |
| \`setting up\` | the password of somebody who has no second step yet |
| \`signed in\` | both |
| \`service account\` | the password of a service account, for no person |
| \`console\` | being at the machine: the command line, and no door to the network |

Times are ISO 8601 in UTC.
`

export function operationsPage(): string {
  return [HEAD, ...names.map((name) => section(name, contract[name]))].join('\n')
}

function section(name: string, row: Operation): string {
  const { summary, callers, freshProof, input, output, refusals } = row
  const fresh = freshProof ? '; signed in with a fresh second step (`proof.fresh_minutes`)' : ''
  return [
    `## ${name}`,
    '',
    summary,
    '',
    `Who may call: ${callers.map(code).join(', ')}${fresh}.`,
    '',
    'Input:',
    '',
    ...fieldLines(schemaOf(input, 'input')),
    '',
    'Answer:',
    '',
    ...fieldLines(schemaOf(output, 'output')),
    '',
    `Refusals: ${refusals.length > 0 ? refusals.map(code).join(', ') : 'none of its own'}.`,
    '',
  ].join('\n')
}
