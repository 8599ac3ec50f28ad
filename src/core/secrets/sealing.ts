/** The part of the keyring that services need. `place` names table, row and column: a sealed text opens nowhere else. */
export interface Sealing {
  seal(plain: string | Uint8Array, place: string): string
  open(sealed: string, place: string): Uint8Array
  /** Keyed digest of short secrets such as codes; without the key a stolen database tells nothing. */
  mac(purpose: string, ...parts: string[]): string
  macMatches(mac: string, purpose: string, ...parts: string[]): boolean
}
