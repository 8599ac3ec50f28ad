/** Something wrong in what an operator wrote. `value` is as written, and left out wherever it is or may hold a secret. */
export type Mistake = {
  /** `file:line`, or the name of an environment variable or a flag. */
  where: string
  /** Dotted path of the option; empty where the file as a whole is meant. */
  path: string
  value?: string | undefined
  problem: string
  remedy: string
}

const LONGEST_VALUE = 80

/**
 * All mistakes as text for a terminal, three lines each:
 *
 *     sallyport.yaml:4  portal.listen: "0.0.0.0:99999"
 *         The port is not from 0 to 65535.
 *         Write a host and a port, for example 0.0.0.0:8443.
 */
export function describeMistakes(mistakes: readonly Mistake[]): string {
  const title =
    mistakes.length === 1 ? 'The configuration has a mistake:' : `The configuration has ${mistakes.length} mistakes:`
  return [title, ...mistakes.map(describe)].join('\n\n')
}

function describe({ where, path, value, problem, remedy }: Mistake): string {
  const what = path === '' ? '' : `  ${printable(short(path))}`
  const given = value === undefined ? '' : `: ${quoted(value)}`
  return `${printable(where)}${what}${given}\n    ${printable(problem)}\n    ${printable(remedy)}`
}

function quoted(value: string): string {
  return printable(JSON.stringify(short(value)))
}

function short(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

/** What someone wrote into a file cannot move the cursor, colour the terminal or turn the direction of the text. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  })
}
