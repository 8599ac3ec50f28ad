import { Secret } from '../core/secrets/secret.ts'
import { type Kind, right, textKind, wrong } from './kind.ts'

/** Names out of a set, each once, in the order in which they are asked; `none` is no name. */
export function namesInOrder<const T extends string>(...choices: readonly T[]): Kind<readonly T[]> {
  return {
    says: `none, or one or several of ${choices.join(', ')}, in the order in which they are asked`,
    shape: 'list',
    parse(items) {
      if (items.length === 1 && items[0]?.toLowerCase() === 'none') return right(Object.freeze([]))
      const names: T[] = []
      for (const item of items) {
        const name = choices.find((choice) => choice === item.toLowerCase())
        if (name === undefined) return wrong(`"${item}" is not one of the choices.`)
        if (names.includes(name)) return wrong(`${name} stands twice.`)
        names.push(name)
      }
      return names.length === 0 ? wrong('The list is empty.') : right(Object.freeze(names))
    },
  }
}

export const hostName: Kind<string> = textKind('the name or address of a host', (text) => {
  return /^[^\s/@?#]+$/.test(text) ? right(text) : wrong('This is not a host name or an address.')
})

/** E.164. */
export const phoneNumber: Kind<string> = textKind('a number with its country, for example +12065550100', (text) => {
  const number = text.replace(/[ ()./-]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(number) ? right(number) : wrong('This is not a number with its country.')
})

/** Twilio's are AC and 32 hexadecimal digits; others have UUIDs and the like. */
export const accountSid: Kind<string> = textKind('the SID of an account, for example AC and 32 digits', (text) => {
  return /^[\w.:-]{1,100}$/.test(text) ? right(text) : wrong('This cannot be the SID of an account.')
})

/** It stands in an address, and is all that keeps strangers from sending replies. */
export const replySecret: Kind<Secret> = textKind(
  'at least 22 letters, digits, _ and -, from 128 bits of chance',
  (text) => {
    if (!/^[\w-]*$/.test(text)) return wrong('It has a character other than letters, digits, _ and -.')
    return text.length >= 22 ? right(new Secret(text)) : wrong('It is too short.')
  },
)
