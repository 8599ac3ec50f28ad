import type { Settings } from '../settings/settings.ts'

/**
 * How a person answers by a method.
 *
 * call: press # · PIN and # · the number on the screen and #. text, one-way: type the code into the page; two-way: reply
 * with the code, with code and PIN, or with the number on the screen. app: tap · tap and PIN. oath: code · code and PIN.
 */
export const modes = {
  call: ['standard', 'pin', 'number'],
  text: ['one-way', 'one-way-pin', 'two-way', 'two-way-pin', 'two-way-number'],
  app: ['standard', 'pin'],
  oath: ['otp', 'otp-pin'],
} as const

export type Modes = { [M in keyof typeof modes]: (typeof modes)[M][number] }
export type ModedMethod = keyof Modes
/** The modes of a text that is answered by a text, and not on the page. */
export type ReplyMode = Extract<Modes['text'], `two-way${string}`>

export function isReplyMode(mode: Modes['text']): mode is ReplyMode {
  return mode.startsWith('two-way')
}

/** The person's own mode, which an operator has set, or else what the settings say for everybody. */
export function modeOf<M extends ModedMethod>(method: M, own: Partial<Modes>, settings: Settings): Modes[M] {
  const everybodys: Modes = {
    call: settings['call.mode'],
    text: settings['text.mode'],
    app: settings['app.mode'],
    oath: settings['oath.mode'],
  }
  return own[method] ?? everybodys[method]
}

export function isModed(method: string): method is ModedMethod {
  return Object.hasOwn(modes, method)
}

export function asksPin(mode: Modes[ModedMethod]): boolean {
  return mode === 'pin' || mode.endsWith('-pin')
}

const withoutIt: Partial<Record<Modes[ModedMethod], Modes[ModedMethod]>> = {
  pin: 'standard',
  'one-way-pin': 'one-way',
  'two-way-pin': 'two-way',
  'otp-pin': 'otp',
}

/** The same mode, but for the PIN. */
export function withoutPin<Mode extends Modes[ModedMethod]>(mode: Mode): Mode {
  return (withoutIt[mode] ?? mode) as Mode
}
