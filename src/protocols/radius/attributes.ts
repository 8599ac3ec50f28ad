import { Buffer } from 'node:buffer'
import { encodeAttribute, type RadiusAttribute } from './packet.ts'

/** RFC 2865 section 5, RFC 2869 section 5.10, RFC 3579 section 3 and RFC 3162 section 2.1, those that we write or look for. */
const types = {
  userName: 1,
  userPassword: 2,
  nasIpAddress: 4,
  replyMessage: 18,
  state: 24,
  vendorSpecific: 26,
  sessionTimeout: 27,
  callingStationId: 31,
  nasIdentifier: 32,
  proxyState: 33,
  nasPortType: 61,
  prompt: 76,
  eapMessage: 79,
  messageAuthenticator: 80,
  nasIpv6Address: 95,
} as const

export type RadiusAttributeName = keyof typeof types

/** RFC 2548 section 2: Microsoft's, in Vendor-Specific attributes. */
const MICROSOFT = 311
const microsoftTypes = {
  msChapError: 2,
  msChapNtEncPw: 6,
  msChapChallenge: 11,
  msChap2Response: 25,
  msChap2Success: 26,
  msChap2Cpw: 27,
} as const

type MicrosoftName = keyof typeof microsoftTypes

/** A text is written as UTF-8. */
export function attribute(name: RadiusAttributeName, value: string | Uint8Array): RadiusAttribute {
  return { type: types[name], value: typeof value === 'string' ? Buffer.from(value) : value }
}

/** Every value of that name, in their order. */
export function valuesOf(attributes: readonly RadiusAttribute[], name: RadiusAttributeName): Uint8Array[] {
  return attributes.filter(({ type }) => type === types[name]).map(({ value }) => value)
}

export function microsoftAttribute(name: MicrosoftName, value: Uint8Array): RadiusAttribute {
  const vendor = Buffer.alloc(4)
  vendor.writeUInt32BE(MICROSOFT)
  const inner = encodeAttribute({ type: microsoftTypes[name], value })
  return { type: types.vendorSpecific, value: Buffer.concat([vendor, inner]) }
}

/** Several of them may share one Vendor-Specific attribute (RFC 2865 section 5.26); one that does not fit ends it. */
export function microsoftValuesOf(attributes: readonly RadiusAttribute[], name: MicrosoftName): Uint8Array[] {
  return valuesOf(attributes, 'vendorSpecific').flatMap((value) => {
    const bytes = Buffer.from(value)
    if (bytes.length < 4 || bytes.readUInt32BE(0) !== MICROSOFT) return []
    const found: Uint8Array[] = []
    for (let at = 4; at < bytes.length; ) {
      const [type, length = 0] = bytes.subarray(at, at + 2)
      if (length < 2 || at + length > bytes.length) break
      if (type === microsoftTypes[name]) found.push(bytes.subarray(at + 2, at + length))
      at += length
    }
    return found
  })
}
