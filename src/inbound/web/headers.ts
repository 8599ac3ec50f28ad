/** Of every answer. Pages have no inline script or style, take nothing from elsewhere and can be framed by nobody. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "manifest-src 'self'",
].join('; ')

const always = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: that turns the Origin of our own forms into "null" (Fetch, "append a request Origin header").
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
} as const

/** `tls`: the browser reached us over TLS, so it may be told to insist (RFC 6797; one year). */
export function securityHeaders({ tls }: { tls: boolean }): Record<string, string> {
  return { ...always, ...(tls && { 'strict-transport-security': 'max-age=31536000' }) }
}
