import type { PaceReader } from '../throttle/throttle.ts'
import type { SeenPrompt } from './prompt.ts'

/** Whoever has just been asked is not asked again at once. */
const AGAIN_AFTER_MS = 20_000

/** `waiting`: open and in time. A denied one says why as its method words it, or with `denied` where it does not. */
export type Standing<Outcome extends string> =
  | { state: 'waiting'; outcome?: undefined }
  | { state: 'approved'; outcome?: undefined }
  | { state: 'over'; outcome: Outcome | 'replaced' | 'expired' }

export function standingOf<Outcome extends string>(
  { state, outcome, expiresAt }: SeenPrompt,
  denied: Outcome,
  now: Date,
): Standing<Outcome> {
  if (state === 'replaced') return { state: 'over', outcome: 'replaced' }
  if (state === 'denied') return { state: 'over', outcome: (outcome as Outcome | undefined) ?? denied }
  if (expiresAt <= now) return { state: 'over', outcome: 'expired' }
  return state === 'approved' ? { state } : { state: 'waiting' }
}

/** From when on the person may be asked anew, of all that is counted under the key. */
export async function againAt(paces: PaceReader, key: string, { createdAt }: SeenPrompt): Promise<Date> {
  const next = await paces.nextAt(key)
  return new Date(Math.max(createdAt.getTime() + AGAIN_AFTER_MS, next?.getTime() ?? 0))
}
