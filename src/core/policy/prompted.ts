import type { FirstMethod } from '../../contract/shapes.ts'
import type { Settings } from '../settings/settings.ts'

export type Prompted = 'backup-phone' | 'token'
type Has = { method: FirstMethod; backupPhone: boolean; token: boolean }

/** What User Setup asks for after the method was proven, and what the person may do without. */
export function promptedAfterSetup({ method, backupPhone, token }: Has, settings: Settings): Prompted[] {
  const asks: Record<Prompted, boolean> = {
    // Only a call falls back to another phone.
    'backup-phone': settings['portal.prompt_backup_phone'] && method === 'call' && !backupPhone,
    token: settings['portal.prompt_token'] && settings['portal.allow_token'] && !token,
  }
  return (['backup-phone', 'token'] as const).filter((prompted) => asks[prompted])
}
