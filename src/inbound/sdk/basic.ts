export type Credentials = { name: string; password: string }

/**
 * RFC 7617 in UTF-8: the first colon ends the name, so a password may hold more of them. Undefined for another scheme, for
 * what is not base64 or UTF-8, and for control characters (section 2).
 */
export function basicCredentials(authorization: string | undefined): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1]
  const text = encoded === undefined ? undefined : utf8(Buffer.from(encoded, 'base64'))
  if (text === undefined || /\p{Cc}/u.test(text)) return undefined
  const [, name, password] = /^([^:]+):(.*)$/s.exec(text) ?? []
  return name === undefined || password === undefined ? undefined : { name, password }
}

/** Undefined where a byte is no UTF-8. A byte order mark stays, and is wrong like any other character. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
