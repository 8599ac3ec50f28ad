import { gzipSync } from 'node:zlib'

const worthIt = 1000

/**
 * The body as gzip, if the browser takes it and it is text long enough. Whole and at once: a page is a few kilobytes, for
 * which a stream costs ten times as much. Form tokens differ on every page, so that sizes tell nothing of them (BREACH).
 */
export function gzipped(body: string, acceptEncoding: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (body.length < worthIt || !takesGzip(acceptEncoding ?? '')) return undefined
  return gzipSync(body, { level: 4 })
}

/** RFC 9110 section 12.5.3; "gzip;q=0" is a no. */
function takesGzip(acceptEncoding: string): boolean {
  return /(^|,)\s*(x-)?gzip\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(acceptEncoding)
}
