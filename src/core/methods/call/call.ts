import type { CallState } from './dialogue.ts'

/** Which of a person's phones. */
export type Leg = 'primary' | 'backup'

/** One call, for one prompt. A prompt may ring one phone after the other. */
export type PlacedCall = {
  id: string
  promptId: string
  userId: string
  leg: Leg
  /** E.164. */
  phone: string
  extension: string | undefined
  deliveryId: string
  state: CallState
  /** The provider's name for it, once one has taken it. */
  providerId: string | undefined
  createdAt: Date
}

/** `provider`: who placed it; undefined while that is not written down. */
export type RingingCall = { providerId: string; provider: string | undefined }

export interface CallStore {
  insert(call: Omit<PlacedCall, 'providerId'>): Promise<void>
  find(id: string): Promise<PlacedCall | undefined>
  /** Finds it and keeps all others from changing it until the unit of work ends. */
  hold(id: string): Promise<PlacedCall | undefined>
  newestOf(promptId: string): Promise<PlacedCall | undefined>
  keep(id: string, state: CallState): Promise<void>
  /** Told by whoever places it. False when it is another call of a provider's already. */
  bind(id: string, providerId: string): Promise<boolean>
  /** The person's other calls since then that are not over yet, by their names at the provider. */
  stillRinging(call: Pick<PlacedCall, 'id' | 'userId'>, since: Date): Promise<RingingCall[]>
  /** Takes the callback with that number, of that call of the provider's. Undefined unless it is the awaited one. */
  takeStep(id: string, providerId: string, step: number): Promise<CallState | undefined>
  /** That it is over; true for exactly one caller. Without a `providerId`, whoever says so. */
  end(id: string, providerId: string | undefined, now: Date): Promise<boolean>
}
