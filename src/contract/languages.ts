/** The languages that are shipped. A new one is a tag here and a file in `i18n/`. */
export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]
