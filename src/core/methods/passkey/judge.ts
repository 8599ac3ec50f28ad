import { type Asserted, checkAssertion } from '../../../protocols/webauthn.ts'
import type { AuditLog } from '../../audit/audit.ts'
import { type NoticeNeeds, tellOf } from '../../delivery/notices.ts'
import type { DeliveryQueue } from '../../delivery/queue.ts'
import type { From } from '../../gate.ts'
import type { User } from '../../users/user.ts'
import type { Judgement } from '../judge.ts'
import { readAssertion } from './credential.ts'
import { userHandleOf } from './options.ts'
import type { Passkey, PasskeyChallenge, PasskeyChallengeStore, PasskeyStore } from './passkey.ts'
import type { RelyingParty } from './relying-party.ts'

/** An answer as far as it can be judged without spending anything. `used` is missing when something is wrong with it. */
export type Claim = { challenge: PasskeyChallenge; used?: { passkey: Passkey; asserted: Asserted } }

type Asking = { challenge: PasskeyChallenge; credential: string; relyingParty: RelyingParty }

/**
 * Reads and checks an answer: that it is to this question, at this site, and signed by the passkey that it names. Who is
 * asked must be whose passkey it is; who signs in with a passkey alone is named by it, and it must have verified them.
 * Outside of any unit of work, since checking a signature takes a moment.
 */
export async function claimOf(
  { passkeys }: { passkeys: PasskeyStore },
  { challenge, credential, relyingParty }: Asking,
): Promise<Claim> {
  const answer = readAssertion(credential)
  const passkey = answer && (await passkeys.findByCredential(answer.id))
  if (!answer || !passkey) return { challenge }

  const { userHandle } = answer.response
  const alone = challenge.purpose === 'sign-in'
  const isTheirs = alone || passkey.userId === challenge.userId
  const isNamed = userHandle === userHandleOf(passkey.userId) || (!alone && userHandle === undefined)
  if (!isTheirs || !isNamed) return { challenge }

  const known = { id: passkey.credentialId, publicKey: passkey.publicKey, backup: passkey.backup }
  const asserted = await checkAssertion(answer, known, {
    challenge: challenge.challenge,
    origin: relyingParty.origin,
    rpId: relyingParty.id,
    userVerification: alone ? 'required' : 'preferred',
  })
  return asserted ? { challenge, used: { passkey, asserted } } : { challenge }
}

export type PasskeyStores = {
  passkeys: PasskeyStore
  passkeyChallenges: PasskeyChallengeStore
  deliveries: DeliveryQueue
  audit: AuditLog
}

/**
 * Spends the question, whatever the answer is worth, and then the counter. Both are one statement each, so an answer is
 * taken once. Within the unit of work that lets the person in.
 */
export async function spendClaim(
  stores: PasskeyStores,
  claim: Claim,
  told: { notices: NoticeNeeds; user: User | undefined; from: From; now: Date },
): Promise<Judgement> {
  if (!(await stores.passkeyChallenges.take(claim.challenge, told.now))) return 'gone'
  const { used } = claim
  if (!used || !told.user || told.user.id !== used.passkey.userId) return 'wrong'
  if (await stores.passkeys.spendCounter(used.passkey, used.asserted, told.now)) return 'right'

  // It may also have been removed a moment ago.
  if (await stores.passkeys.findByCredential(used.passkey.credentialId)) await noteClone(stores, told.user, told)
  return 'wrong'
}

/** A counter that does not go up means that there are two of what there is one of (WebAuthn level 3 section 6.1.1). */
async function noteClone(
  { deliveries, audit }: PasskeyStores,
  user: User,
  { notices, from, now }: { notices: NoticeNeeds; from: From; now: Date },
): Promise<void> {
  const { address, userAgent } = from
  await audit.write({ what: 'passkey.cloned', at: now, userId: user.id, address, userAgent })
  await tellOf(notices, deliveries, user, { kind: 'passkey-cloned', address: from.address }, now)
}
