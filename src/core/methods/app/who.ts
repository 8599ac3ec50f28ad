import {
  deviceProtocol,
  devicePublicKey,
  isSignedBy,
  readDeviceCredential,
  requestToSign,
} from '../../../protocols/device-signature.ts'
import type { Clock, Write } from '../../ports.ts'
import type { Device, DeviceStore } from './device.ts'

type Needs = { devices: DeviceStore; write: Write<{ devices: DeviceStore }>; clock: Clock }

/** A request as a device has signed it. */
export type Signed = { credential: string; body: string; route: string }
export type DeviceWho = { level: 'device'; deviceId: string; userId: string; signedAt: number }

/** A key that nobody has, so that a stranger's id takes the work of a known one. Its point is the generator of P-256. */
const nobodysKey = 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU'
const TOUCH_EVERY_MS = 60_000

/**
 * Which device has signed this very request. `clock.off` is said before anything is looked up, and everything else is one
 * answer: whether a device is there tells nothing to whoever has not its key.
 */
export function whoSigned({ devices, write, clock }: Needs) {
  return async ({ credential, body, route }: Signed): Promise<DeviceWho | 'clock.off' | undefined> => {
    const read = readDeviceCredential(credential)
    if (!read || Buffer.byteLength(body) > deviceProtocol.mostBody) return undefined
    const now = clock.now()
    if (Math.abs(read.time - now.getTime()) > deviceProtocol.skewMs) return 'clock.off'

    const device = await devices.find(read.deviceId)
    const key = devicePublicKey(device?.publicKey ?? nobodysKey)
    const right = key !== undefined && isSignedBy(key, requestToSign(read, { route, body }), read.signature)
    if (!device || !right) return undefined

    await touch({ write }, device, now)
    return { level: 'device', deviceId: device.id, userId: device.userId, signedAt: read.time }
  }
}

async function touch({ write }: Pick<Needs, 'write'>, { id, seenAt }: Device, now: Date): Promise<void> {
  if (now.getTime() - seenAt.getTime() > TOUCH_EVERY_MS) await write(({ devices }) => devices.touch(id, now))
}
