import type { Settings } from '../settings/settings.ts'
import type { User } from '../users/user.ts'
import type { PinPolicy } from './pin.ts'

export function pinPolicyOf(settings: Settings): PinPolicy {
  return {
    minLength: settings['pin.min_length'],
    refuseWeak: settings['pin.refuse_weak'],
    history: settings['pin.history'],
    expiryDays: settings['pin.expiry_days'],
  }
}

/** The numbers that a PIN may not be taken from. */
export function phonesOf({ phone, backupPhone, phoneExtension, backupExtension }: User): string[] {
  return [phone, backupPhone, phoneExtension, backupExtension].filter((number) => number !== undefined)
}
