/**
 * What some directories take for one name, as one text: Active Directory compares without accents (`bjørn`, `björn` and
 * `bjorn` are one account; MS-ADTS section 6.5, and what Windows does is in Samba's bug 14847), OpenLDAP takes İ for i. Of
 * a name's key. Two people may be alike, so it finds nobody: it is for counting, and for asking whether somebody is there.
 */
export function likenessOf(key: string): string {
  const letters = key.normalize('NFKD').replace(UNWEIGHED, '').toLowerCase()
  return [...letters].map(plain).join('')
}

/** Marks on letters, and what has no place in an order of letters: comparisons pass over them. */
const UNWEIGHED = /[\p{Mn}\p{Me}\p{Cf}\p{Co}\p{Cn}\u0640]/gu

function plain(letter: string): string {
  const code = letter.charCodeAt(0)
  // Katakana as hiragana.
  if (code >= 0x30a1 && code <= 0x30f6) return String.fromCharCode(code - 0x60)
  return strokes.get(letter) ?? letter
}

/** Letters that Unicode does not take apart. */
const strokes: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['þ', 'th'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['ħ', 'h'],
  ['ŧ', 't'],
  ['ı', 'i'],
])
