/**
 * The cookies of one door. The prefix `__Host-` (RFC 6265bis section 4.1.3.2) makes the browser refuse them from subdomains
 * and without Secure, so that none can be planted. Cookies do not know ports: a door on another port needs another name.
 */
export type CookieNames = { session: string; visit: string; language: string }

export function cookieNames(door = 'sallyport'): CookieNames {
  return { session: `__Host-${door}`, visit: `__Host-${door}-visit`, language: '__Host-sallyport-language' }
}

/** Base64url tokens of a bounded size. Broken, oversized or sent twice is the same as absent. */
export function tokenFrom(header: string | undefined, name: string): string | undefined {
  const value = cookieFrom(header, name)
  return value !== undefined && /^[\w~.-]{16,256}$/.test(value) ? value : undefined
}

export function cookieFrom(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split(/=(.*)/s))
    .filter(([key]) => key === name)
  return values.length === 1 ? values[0]?.[1] : undefined
}

/** A `Set-Cookie` line; null clears. Without an age it ends with the browser session. */
export function setCookie(name: string, value: string | null, ageSeconds?: number): string {
  const age = value === null ? 0 : ageSeconds
  return `${name}=${value ?? ''}; Path=/; Secure; HttpOnly; SameSite=Lax${age === undefined ? '' : `; Max-Age=${age}`}`
}
