import { Buffer } from 'node:buffer'

type Round = {
  shifts: readonly [number, number, number, number]
  constant: number
  word: (step: number) => number
  mix: (x: number, y: number, z: number) => number
}

/** Order of the words in round 3. */
const bitReversed = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]

/** RFC 1320 section 3.4. */
const rounds: readonly Round[] = [
  { shifts: [3, 7, 11, 19], constant: 0, word: (i) => i, mix: (x, y, z) => (x & y) | (~x & z) },
  {
    shifts: [3, 5, 9, 13],
    constant: 0x5a827999,
    word: (i) => (i % 4) * 4 + Math.floor(i / 4),
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
  },
  { shifts: [3, 9, 11, 15], constant: 0x6ed9eba1, word: (i) => bitReversed[i] ?? 0, mix: (x, y, z) => x ^ y ^ z },
]

/** MD4 (RFC 1320), broken long since; MS-CHAP is made of it, and today's OpenSSL has it no more. For nothing else. */
export function md4(message: Uint8Array): Buffer {
  const padded = Buffer.alloc((Math.floor((message.length + 8) / 64) + 1) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, padded.length - 8)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let at = 0; at < padded.length; at += 64) addBlock(state, padded.subarray(at, at + 64))
  const digest = Buffer.alloc(16)
  for (const [index, word] of state.entries()) digest.writeInt32LE(word, index * 4)
  return digest
}

function addBlock(state: Int32Array, block: Buffer): void {
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (const { shifts, constant, word, mix } of rounds) {
    for (let step = 0; step < 16; step++) {
      const sum = (a + mix(b, c, d) + block.readInt32LE(word(step) * 4) + constant) | 0
      const shift = shifts[step % 4] ?? 0
      const turned = (sum << shift) | (sum >>> (32 - shift))
      a = d
      d = c
      c = b
      b = turned
    }
  }
  for (const [index, word] of [a, b, c, d].entries()) state[index] = (state[index] ?? 0) + word
}
