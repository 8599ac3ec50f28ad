/**
 * The languages that pages come in. `name` is in the language itself; `formats` is the locale for dates and numbers
 * (English dates are written day first with a 24-hour clock, as on every page and in every log).
 */
export const languages = [
  { code: 'en', name: 'English', dir: 'ltr', formats: 'en-GB' },
  { code: 'de', name: 'Deutsch', dir: 'ltr', formats: 'de-DE' },
] as const satisfies readonly { code: string; name: string; dir: 'ltr' | 'rtl'; formats: string }[]

export type Language = (typeof languages)[number]
export type LanguageCode = Language['code']

export const defaultLanguage: LanguageCode = 'en'

/** Undefined when pages do not come in it. */
export function parseLanguage(code: string | undefined): LanguageCode | undefined {
  return languages.find((language) => language.code === code)?.code
}

export function languageOf(code: LanguageCode): Language {
  return languages.find((language) => language.code === code) ?? languages[0]
}

/**
 * The language for a page: the one that was asked for, else the best of the browser's list (RFC 9110 section 12.5.4,
 * where `de-AT` is served by `de`: RFC 4647 section 3.4), else English.
 */
export function chooseLanguage({
  wanted,
  acceptLanguage,
}: {
  wanted?: string | undefined
  acceptLanguage?: string | undefined
}): LanguageCode {
  return parseLanguage(wanted) ?? bestOf(acceptLanguage ?? '') ?? defaultLanguage
}

function bestOf(acceptLanguage: string): LanguageCode | undefined {
  const ranges = acceptLanguage
    .slice(0, 500)
    .split(',')
    .map((entry) => {
      const [range = '', ...parameters] = entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { code: parseLanguage(range.split('-')[0]), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0 && quality <= 1)
  // Array.sort is stable: of equals, the browser's first one wins.
  return ranges.sort((a, b) => b.quality - a.quality).find(({ code }) => code !== undefined)?.code
}
