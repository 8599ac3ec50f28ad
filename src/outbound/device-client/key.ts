import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A device's own key. `pkcs8` is base64, for keeping; `publicKey` the point that a server is told. */
export type DeviceKey = { pkcs8: string; publicKey: string; sign(text: string): string }

export function newDeviceKey(): DeviceKey {
  return keyOver(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
}

export function deviceKeyFrom(pkcs8: string): DeviceKey {
  return keyOver(createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' }))
}

function keyOver(key: KeyObject): DeviceKey {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  return {
    pkcs8: key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: point.toString('base64url'),
    sign: (text) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  }
}
