import type { CallEvents, PhoneCall } from '../../../core/delivery/voice.ts'
import type { CallEnd } from '../../../core/methods/call/dialogue.ts'
import type { CallStep, Gather, SpokenLine } from '../../../core/methods/call/step.ts'

/** A call as a phone of the demo shows it. `to` is E.164, `at` (when it began to ring) ISO 8601. */
export type SimulatedCall = {
  id: string
  to: string
  extension?: string | undefined
  language: string
  at: string
  state: 'ringing' | 'talking' | 'over'
  /** When it is over. */
  how?: CallEnd | undefined
  /** What was said, oldest first: the lines of each step. */
  said: readonly (readonly SpokenLine[])[]
  /** Whether it waits for keys, and how many were pressed since the last step. */
  waits: boolean
  pressed: number
}

type Needs = {
  events: CallEvents
  /** Something is to be shown. */
  changed(): void
  /** Whoever listens has failed; the call is over. */
  failed(error: unknown): void
}

/** A caption is read more slowly than a voice speaks, and the waiting begins where the voice ends. */
const READING_SECONDS = 15

/** One call to one simulated phone, from the first ring on. What is told of it is told one after the other. */
export class SimulatedLine {
  readonly call: PhoneCall
  readonly #at: Date
  readonly #needs: Needs
  #state: SimulatedCall['state'] = 'ringing'
  #how: CallEnd | undefined
  readonly #said: CallStep['say'][] = []
  #gather: Gather | undefined
  #keys = ''
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<void> = Promise.resolve()

  constructor(call: PhoneCall, at: Date, needs: Needs) {
    this.call = call
    this.#at = at
    this.#needs = needs
  }

  get state(): SimulatedCall['state'] {
    return this.#state
  }

  shown(): SimulatedCall {
    const { id, to, extension, language } = this.call
    const about = { id, to, extension, language, at: this.#at.toISOString(), state: this.#state, how: this.#how }
    return { ...about, said: [...this.#said], waits: this.#gather !== undefined, pressed: this.#keys.length }
  }

  ring(): void {
    this.#after(this.call.ringSeconds, () => this.end('no-answer'))
    this.#needs.changed()
  }

  answer(): Promise<void> {
    clearTimeout(this.#timer)
    this.#state = 'talking'
    return this.#inTurn(async (events) => this.#follow(await events.answered(this.call.id)))
  }

  press(keys: string): Promise<void> {
    return this.#inTurn(() => this.#feed(keys))
  }

  end(how: CallEnd): Promise<void> {
    this.#over(how)
    return this.#inTurn((events) => events.ended(this.call.id, how))
  }

  /** Nothing more comes of it, and nobody is told. */
  drop(): void {
    clearTimeout(this.#timer)
    this.#state = 'over'
  }

  async #feed(keys: string): Promise<void> {
    for (const key of keys) {
      if (!this.#gather) return
      this.#keys += key
      if (isWhole(this.#keys, this.#gather)) await this.#send()
      else this.#after(this.#gather.seconds, () => this.#inTurn(() => this.#send()))
    }
    this.#needs.changed()
  }

  async #send(): Promise<void> {
    if (!this.#gather) return
    const keys = this.#keys
    clearTimeout(this.#timer)
    this.#gather = undefined
    this.#keys = ''
    await this.#follow(await this.#needs.events.keys(this.call.id, keys))
  }

  async #follow(step: CallStep): Promise<void> {
    // Hung up meanwhile: nobody hears it.
    if (this.#state !== 'talking') return
    if (step.say.length > 0) this.#said.push(step.say)
    if (step.after.kind === 'hang-up') {
      this.#over('hung-up')
      return this.#needs.events.ended(this.call.id, 'hung-up')
    }
    this.#gather = step.after
    this.#after(READING_SECONDS + step.after.seconds, () => this.#inTurn(() => this.#send()))
    this.#needs.changed()
  }

  #over(how: CallEnd): void {
    clearTimeout(this.#timer)
    this.#state = 'over'
    this.#how = how
    this.#gather = undefined
    this.#keys = ''
    this.#needs.changed()
  }

  #after(seconds: number, then: () => Promise<void>): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void then(), seconds * 1000).unref()
  }

  #inTurn(work: (events: CallEvents) => Promise<void>): Promise<void> {
    this.#turn = this.#turn
      .then(() => work(this.#needs.events))
      .catch((error: unknown) => {
        this.#over('unreachable')
        this.#needs.failed(error)
      })
    return this.#turn
  }
}

/** Whether what was pressed so far is an answer: # ends it, or as many keys as there may be. */
function isWhole(keys: string, { mostKeys, hashAlone }: Gather): boolean {
  return keys.endsWith('#') || keys.length >= mostKeys + (hashAlone ? 1 : 0)
}
