import type { Output } from '../../../contract/contract.ts'
import { passkeyAlgorithms } from '../../../protocols/webauthn.ts'
import { nameOf, type User } from '../../users/user.ts'
import type { Passkey } from './passkey.ts'
import type { RelyingParty } from './relying-party.ts'

type CreationOptions = Output<'offerPasskey'>['options']
type RequestOptions = Extract<Output<'askPasskey'>, { outcome: 'asked' }>['options']

/** How long a question is good; browsers and people get as long. WebAuthn level 3 section 15.1 recommends 5 minutes and more. */
export const CEREMONY_MS = 5 * 60_000

/**
 * A passkey that can name its user by itself is wanted and not demanded, and so is that it verifies its user: a key without
 * fingerprint and PIN is a second step as well.
 */
export function creationOptions(
  { id, company }: RelyingParty & { company: string },
  user: User,
  challenge: string,
  own: readonly Passkey[],
): CreationOptions {
  return {
    rp: { id, name: company },
    user: { id: userHandleOf(user.id), name: user.username, displayName: nameOf(user) },
    challenge,
    pubKeyCredParams: passkeyAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: CEREMONY_MS,
    excludeCredentials: descriptorsOf(own),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    attestation: 'none',
  }
}

/** For the second step only the person's own are allowed; for a sign-in with a passkey alone none is named. */
export function requestOptions(
  { id }: RelyingParty,
  challenge: string,
  allowed: readonly Passkey[],
  userVerification: RequestOptions['userVerification'],
): RequestOptions {
  return { challenge, timeout: CEREMONY_MS, rpId: id, allowCredentials: descriptorsOf(allowed), userVerification }
}

function descriptorsOf(passkeys: readonly Passkey[]): RequestOptions['allowCredentials'] {
  return passkeys.map(({ credentialId, transports }) => ({
    type: 'public-key',
    id: credentialId,
    transports: [...transports],
  }))
}

/** What authenticators keep of the user: our id, which says nothing of a person (WebAuthn level 3 section 14.6.1). */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId, 'utf8').toString('base64url')
}
