const { formats, chosen } = document.getElementById('app').dataset
/** What dates and numbers are written by, of each language that there are words of. */
const known = JSON.parse(formats)
const ofPage = document.documentElement.lang

/** The language of what the app says: as chosen on this page, else as the account has it for the app, else the page's. */
export function languageOf(account) {
  const wanted = account?.language
  return chosen === undefined && Object.hasOwn(known, wanted) ? wanted : ofPage
}

/** The sentences of a language. `words('otp.left', { count: 3 })` counts and fills holes, as on the server. */
export async function loadWords(language) {
  const answer = await fetch(new URL(`words.${language}.json`, import.meta.url))
  const sentences = await answer.json()
  const plural = new Intl.PluralRules(known[language])
  const number = new Intl.NumberFormat(known[language])
  const words = (key, holes = {}) => {
    const form = holes.count === undefined ? 'other' : plural.select(Number(holes.count))
    const sentence = sentences[key] ?? sentences[`${key}.${form}`] ?? sentences[`${key}.other`] ?? key
    return sentence.replace(/\{(\w+)\}/g, (hole, name) => {
      const value = holes[name]
      return value === undefined ? hole : typeof value === 'number' ? number.format(value) : value
    })
  }
  return { language, words, formats: known[language] }
}
