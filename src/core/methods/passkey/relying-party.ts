import type { Settings } from '../../settings/settings.ts'

/** To whom a passkey belongs, as browsers and authenticators know it: from the configuration, never from a request. */
export type RelyingParty = {
  /** The host; a passkey is good there and nowhere else. */
  id: string
  /** "https://mfa.example.org", as browsers write it. */
  origin: string
}

/** Asked at each use. Undefined: there are no passkeys. */
export type RelyingPartySource = () => RelyingParty | undefined

/**
 * Browsers know passkeys only for names of hosts, reached over TLS or on this machine (WebAuthn level 3 sections 5.1.3 and
 * 4, "effective domain"). `origin` is that of `portal.url`.
 */
export function relyingPartyOf(origin: string | undefined): RelyingParty | undefined {
  const url = origin === undefined ? null : URL.parse(origin)
  if (!url) return undefined
  const { hostname, protocol } = url
  const isAddress = /^[\d.]+$|^\[/.test(hostname)
  const isSecure = protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
  return isAddress || !isSecure ? undefined : { id: hostname, origin: url.origin }
}

/** The settings as they hold where there can be no passkeys: nobody is offered one. */
export function withoutPasskeys(settings: Settings): Settings {
  const methods = settings['portal.methods'].filter((method) => method !== 'passkey')
  return Object.freeze({ ...settings, 'portal.methods': methods, 'portal.passkey_sign_in': false })
}
