import { type Configured, takesReplies } from '../app/configured.ts'
import type { ItemRules } from '../contract/operate-sync.ts'
import { relyingPartyOf } from '../core/methods/passkey/relying-party.ts'
import { isReplyMode } from '../core/policy/modes.ts'

/**
 * What an item asks for and the configuration does not have, by now: people would wait for it, or begin in another way.
 */
export function adviceOn(rules: ItemRules, configured: Pick<Configured, 'config' | 'settings'>): string[] {
  const { method, modes, newcomers, mailNew } = rules
  const { config, settings } = configured
  const lacking = method && lackOf(method, configured)
  const isEnrolled = method === 'text' || method === 'call'
  const elsewhere = isEnrolled ? 'Whoever comes without a usable number' : 'Its people'
  return [
    ...(modes.text && isReplyMode(modes.text) && !takesReplies(config, 'all')
      ? [
          `Nothing brings replies to texts, and --text-mode ${modes.text} waits for them: give sms.replies.secret, or a provider by SMPP or Twilio.`,
        ]
      : []),
    ...(lacking ? [lacking] : []),
    ...(method && !settings['portal.methods'].includes(method)
      ? [`portal.methods does not have ${method}. ${elsewhere} will be offered what it has.`]
      : []),
    ...(newcomers === 'disabled' && mailNew ? ['Whoever is added as disabled is not mailed, then or later.'] : []),
  ]
}

function lackOf(
  method: NonNullable<ItemRules['method']>,
  { config, settings }: Pick<Configured, 'config' | 'settings'>,
): string | undefined {
  const lacks: Record<typeof method, string | undefined> = {
    text: config.sms.providers.length > 0 ? undefined : 'No text can be sent: sms.providers names none.',
    call: config.voice.providers.length > 0 ? undefined : 'Nobody can be called: voice.providers names none.',
    app: settings['portal.allow_app'] ? undefined : 'The mobile app is switched off: portal.allow_app.',
    oath: settings['portal.allow_token'] ? undefined : 'OATH tokens are switched off: portal.allow_token.',
    passkey: relyingPartyOf(config.portal.origin)
      ? undefined
      : 'Passkeys belong to a host that browsers reach over TLS, and portal.url names none.',
  }
  return lacks[method]
}
