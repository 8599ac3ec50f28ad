import { type LanguagesApart, speaking } from '../contract/languages.ts'

/** As commander gives them. */
export type LanguagesGiven = {
  language?: string
  callLanguage?: string
  textLanguage?: string
  appLanguage?: string
  oathLanguage?: string
}

export function languagesGiven(given: LanguagesGiven): LanguagesApart {
  const { callLanguage: call, textLanguage: text, appLanguage: app, oathLanguage: oath } = given
  return { call, text, app, oath }
}

/** "en, call de, text de"; empty where nothing is said. */
export function spokenIn(spoken: { language?: string | undefined; languages?: LanguagesApart | undefined }): string {
  const { language, languages = {} } = spoken
  const apart = speaking.flatMap((what) => (languages[what] === undefined ? [] : [`${what} ${languages[what]}`]))
  return [language, ...apart].filter((each) => each !== undefined).join(', ')
}
