import { createECDH } from 'node:crypto'
import type { Clock, Random } from '../../ports.ts'
import type { Sealing } from '../../secrets/sealing.ts'

/** What this server shows itself to push services with (RFC 8292): a P-256 point and its scalar, base64url. */
export type PushKeys = { publicKey: string; privateKey: string }

export interface PushKeyStore {
  find(): Promise<{ publicKey: string; sealedPrivateKey: string } | undefined>
  /** The first one stays: of nodes that start at once one makes it. */
  insert(keys: { publicKey: string; sealedPrivateKey: string }, now: Date): Promise<void>
}

type Needs = { store: PushKeyStore; sealing: Sealing; random: Random; clock: Clock }

/** Made at the first start, and the same ever after: every subscription of a device is bound to it. */
export async function openPushKeys({ store, sealing, random, clock }: Needs): Promise<PushKeys> {
  if (!(await store.find())) {
    const { publicKey, privateKey } = newKeys(random)
    await store.insert({ publicKey, sealedPrivateKey: sealing.seal(privateKey, PLACE) }, clock.now())
  }
  const kept = await store.find()
  if (!kept) throw new Error('the key for push services was not kept')
  const privateKey = Buffer.from(sealing.open(kept.sealedPrivateKey, PLACE)).toString()
  return { publicKey: kept.publicKey, privateKey }
}

const PLACE = 'push_key/vapid/private'

function newKeys(random: Random): PushKeys {
  const pair = createECDH('prime256v1')
  for (;;) {
    const secret = random.bytes(32)
    try {
      // One in 2^32 texts of 32 bytes is no scalar of this curve.
      pair.setPrivateKey(secret)
      return { publicKey: pair.getPublicKey('base64url'), privateKey: Buffer.from(secret).toString('base64url') }
    } catch {
      // Drawn again.
    }
  }
}
