import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

/**
 * How a device of the mobile app signs: ECDSA over P-256 with SHA-256, the signature as r and s in 64 bytes (IEEE P1363, what
 * WebCrypto makes). `docs/reference/device-protocol.md` is the exact word for clients.
 */
export const deviceProtocol = {
  /** Of the Mobile App Web Service. What is signed are paths below it, so a proxy may move it. */
  path: '/MultiFactorAuthMobileAppWebService',
  scheme: 'Sallyport-Device',
  /** The longest body of a signed request, in bytes. */
  mostBody: 4 * 1024,
  /** How far the device's clock may be from ours. */
  skewMs: 5 * 60_000,
} as const

/** What comes along with a signed request, as `Authorization: Sallyport-Device v1.<device>.<time>.<signature>`. */
export type DeviceCredential = {
  deviceId: string
  /** Milliseconds since 1970. */
  time: number
  /** Base64url of 64 bytes. */
  signature: string
}

/** `route` is method and path below the service: "POST /v1/answer". `body` is what is sent, "" where nothing is. */
export type SignedRequest = { route: string; body: string }

export function readDeviceCredential(text: string): DeviceCredential | undefined {
  const [, deviceId = '', time = '', signature = ''] =
    /^v1\.([0-9a-f-]{36})\.([1-9]\d{0,14})\.([A-Za-z0-9_-]{86})$/.exec(text) ?? []
  return deviceId === '' ? undefined : { deviceId, time: Number(time), signature }
}

/** What is signed: six lines, so that none of them can flow into another. */
export function requestToSign(
  { deviceId, time }: Pick<DeviceCredential, 'deviceId' | 'time'>,
  { route, body }: SignedRequest,
): string {
  const [method = '', path = ''] = route.split(' ')
  const hash = createHash('sha256').update(body).digest('base64url')
  return ['sallyport-device-v1', method, path, deviceId, time, hash].join('\n')
}

/** What a device signs to show that it has the key that it brings. `code` as it is sent. */
export function activationToSign({ code, publicKey }: { code: string; publicKey: string }): string {
  return ['sallyport-activation-v1', code, publicKey].join('\n')
}

/** The point of a P-256 key, uncompressed (65 bytes, SEC 1 section 2.3.3), in base64url. Undefined for what is none. */
export function devicePublicKey(text: string): KeyObject | undefined {
  const point = Buffer.from(text, 'base64url')
  if (point.length !== 65 || point[0] !== 4 || point.toString('base64url') !== text) return undefined
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  } catch {
    // Not a point of the curve.
    return undefined
  }
}

export function isSignedBy(key: KeyObject, text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url')
  return bytes.length === 64 && verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes)
}
