import { readBounded } from '../web/bounded-body.ts'

/**
 * The text of a JSON body, word for word as it was signed. 413: longer than `most` bytes. 415: not `application/json` in
 * UTF-8, which other sites cannot make a browser send. 400: not UTF-8.
 */
export async function readText(
  request: Request,
  most: number,
): Promise<{ text: string } | { status: 400 | 413 | 415 }> {
  const type = request.headers.get('content-type')?.toLowerCase() ?? ''
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/.test(type)) return { status: 415 }
  const bytes = await readBounded(request, most)
  if (!bytes) return { status: 413 }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { status: 400 }
  }
}
