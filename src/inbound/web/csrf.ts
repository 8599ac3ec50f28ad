import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * A form token: `nonce.HMAC(secret, nonce)`, where the secret is the session cookie's or, before sign-in, the
 * visit cookie's; the words before the nonce keep it apart from any other use of that secret. Nothing is stored, every node can check it, and it ends with the session. The nonce is new on each page,
 * so that compression tells nothing about the token (BREACH).
 */
export function csrfToken(secret: string, nonce: string = randomBytes(16).toString('base64url')): string {
  return `${nonce}.${createHmac('sha256', secret).update(`sallyport form token 1 ${nonce}`).digest('base64url')}`
}

export function csrfMatches(secret: string, token: string): boolean {
  const [nonce] = token.split('.', 1)
  if (!nonce || !/^[\w-]{22}$/.test(nonce)) return false
  const [sent, right] = [Buffer.from(token), Buffer.from(csrfToken(secret, nonce))]
  return sent.length === right.length && timingSafeEqual(sent, right)
}

export function newVisit(): string {
  return randomBytes(32).toString('base64url')
}

type Sender = {
  origin: string | undefined
  secFetchSite: string | undefined
  host: string
  publicOrigin: string | undefined
}

/**
 * What the browser itself says of where a POST comes from. Old browsers say nothing: then the token alone decides.
 * The host is compared and not the scheme, because TLS may end at a proxy; `publicOrigin` is compared whole.
 */
export function comesFromUs({ origin, secFetchSite, host, publicOrigin }: Sender): boolean {
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') return false
  if (origin === undefined) return true
  if (publicOrigin !== undefined && origin === publicOrigin) return true
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase() && host !== ''
}
