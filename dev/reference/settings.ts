import { type SettingName, settingsTable } from '../../src/core/settings/settings.ts'
import { type Pace, paces } from '../../src/core/throttle/throttle.ts'
import { code, table } from './markdown.ts'
import { inWords, schemaOf } from './shapes.ts'

const HEAD = `# Settings

What the product does, as opposed to where and with what it runs ([configuration](configuration.md)). They stand in the section
\`settings\` of the configuration, nested or with dots; what is not there has its default. This page is made from
\`src/core/settings/settings.ts\`.

\`\`\`yaml
settings:
  company:
    name: Contoso
  lock.budget: 10
\`\`\`
`

const PACES = `## Limits that are not settings

From \`src/core/throttle/throttle.ts\`: so many tries are free, then each waits twice as long as the one before, from the first
wait to the longest. All is forgotten so long after the last try.
`

export function settingsPage(): string {
  const names = Object.keys(settingsTable) as SettingName[]
  const sections = [...Map.groupBy(names, (name) => name.split('.')[0] ?? '')]
  return [HEAD, ...sections.map(([section, rows]) => `## ${code(section)}\n\n${settings(rows)}`), pacesPart()].join(
    '\n',
  )
}

function settings(names: readonly SettingName[]): string {
  return table(
    ['Setting', 'Value', 'Default', 'Meaning'],
    names.map((name) => [code(name), allowed(name), standard(name), settingsTable[name].meaning]),
  )
}

function standard(name: SettingName): string {
  const value: unknown = settingsTable[name].standard
  if (value === undefined) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none named' : value.map(code).join(', ')
  return code(String(value))
}

/** A text whose form a pattern judges is told in the words of its complaint. */
function allowed(name: SettingName): string {
  const { schema } = settingsTable[name]
  const shape = schemaOf(schema, 'input')
  const isJudged = (shape.items ?? shape).type === 'string' && !(shape.items ?? shape).enum
  const complaint = schema.safeParse(shape.type === 'array' ? [''] : '').error?.issues[0]
  if (!isJudged || !complaint || complaint.message.startsWith('Too') || complaint.message.startsWith('Invalid'))
    return inWords(shape)
  return shape.type === 'array' ? `list, each ${complaint.message}` : complaint.message
}

function pacesPart(): string {
  const rows = Object.entries(paces).map(([name, pace]: [string, Pace]) => [
    code(name),
    String(pace.free),
    duration(pace.firstWaitMs),
    duration(pace.longestWaitMs),
    duration(pace.forgetMs),
  ])
  return `${PACES}\n${table(['Limit', 'Free', 'First wait', 'Longest wait', 'Forgotten after'], rows)}`
}

function duration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`
}
