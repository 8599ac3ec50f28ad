import { de } from './de.ts'
import { en } from './en.ts'
import type { Catalogue, Translate } from './keys.ts'
import { type LanguageCode, languageOf } from './languages.ts'

export type { Key, Translate } from './keys.ts'
export {
  chooseLanguage,
  type LanguageCode,
  languageOf,
  languages,
  parseLanguage,
} from './languages.ts'

export const catalogues: Record<LanguageCode, Catalogue> = { en, de }

const translators = new Map<LanguageCode, Translate>()

/** The voice of one language. Numbers in holes are written as the language writes them; a hole without a value stays. */
export function translator(code: LanguageCode): Translate {
  const known = translators.get(code)
  if (known) return known

  const sentences: Readonly<Record<string, string | undefined>> = catalogues[code]
  const { formats } = languageOf(code)
  const plural = new Intl.PluralRules(formats)
  const number = new Intl.NumberFormat(formats)
  const formOf = (count: number) => plural.select(count)

  const translate: Translate = (key, holes = {}) => {
    const sentence =
      sentences[key] ?? sentences[`${key}.${formOf(Number(holes.count))}`] ?? sentences[`${key}.other`] ?? key
    return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = holes[name]
      if (value === undefined) return hole
      return typeof value === 'number' ? number.format(value) : value
    })
  }
  translators.set(code, translate)
  return translate
}
