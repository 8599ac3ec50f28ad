import type { DeviceStore } from '../methods/app/device.ts'
import type { TokenStore } from '../methods/oath/token.ts'
import type { PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import type { User } from '../users/user.ts'
import type { Holdings } from './ways.ts'

export type HoldingNeeds = {
  tokens: TokenStore
  passkeys: PasskeyStore
  devices: DeviceStore
  relyingParty: RelyingPartySource
}

/** What a person has now. Passkeys count only where browsers can be asked for them. */
export async function holdingsOf(
  { tokens, passkeys, devices, relyingParty }: HoldingNeeds,
  user: User,
): Promise<Holdings> {
  return {
    method: user.method,
    phone: user.phone !== undefined,
    token: (await tokens.listOf(user.id)).length > 0,
    passkeys: relyingParty() !== undefined && (await passkeys.listOf(user.id)).length > 0,
    app: (await devices.listOf(user.id)).length > 0,
  }
}
