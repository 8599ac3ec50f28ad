import type { Output } from '../../../contract/contract.ts'
import { toBase32 } from '../../../protocols/base32.ts'
import type { Ids, Random } from '../../ports.ts'
import type { Sealing } from '../../secrets/sealing.ts'
import type { Settings } from '../../settings/settings.ts'
import { secretPlace, type TokenStore } from '../oath/token.ts'
import { type Device, seedPlace } from './device.ts'

type Parameters = { algorithm: 'SHA1' | 'SHA256' | 'SHA512'; digits: 6 | 8; period: number }
/** The seed of a device's own codes, which it shows without a network: an OATH token that lives and dies with the device. */
export type Seed = Parameters & { secret: Uint8Array }

/** RFC 4226 section 4 asks for 128 bits at least and recommends 160. */
const SECRET_BYTES = 20

export function newSeed(random: Random, settings: Settings): Seed {
  return {
    secret: random.bytes(SECRET_BYTES),
    algorithm: settings['oath.algorithm'],
    digits: settings['oath.digits'],
    period: settings['oath.seconds'],
  }
}

export function shownSeed({
  secret,
  ...parameters
}: Seed): Extract<Output<'activateDevice'>, { oath: object }>['oath'] {
  return { secret: toBase32(secret), ...parameters }
}

/** For a device that does not count yet. */
export function sealedSeed(sealing: Sealing, { secret, ...parameters }: Seed, deviceId: string): string {
  const text = JSON.stringify({ secret: Buffer.from(secret).toString('base64url'), ...parameters })
  return sealing.seal(text, seedPlace(deviceId))
}

export function openSeed(sealing: Sealing, { id, sealedSeed }: Device): Seed | undefined {
  if (sealedSeed === undefined) return undefined
  const text = Buffer.from(sealing.open(sealedSeed, seedPlace(id))).toString()
  const { secret, ...parameters } = JSON.parse(text) as Parameters & { secret: string }
  return { secret: Buffer.from(secret, 'base64url'), ...parameters }
}

/** The device counts, and its codes with it. */
export async function addSeed(
  { sealing, ids }: { sealing: Sealing; ids: Ids },
  tokens: TokenStore,
  { id: deviceId, userId }: Pick<Device, 'id' | 'userId'>,
  { secret, ...parameters }: Seed,
  now: Date,
): Promise<void> {
  const id = ids.next()
  const sealedSecret = sealing.seal(secret, secretPlace(id))
  const about = { id, userId, deviceId, origin: 'device', sealedSecret, addedAt: now } as const
  await tokens.insert({ ...about, ...parameters, kind: 'totp', drift: 0, last: -1 })
}
