import { utf8 } from './basic.ts'

/** 413: longer than `most` bytes; 415: not `application/json` in UTF-8. A body that is no JSON is the input `undefined`. */
export async function readInput(request: Request, most: number): Promise<{ input: unknown } | { status: 413 | 415 }> {
  // Demanded also of an empty body: other types are what a browser can be made to send across sites.
  const type = request.headers.get('content-type')?.toLowerCase() ?? ''
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/.test(type)) return { status: 415 }

  const bytes = await readBytes(request, most)
  return bytes ? { input: parsed(utf8(bytes)) } : { status: 413 }
}

async function readBytes(request: Request, most: number): Promise<Uint8Array | undefined> {
  // Node lets a body have its announced length and no more, so it can be taken whole: a stream costs as much as the rest
  // of answering. What is not announced comes in chunks, and is counted.
  const announced = request.headers.get('content-length')
  if (announced !== null) return Number(announced) > most ? undefined : new Uint8Array(await request.arrayBuffer())

  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
