/** The longest event, in characters: a stream is not to fill the memory with one that has no end. */
const MOST_EVENT = 256 * 1024

/** Server-sent events (HTML Standard section 9.2.6) as far as the device protocol has them: a name, and one line of JSON. */
export async function* eventsIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<{ event: string; data: unknown }> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of body) {
    rest += decoder.decode(part, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    if (rest.length > MOST_EVENT) return
    for (const block of blocks) {
      const [, event = ''] = /^event: (.*)$/m.exec(block) ?? []
      const [, data] = /^data: (.*)$/m.exec(block) ?? []
      if (data !== undefined) yield { event, data: jsonOf(data) }
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
