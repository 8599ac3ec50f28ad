import { printable } from '../config/mistake.ts'

type Input = NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?(on: boolean): unknown }
type Output = { isTTY?: boolean | undefined; write(text: string): unknown }

export type Terminal = {
  /** What someone types without its being shown, or the next line of a pipe. Undefined when they gave up, or nothing came. */
  secret(prompt: string): Promise<string | undefined>
  /** What someone types and sees, or the next line of a pipe. Undefined where nothing more comes. */
  line(prompt: string): Promise<string | undefined>
  /** How far a long piece of work is. */
  progress(): Progress
}

export type Progress = {
  /** Cheap enough to call for every item: what comes too soon after the last is not shown. */
  say(text: string): void
  /** The last word, always shown. */
  end(text: string): void
}

type Needs = {
  input: Input
  /** The error output, so that prompts and progress stay out of what a pipe takes on. */
  output: Output
  /** Milliseconds that only go forward. */
  now?: (() => number) | undefined
}

const LONGEST_LINE = 64 * 1024
const [CTRL_C, CTRL_D, BACKSPACE, CTRL_U, DELETE] = ['\x03', '\x04', '\b', '\x15', '\x7f']

export function terminal({ input, output, now = () => performance.now() }: Needs): Terminal {
  // What a pipe sent beyond the line that was asked for: the answer to the next question.
  let rest = ''
  let ended = false
  // A character may arrive in two pieces.
  input.setEncoding('utf8')
  // A stream can end while nobody is asking, and says so once.
  input.once('end', () => {
    ended = true
  })

  async function lineOfPipe(): Promise<string | undefined> {
    while (!rest.includes('\n') && !ended && rest.length <= LONGEST_LINE) rest += (await nextChunk(input)) ?? ''
    const [, line = rest, after = ''] = /^([^\n]*)\n([\s\S]*)$/.exec(rest) ?? []
    rest = after
    const text = line.replace(/\r$/, '')
    return (text === '' && ended) || text.length > LONGEST_LINE ? undefined : text
  }

  return {
    secret: async (prompt) => {
      if (!input.isTTY || !input.setRawMode) return lineOfPipe()
      output.write(`${prompt} `)
      input.setRawMode(true)
      try {
        return await typed(input)
      } finally {
        input.setRawMode(false)
        output.write('\n')
      }
    },
    line: (prompt) => {
      output.write(`${prompt} `)
      return lineOfPipe()
    },
    progress: () => (output.isTTY ? movingLine(output, now) : plainLines(output, now)),
  }
}

/** Keys in raw mode, up to Enter. Pasting brings several at once. */
async function typed(input: Input): Promise<string | undefined> {
  let text = ''
  for (;;) {
    const keys = await nextChunk(input)
    if (keys === undefined) return undefined
    for (const key of keys) {
      if (key === '\r' || key === '\n') return text
      if (key === CTRL_C || key === CTRL_D) return undefined
      if (key === DELETE || key === BACKSPACE) text = [...text].slice(0, -1).join('')
      else if (key === CTRL_U) text = ''
      else if (key >= ' ' && text.length < LONGEST_LINE) text += key
    }
  }
}

/** The stream is paused in between, so that a program that has asked its last question can end. */
function nextChunk(input: Input): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (chunk: string | undefined) => {
      input.off('data', onData).off('end', onEnd).off('error', reject)
      input.pause()
      resolve(chunk)
    }
    const onData = (chunk: Buffer | string) => settle(String(chunk))
    const onEnd = () => settle(undefined)
    input.on('data', onData).on('end', onEnd).on('error', reject)
    input.resume()
  })
}

function movingLine(output: Output, now: () => number): Progress {
  const show = (text: string) => output.write(`\r\x1b[K${printable(text)}`)
  const mayShow = atMostEvery(100, now)
  return {
    say: (text) => void (mayShow() && show(text)),
    end: (text) => {
      show(text)
      output.write('\n')
    },
  }
}

function plainLines(output: Output, now: () => number): Progress {
  const show = (text: string) => output.write(`${printable(text)}\n`)
  const mayShow = atMostEvery(5000, now)
  return { say: (text) => void (mayShow() && show(text)), end: (text) => void show(text) }
}

function atMostEvery(ms: number, now: () => number): () => boolean {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    if (now() - last < ms) return false
    last = now()
    return true
  }
}
