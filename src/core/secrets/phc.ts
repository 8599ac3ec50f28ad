/** An argon2id hash with all that is needed to make it again. `memory` in KiB. */
export type Phc = { memory: number; passes: number; parallelism: number; salt: Uint8Array; tag: Uint8Array }

/** The PHC string format, as argon2's reference implementation writes it: base 64 without padding. */
const FORM =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d{0,2}),p=([1-9]\d{0,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

/** A stored hash must not be able to take the memory or the time of the machine. 256 MiB. */
const MOST = { memory: 262_144, passes: 16, parallelism: 16 }

export function phcText({ memory, passes, parallelism, salt, tag }: Phc): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`
}

/** Undefined for anything that is not argon2id version 1.3 within sane limits: salt 8 to 64 bytes, tag 16 to 64. */
export function readPhc(text: string): Phc | undefined {
  const [, m, t, p, salt, tag] = FORM.exec(text) ?? []
  if (salt === undefined || tag === undefined) return undefined

  const phc: Phc = {
    memory: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
  const cheap = phc.memory <= MOST.memory && phc.passes <= MOST.passes && phc.parallelism <= MOST.parallelism
  // RFC 9106 section 3.1: at least 8 KiB for each lane.
  const possible = phc.memory >= 8 * phc.parallelism
  // One spelling only: base 64 with stray bits at its end reads back as another text.
  return cheap && possible && phcText(phc) === text ? phc : undefined
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
