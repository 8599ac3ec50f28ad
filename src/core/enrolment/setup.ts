import type { Answer } from '../../contract/contract.ts'
import type { FirstMethod } from '../../contract/shapes.ts'
import type { WhoFor } from '../gate.ts'
import type { PinStore } from '../pin/pin.ts'
import { owesPin } from '../pin/wanted.ts'
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
  const methods = offered(current, user)
  const pinFor: FirstMethod[] = []
  for (const method of methods) if (await owesPin({ pins, settings: current }, user, method)) pinFor.push(method)
  const country = current['company.country']
  return {
    ok: true,
    value: { displayName: nameOf(user), methods, mayChoose: methods.length > 1, country, pinFor },
  }
}
