import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min'
import { type LanguageCode, languageOf } from '../../i18n/languages.ts'
import type { Option } from '../web/design/fields.ts'

const lists = new Map<LanguageCode, readonly Option[]>()

/** "United States (+1)", in the reader's language and order. Made once per language. */
export function countryOptions(language: LanguageCode): readonly Option[] {
  const known = lists.get(language)
  if (known) return known

  const { formats } = languageOf(language)
  const names = new Intl.DisplayNames(formats, { type: 'region' })
  const order = new Intl.Collator(formats)
  const options = getCountries()
    .map((code) => ({ value: code as string, name: names.of(code) ?? code, dial: getCountryCallingCode(code) }))
    .sort((a, b) => order.compare(a.name, b.name))
    .map(({ value, name, dial }) => ({ value, label: `${name} (+${dial})` }))
  lists.set(language, options)
  return options
}
