import type { Method } from '../../contract/shapes.ts'
import { asksPin, isModed, modeOf } from '../policy/modes.ts'
import type { Settings } from '../settings/settings.ts'
import type { User } from '../users/user.ts'
import { type PinState, type PinStore, pinState } from './pin.ts'

type Needs = { pins: Pick<PinStore, 'findOf'>; settings: Settings }

/**
 * Why a PIN must be chosen after the second step and before anything opens; undefined: it need not. Only by a method whose
 * mode asks for one: whoever answered by another has not proven the PIN that is there.
 */
export async function pinWanted(
  { pins, settings }: Needs,
  { user, method, now }: { user: User; method: Method; now: Date },
): Promise<Exclude<PinState, 'good'> | undefined> {
  if (!asksPinOf(user, method, settings)) return undefined
  const state = pinState(await pins.findOf(user.id), settings['pin.expiry_days'], now)
  return state === 'good' ? undefined : state
}

export const pinMissing = { ok: false, refusal: 'pin.missing' } as const

/** Whether User Setup by this method is to wait: who is to answer with a PIN chooses one before anything of it is set up. */
export async function owesPin({ pins, settings }: Needs, user: User, method: Method): Promise<boolean> {
  return asksPinOf(user, method, settings) && (await pins.findOf(user.id)) === undefined
}

function asksPinOf({ modes }: User, method: Method, settings: Settings): boolean {
  return isModed(method) && asksPin(modeOf(method, modes, settings))
}
