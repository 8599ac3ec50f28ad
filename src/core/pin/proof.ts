import type { PasswordHasher } from '../secrets/password-hash.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { type PinStore, verifyPin } from './pin.ts'

/** The id of the PIN that was proven: another one, set since, was not. */
export type ProvenPin = string

type Needs = { pins: Pick<PinStore, 'findOf'>; hasher: PasswordHasher; sealing: Sealing }

/** Undefined: it is not the PIN, or there is none. A hash's work, outside of any unit of work; the try is spent before. */
export async function provePin(
  { pins, hasher, sealing }: Needs,
  userId: string,
  typed: string,
): Promise<ProvenPin | undefined> {
  const pin = await pins.findOf(userId)
  return (await verifyPin({ hasher, sealing }, pin, typed)) ? pin?.id : undefined
}

/** Whether what was proven is the PIN at this moment: asked in the unit of work that it opens something in. */
export async function isStill(
  pins: Pick<PinStore, 'findOf'>,
  userId: string,
  proven: ProvenPin | undefined,
): Promise<boolean> {
  return proven !== undefined && (await pins.findOf(userId))?.id === proven
}
