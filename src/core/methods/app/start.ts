import type { Starter } from '../../prompts/start.ts'
import { type AskNeeds, askDevices } from './ask.ts'
import type { DeviceStore } from './device.ts'

/** Asks the person's own devices. */
export function appStarter(needs: AskNeeds & { devices: DeviceStore }): Starter {
  return async (asking) => {
    const devices = await needs.devices.listOf(asking.user.id)
    return devices.length === 0 ? undefined : askDevices(needs, { ...asking, devices })
  }
}
