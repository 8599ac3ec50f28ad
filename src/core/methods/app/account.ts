import type { Output } from '../../../contract/contract.ts'
import type { Settings } from '../../settings/settings.ts'
import { nameOf, type User } from '../../users/user.ts'
import type { Device } from './device.ts'

/** What a device shows of the account that it is on. */
export function accountOf(user: User, settings: Settings): Output<'readDevice'>['account'] {
  return {
    company: settings['company.name'],
    accent: settings['company.accent'],
    username: user.username,
    displayName: nameOf(user),
    // The device knows better than the company what whoever holds it reads.
    language: user.languages.app ?? user.language,
  }
}

/** A device, for its person. */
export function shownDevice({ id, name, platform, addedAt, seenAt, usedAt, sealedPush }: Device) {
  return {
    id,
    name,
    platform,
    addedAt: addedAt.toISOString(),
    seenAt: seenAt.toISOString(),
    usedAt: usedAt?.toISOString(),
    push: sealedPush !== undefined,
  }
}
