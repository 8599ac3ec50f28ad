import { type Entry, type Node, plainValue } from './yaml-file.ts'

/** The part of the file that the product's own table of settings checks, as YAML values, with the line of each key. */
export type FileSettings = {
  readonly values: Readonly<Record<string, unknown>>
  /** `file:line` of a dotted path below `settings`; of its nearest known part where the path itself is not there. */
  whereOf(path: string): string
}

export function fileSettings(node: Node | undefined, file: string): FileSettings {
  const lines = new Map<string, number>()
  const note = (entries: readonly Entry[], prefix: string): void => {
    for (const { key, line, node } of entries) {
      lines.set(prefix + key, line)
      if (node.shape === 'map') note(node.entries, `${prefix}${key}.`)
    }
  }
  if (node?.shape === 'map') note(node.entries, '')

  return Object.freeze({
    values: Object.freeze(node ? (plainValue(node) as Record<string, unknown>) : {}),
    whereOf(path: string): string {
      for (let part = path; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
        const line = lines.get(part)
        if (line !== undefined) return `${file}:${line}`
      }
      return node ? `${file}:${node.line}` : file
    },
  })
}
