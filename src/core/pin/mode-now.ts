import { asksPin, type ModedMethod, type Modes, modeOf, withoutPin } from '../policy/modes.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { User } from '../users/user.ts'
import type { PinStore } from './pin.ts'

type Needs = { pins: Pick<PinStore, 'findOf'>; settings: SettingsSource }

/** How the person answers now: who is to give a PIN and has none gives the rest. */
export async function modeNow<M extends ModedMethod>(
  { pins, settings }: Needs,
  method: M,
  { id, modes }: Pick<User, 'id' | 'modes'>,
): Promise<Modes[M]> {
  const mode = modeOf(method, modes, settings.current())
  return asksPin(mode) && !(await pins.findOf(id)) ? withoutPin(mode) : mode
}
