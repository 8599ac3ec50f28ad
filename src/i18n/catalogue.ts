import { de } from './de.ts'
import { en } from './en.ts'
import { type LanguageCode, languageOf } from './languages.ts'

export {
  chooseLanguage,
  defaultLanguage,
  type Language,
  type LanguageCode,
  languageOf,
  languages,
  parseLanguage,
} from './languages.ts'

type Entry = keyof typeof en
type Form = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'
/** A sentence that counts, without its ending. */
type Counting = Entry extends infer E ? (E extends `${infer Name}.other` ? Name : never) : never

/** What a page may ask for. Counting sentences are asked for without their ending. */
export type Key = Exclude<Entry, `${string}.${'one' | 'other'}`> | Counting
export type Holes = Readonly<Record<string, string | number>>
/** The sentence of a key with its holes filled. Holes are plain text: `html` escapes the whole. */
export type Translate = (key: Key, holes?: Holes) => string

/** One language's sentences; a language with more plural forms than English adds them. */
export type Catalogue = Record<Entry, string> & { [K in `${Counting}.${Form}`]?: string }

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
