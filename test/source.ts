import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

export const root = dirname(import.meta.dirname)

/** A file of the tree as the checks read it: `path` from the root, with slashes. */
export type Source = { path: string; text: string }
/** `to` is a path from the root for a file of ours, else the name of a package. */
export type Import = { from: string; line: number; to: string }

export function sources(pattern = 'src/**/*.ts'): Source[] {
  const paths = globSync(pattern, { cwd: root }).sort()
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** The lines of a file without what comments say; numbers from 1. */
export function codeLines({ text }: Source): { number: number; code: string }[] {
  const bare = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1')
  return bare.split('\n').map((code, i) => ({ number: i + 1, code }))
}

const FROM = /\bfrom\s+['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g

/** Imports and re-exports, of values and of types, and `import()` of a fixed name. */
export function importsOf(source: Source): Import[] {
  return codeLines(source).flatMap(({ number, code }) =>
    [...code.matchAll(FROM)].map(([, from, bare]) => {
      const name = from ?? bare ?? ''
      const to = name.startsWith('.') ? posix.join(posix.dirname(source.path), name) : name
      return { from: source.path, line: number, to }
    }),
  )
}
