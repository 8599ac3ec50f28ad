import { isIPv4, isIPv6 } from 'node:net'
import { isMailAddress } from '../contract/mail-address.ts'
import { type Kind, right, textKind, wrong } from './kind.ts'

/** `name` is what a mail program shows. */
export type Mailbox = { readonly name?: string | undefined; readonly address: string }

const NAME_AND_ADDRESS = /^(?:(.*?)\s*<([^<>]*)>|([^<>]*))$/

export const mailbox: Kind<Mailbox> = textKind(
  'a mail address, with a name before it if wanted, for example Contoso <no-reply@example.org>',
  (text) => {
    const [, name = '', bracketed, plain = ''] = NAME_AND_ADDRESS.exec(text.trim()) ?? []
    const shown = name.replace(/^"(.*)"$/, '$1').trim()
    if (!isMailAddress(bracketed ?? plain)) return wrong('This is not a mail address.')
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(shown)) return wrong('The name has a character that does not show.')
    return right(Object.freeze({ address: bracketed ?? plain, ...(shown !== '' && { name: shown }) }))
  },
)

export const mailAddress: Kind<string> = textKind('a mail address, for example helpdesk@example.org', (text) => {
  return isMailAddress(text) ? right(text) : wrong('This is not a mail address.')
})

export const port: Kind<number> = textKind('a port from 1 to 65535', (text) => {
  const value = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  return value >= 1 && value <= 65_535 ? right(value) : wrong('This is not a port.')
})

const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i

/** Names or addresses, without a port. */
export const hosts: Kind<readonly string[]> = {
  says: 'the name of a server or several, for example mail.example.org',
  shape: 'list',
  parse(items) {
    for (const item of items) {
      const isName = HOST_NAME.test(item) && !/^[0-9.]+$/.test(item)
      if (!isName && !isIPv4(item) && !isIPv6(item)) return wrong(`"${item}" is neither a name nor an address.`)
    }
    return items.length === 0 ? wrong('The list is empty.') : right(Object.freeze([...items]))
  },
}
