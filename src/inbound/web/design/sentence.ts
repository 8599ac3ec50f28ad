import type { Key, Translate } from '../../../i18n/catalogue.ts'
import { Html, type Piece } from '../html.ts'

/** A sentence with markup in its holes: `sentence(t, 'code.sent', { phone: html\`<strong>…</strong>\` })`. */
export function sentence(t: Translate, key: Key, holes: Readonly<Record<string, Html | string | number>>): Html {
  // Numbers go through the catalogue (it picks the plural form by them); text and markup are put in afterwards, escaped by `html`'s rule.
  const counted = Object.entries(holes).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  const text = t(key, Object.fromEntries(counted))
  const parts = text.split(/\{(\w+)\}/)
  const values = parts.map((part, i): Piece => (i % 2 === 0 ? part : (holes[part] ?? `{${part}}`)))
  return Html.join(['', ...values.map(() => '')], values)
}
