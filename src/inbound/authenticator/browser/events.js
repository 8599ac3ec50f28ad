/** The server sends a comment each 15 seconds: a line that is silent for longer has died without saying so. */
const SILENCE_MS = 40_000

/**
 * Server-sent events of an answer (HTML Standard, section 9.2), as far as our server writes them: read here, since an
 * EventSource cannot be signed. Ends when the server ends it; throws what `heard` throws.
 */
export async function readEvents(response, signal, heard) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await within(SILENCE_MS, reader.read(), signal)
    if (done) return
    text += value
    const events = text.split('\n\n')
    text = events.pop()
    for (const event of events) {
      const read = eventOf(event)
      if (read.name !== undefined) heard(read)
    }
  }
}

function eventOf(text) {
  const fields = text.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? [])
  const field = (wanted) => fields.find(([, name]) => name === wanted)?.[2]
  return { name: field('event'), data: JSON.parse(field('data') ?? 'null') }
}

function within(ms, promise, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException('silent', 'AbortError')), ms)
    promise.then(resolve, (error) => reject(signal.aborted ? error : new DOMException('broken', 'NetworkError')))
    promise.finally(() => clearTimeout(timer)).catch(() => undefined)
  })
}
