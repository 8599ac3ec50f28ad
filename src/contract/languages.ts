/** The languages that are shipped. A new one is a tag here and a file in `i18n/`. */
export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

export function isLanguage(tag: string | undefined): tag is Language {
  return languages.some((language) => language === tag)
}

/** What is said by these may be in another language than a person's own. */
export const speaking = ['call', 'text', 'app', 'oath'] as const
export type Speaking = (typeof speaking)[number]
/** Of those in the person's own language there is none. */
export type LanguagesApart = { readonly [S in Speaking]?: string | undefined }
