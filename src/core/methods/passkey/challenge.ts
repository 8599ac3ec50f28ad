import type { Ids, Random } from '../../ports.ts'
import { CEREMONY_MS } from './options.ts'
import type { PasskeyChallenge, PasskeyPurpose } from './passkey.ts'

const CHALLENGE_BYTES = 32

type Asking = { purpose: PasskeyPurpose; transactionId: string | undefined; userId: string | undefined; now: Date }

/** A new question. ASVS 6.7.2 asks for 64 bits at least. Without a transaction it is its own. */
export function newChallenge(
  { ids, random }: { ids: Ids; random: Random },
  { purpose, transactionId, userId, now }: Asking,
): PasskeyChallenge {
  const id = ids.next()
  return {
    id,
    purpose,
    transactionId: transactionId ?? id,
    userId,
    challenge: Buffer.from(random.bytes(CHALLENGE_BYTES)).toString('base64url'),
    expiresAt: new Date(now.getTime() + CEREMONY_MS),
  }
}
