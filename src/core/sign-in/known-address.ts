/** Where a person has signed in from, with both steps, in the last months. */
export interface KnownAddressStore {
  isKnown(usernameKey: string, place: string, now: Date): Promise<boolean>
  remember(usernameKey: string, place: string, now: Date): Promise<void>
}

export const KNOWN_FOR_MS = 90 * 24 * 3_600_000
