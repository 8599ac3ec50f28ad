/** One event: a name that the page listens for, and data that is sent as JSON. */
export type ServerEvent = { name: string; data?: unknown }

/** `send` is safe after the end (it does nothing). `signal` aborts when the browser leaves or the lifetime is over. */
export type EventChannel = { send(event: ServerEvent): void; signal: AbortSignal }

/** Ends the stream by resolving; must end soon after `signal` aborts. */
export type EventRun = (channel: EventChannel) => Promise<void>

const heartbeatSeconds = 15

type Needs = { run: EventRun; lifetimeSeconds: number; failed(error: unknown): void }

/**
 * The body of a `text/event-stream` (HTML Living Standard, 9.2). Comments every 15 s keep proxies from closing it and show a dead
 * connection; the lifetime bounds what a forgotten tab costs. The browser connects again by itself after 2 s.
 */
export function eventStream({ run, lifetimeSeconds, failed }: Needs): ReadableStream<Uint8Array> {
  const over = new AbortController()
  const encoder = new TextEncoder()

  return new ReadableStream<Uint8Array>({
    start(stream) {
      const write = (text: string) => {
        if (!over.signal.aborted) stream.enqueue(encoder.encode(text))
      }
      const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatSeconds * 1000)
      const lifetime = setTimeout(() => end(), lifetimeSeconds * 1000)
      const end = () => {
        if (over.signal.aborted) return
        over.abort()
        stream.close()
      }
      over.signal.addEventListener('abort', () => {
        clearInterval(heartbeat)
        clearTimeout(lifetime)
      })

      write('retry: 2000\n\n')
      const send = ({ name, data = null }: ServerEvent) => write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
      run({ send, signal: over.signal }).catch(failed).finally(end)
    },
    cancel() {
      over.abort()
    },
  })
}
