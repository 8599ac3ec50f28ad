/** The public push services of Chrome and what is made from it, Firefox, Edge, and Safari. */
const known = ['fcm.googleapis.com', '*.push.services.mozilla.com', '*.notify.windows.com', '*.push.apple.com'] as const

export type PushHosts = {
  /** Beside the public ones: "push.example.org", "*.push.example.org". */
  more: readonly string[]
  /** Also `http:`, and any port, on loopback: for tests, and nothing else. */
  loopback: boolean
}

/**
 * Whether anything is ever sent to an address that a device brought. Whoever has a device could name any, and it is this
 * machine that calls it: so it is a push service that is known, over TLS, at its own port, with no name or password in it.
 */
export function isPushAddress(endpoint: string, { more, loopback }: PushHosts): boolean {
  const url = URL.parse(endpoint)
  if (url === null || url.username + url.password !== '') return false
  const { protocol, hostname, port } = url
  if (loopback && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)) return /^https?:$/.test(protocol)
  return protocol === 'https:' && port === '' && [...known, ...more].some((pattern) => fits(hostname, pattern))
}

function fits(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length >= pattern.length : host === pattern
}
