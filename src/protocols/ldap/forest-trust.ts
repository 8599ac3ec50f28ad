/** One domain of a forest that is trusted, as the domain that trusts it has written it down. */
export type ForestDomain = { domain: string; netbios: string; sid: Buffer }

const DOMAIN_INFO = 2
/** By an administrator, or because another forest has that domain too (MS-LSAD section 2.2.7.21). */
const DISABLED = 0x3
/** Length, flags and time before the type of a record; version and count before the first of them. */
const TYPE_AT = 16
const FIRST_AT = 8

/** The domains in msDS-TrustForestTrustInfo (MS-ADTS section 6.1.6.9.3), but those that are disabled; up to what is not in form. */
export function readForestTrust(bytes: Buffer): ForestDomain[] {
  const domains: ForestDomain[] = []
  try {
    const count = bytes.readUInt32LE(4)
    for (let at = FIRST_AT, i = 0; i < count; i++) {
      // Of what follows the length itself.
      const length = bytes.readUInt32LE(at)
      const record = bytes.subarray(at, at + 4 + length)
      const isInForce = (record.readUInt32LE(4) & DISABLED) === 0
      if (record.readUInt8(TYPE_AT) === DOMAIN_INFO && isInForce) domains.push(readDomain(record))
      at += 4 + length
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return domains
}

function readDomain(record: Buffer): ForestDomain {
  let at = TYPE_AT + 1
  const field = () => {
    const length = record.readUInt32LE(at)
    const start = at + 4
    if (start + length > record.length) throw new RangeError('a field is longer than its record')
    at = start + length
    return record.subarray(start, at)
  }
  const sid = field()
  return { sid, domain: field().toString('utf8'), netbios: field().toString('utf8') }
}
