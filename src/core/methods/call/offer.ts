import type { Settings } from '../../settings/settings.ts'

/** The settings as they hold where nobody can place a call: nobody is offered one. */
export function withoutCalls(settings: Settings): Settings {
  const methods = settings['portal.methods'].filter((method) => method !== 'call')
  return Object.freeze({ ...settings, 'portal.methods': methods })
}
