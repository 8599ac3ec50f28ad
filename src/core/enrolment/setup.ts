import type { Answer } from '../../contract/contract.ts'
import type { WhoFor } from '../gate.ts'
import type { PinStore } from '../pin/pin.ts'
import { asksPin, isModed, modeOf } from '../policy/modes.ts'
import { offered } from '../policy/ways.ts'
import type { SettingsSource } from '../settings/settings.ts'
import { nameOf, type UserStore } from '../users/user.ts'

type Needs = { users: UserStore; pins: PinStore; settings: SettingsSource }

/** What User Setup may offer, and for which of it a PIN is to be chosen first. */
export async function readSetup(
  { users, pins, settings }: Needs,
  who: WhoFor<'setting up'>,
): Promise<Answer<'readSetup'>> {
  const user = await users.find(who.userId)
  if (!user) return { ok: false, refusal: 'caller.refused' }
  const current = settings.current()
  const methods = offered(current)
  const asking = methods.filter((method) => isModed(method) && asksPin(modeOf(method, user.modes, current)))
  const pinFor = (await pins.findOf(user.id)) ? [] : asking
  const country = current['company.country']
  return {
    ok: true,
    value: { displayName: nameOf(user), methods, mayChoose: methods.length > 1, country, pinFor },
  }
}
