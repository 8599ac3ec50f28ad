import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A file that pages refer to, under a name that changes with its content, so that browsers may keep it for ever. */
export type Asset = { name: string; type: string; body: string | Uint8Array<ArrayBuffer> }

/** "sallyport.css" with its content becomes "sallyport-1a2b3c4d5e6f.css". */
export function hashedAsset(file: string, type: string, body: string | Uint8Array<ArrayBuffer>): Asset {
  const dot = file.lastIndexOf('.')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { name: `${file.slice(0, dot)}-${hash}${file.slice(dot)}`, type, body }
}

/** Reads a text file beside the code once, at start: `textAsset(new URL('./x.css', import.meta.url), 'text/css')`. */
export function textAsset(url: URL, type: string): Asset {
  return hashedAsset(
    url.pathname.slice(url.pathname.lastIndexOf('/') + 1),
    `${type}; charset=utf-8`,
    withoutComments(readFileSync(url, 'utf8')),
  )
}

/**
 * Comments and indentation are for whoever reads the file here, and a fifth of what a first visit would load. Only whole
 * lines go, so that nothing within a string can be taken for a comment; such a file has no string over several lines.
 */
export function withoutComments(text: string): string {
  return text
    .replace(/^[ \t]*\/\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*$/gm, '')
    .replace(/^[ \t]*\/\/.*$/gm, '')
    .replace(/^\s+/gm, '')
}
