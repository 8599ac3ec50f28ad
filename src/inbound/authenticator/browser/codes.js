/** The code of a moment (RFC 6238): `key` counts, `at` is the server's time in milliseconds. */
export async function codeAt({ key, digits, period }, at) {
  const step = Math.floor(at / 1000 / period)
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  const hash = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer))
  const from = hash.getUint8(hash.byteLength - 1) & 0xf
  const number = (hash.getUint32(from) & 0x7fffffff) % 10 ** digits
  return String(number).padStart(digits, '0')
}

/** Whole seconds until the next code. */
export function secondsLeft({ period }, at) {
  return period - (Math.floor(at / 1000) % period)
}

/** "123456" as "123 456". */
export function grouped(code) {
  return code.replace(/(\d{3})(?=\d)/g, '$1 ')
}
