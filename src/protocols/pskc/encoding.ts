import { type Chunks, Unusable } from '../token-file.ts'

/** UTF-8, or UTF-16 where a byte order mark says so; strictly. Rejects with `Unusable` for other bytes and for too many. */
export async function* textsOf(chunks: Chunks, mostBytes: number): AsyncGenerator<string> {
  let head: Uint8Array | undefined = new Uint8Array()
  let decoder = new TextDecoder('utf-8', { fatal: true })
  let left = mostBytes
  for await (const chunk of chunks) {
    left -= chunk.length
    if (left < 0) throw new Unusable('file.too-big')
    if (typeof chunk === 'string') {
      yield chunk
      continue
    }
    let bytes = chunk
    if (head) {
      bytes = Buffer.concat([head, chunk])
      head = bytes.length < 2 ? bytes : undefined
      if (head) continue
      decoder = new TextDecoder(encodingOf(bytes), { fatal: true })
    }
    yield decoded(() => decoder.decode(bytes, { stream: true }))
  }
  yield decoded(() => decoder.decode(head))
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

function decoded(decode: () => string): string {
  try {
    return decode()
  } catch {
    throw new Unusable('file.encoding')
  }
}
