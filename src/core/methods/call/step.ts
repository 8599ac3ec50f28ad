/** What can be said in a call. The words are the spoken catalogue's. */
export type SpokenKey =
  | 'extension'
  | 'greeting.standard'
  | 'greeting.pin'
  | 'greeting.number'
  | 'retry.standard'
  | 'retry.pin'
  | 'retry.number'
  | 'wrong.pin'
  | 'wrong.number'
  | 'fraud.hint'
  | 'fraud.confirm'
  | 'fraud.reported'
  | 'fraud.blocked'
  | 'success'
  | 'denied'

/** One sentence. `recording` is the address of a sound file that is played in its place. */
export type SpokenLine = {
  key: SpokenKey
  holes: Readonly<Record<string, string>>
  recording?: string | undefined
}

/** What a phone does next: it says the lines, then waits for keys or hangs up. */
export type CallStep = {
  language: string
  say: readonly SpokenLine[]
  after: Gather | { kind: 'hang-up' }
}

/**
 * Waits for keys, up to and with the #. `seconds` is for each key, from the end of what is said. `mostKeys` counts without
 * the #; that many end the waiting by themselves. `hashAlone`: # without a key before it is an answer, not a slip.
 */
export type Gather = { kind: 'gather'; seconds: number; mostKeys: number; hashAlone: boolean }

/** The step with recordings in place of the sentences that have one in its language. */
export function withRecordings(
  step: CallStep,
  recordingOf: (key: SpokenKey, language: string) => string | undefined,
): CallStep {
  const say = step.say.map((line) => {
    const recording = recordingOf(line.key, step.language)
    return recording === undefined ? line : { ...line, recording }
  })
  return { ...step, say }
}
