const language = document.documentElement.lang

/** The sentences of this page's language. `words('otp.left', { count: 3 })` counts and fills holes, as on the server. */
export async function loadWords(formats) {
  const answer = await fetch(new URL(`words.${language}.json`, import.meta.url))
  const sentences = await answer.json()
  const plural = new Intl.PluralRules(formats)
  const number = new Intl.NumberFormat(formats)
  return (key, holes = {}) => {
    const form = holes.count === undefined ? 'other' : plural.select(Number(holes.count))
    const sentence = sentences[key] ?? sentences[`${key}.${form}`] ?? sentences[`${key}.other`] ?? key
    return sentence.replace(/\{(\w+)\}/g, (hole, name) => {
      const value = holes[name]
      return value === undefined ? hole : typeof value === 'number' ? number.format(value) : value
    })
  }
}
