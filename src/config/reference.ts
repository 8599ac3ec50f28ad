import { environmentName } from './environment.ts'
import { type OptionPath, optionAt, optionPaths } from './options.ts'

const HEAD = `# Configuration

Sallyport reads one file, \`sallyport.yaml\` (another with \`--config\` or SALLYPORT_CONFIG), and the environment, which goes
before the file. The command line goes before both. Relative file names start from the folder of the file; those in the
environment from the working folder. An empty variable counts as not given. Lists are separated by commas in the
environment. A secret can be given as NAME_FILE, the name of a file that holds it. All mistakes are told at once;
\`sallyport config check\` tells them without starting anything.

This page is made from \`src/config/options.ts\`. The section \`settings\` of the file holds settings of the product, which
have a page of their own.
`

/** `docs/reference/configuration.md`. */
export function configurationReference(): string {
  const sections = Map.groupBy(optionPaths, (path) => (path.includes('.') ? (path.split('.')[0] ?? '') : ''))
  const parts = [...sections].map(
    ([name, paths]) => `## ${name === '' ? 'General' : `\`${name}\``}\n\n${table(paths)}\n${seconds(paths)}`,
  )
  return [HEAD, ...parts].join('\n')
}

function table(paths: readonly OptionPath[]): string {
  const rows = paths
    .filter((path) => optionAt(path).again === undefined)
    .map((path) => [optionCell(path), environmentCell(path), valueCell(path), optionAt(path).meaning])
  return [['Option', 'Environment', 'Value', 'Meaning'], ['---', '---', '---', '---'], ...rows].map(row).join('\n')
}

/** What stands twice is said once. */
function seconds(paths: readonly OptionPath[]): string {
  const pairs = paths.flatMap((path) => {
    const { again } = optionAt(path)
    return again === undefined ? [] : [`\`${sectionOf(path)}\` has the options of \`${sectionOf(again)}\``]
  })
  return pairs.length === 0 ? '' : `\nFor a second provider of a kind: ${[...new Set(pairs)].join(', ')}.\n`
}

function sectionOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'))
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function optionCell(path: OptionPath): string {
  return optionAt(path).only === 'environment' ? '(environment only)' : `\`${path}\``
}

function environmentCell(path: OptionPath): string {
  const name = environmentName(path)
  if (name === undefined) return ''
  return optionAt(path).secret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``
}

function valueCell(path: OptionPath): string {
  const { kind, default: fallback, secret } = optionAt(path)
  const says = kind.says.charAt(0).toUpperCase() + kind.says.slice(1)
  const byDefault = fallback === undefined || fallback === '' ? '' : `; default \`${fallback}\``
  return `${says}${byDefault}${secret ? '. Secret' : ''}`
}
