/**
 * Activation codes: twelve letters and digits that cannot be taken for one another (Crockford's base 32), shown in groups of
 * four. The first four find the code, the other eight (40 bits) are the secret of it.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 12
const FINDS = 4

/** From twelve numbers of 0 to 31. */
export function activationCode(below: (end: number) => number): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[below(ALPHABET.length)]).join('')
}

/** However it was typed: small letters, spaces and dashes between, O for 0, I and L for 1. Undefined for what is none. */
export function readActivationCode(typed: string): string | undefined {
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return text.length === LENGTH && [...text].every((letter) => ALPHABET.includes(letter)) ? text : undefined
}

export function groupedActivationCode(code: string): string {
  return code.match(/.{4}/g)?.join('-') ?? code
}

/** The part that finds the code among those that are out. */
export function findsActivation(code: string): string {
  return code.slice(0, FINDS)
}
