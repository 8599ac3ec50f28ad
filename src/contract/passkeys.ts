import { z } from 'zod'
import { Proven } from './factors.ts'
import { operation } from './operation.ts'
import { Done, Gone, Locked, None, SecondStepVerdict, Session, Time, Wait } from './shapes.ts'

/** A credential as JSON, WebAuthn level 3 section 5.1: what `PublicKeyCredential.toJSON()` gives. */
const Credential = z
  .string()
  .max(16_384)
  .meta({ description: "JSON of the browser's PublicKeyCredential, binary parts in base64url" })

/** What the person calls it. */
const Name = z.string().min(1).max(60)
const Id = z.string().max(64)

const Descriptor = z.object({ type: z.literal('public-key'), id: z.string(), transports: z.array(z.string()) })
const Verification = z.enum(['required', 'preferred'])

/** PublicKeyCredentialCreationOptionsJSON and PublicKeyCredentialRequestOptionsJSON, as far as we fill them in. */
const CreationOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
  timeout: z.int(),
  excludeCredentials: z.array(Descriptor),
  authenticatorSelection: z.object({ residentKey: z.literal('preferred'), userVerification: Verification }),
  attestation: z.literal('none'),
})
const RequestOptions = z.object({
  challenge: z.string(),
  timeout: z.int(),
  rpId: z.string(),
  allowCredentials: z.array(Descriptor),
  userVerification: Verification,
})

const OwnPasskey = z.object({
  id: z.string(),
  name: z.string(),
  addedAt: Time,
  usedAt: Time.optional(),
  synced: z.boolean().meta({ description: 'its maker keeps copies on other devices of the person' }),
})

/** Passkeys (WebAuthn): offered where `portal.url` names a host that browsers take for a secure one. */
export const passkeys = {
  offerPasskey: operation({
    summary: 'What the browser needs to make a passkey; what was offered before in this session is dead.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: z.object({ options: CreationOptions }),
    refusals: ['method.unavailable', 'passkey.too-many'],
  }),
  confirmPasskey: operation({
    summary: 'Takes the passkey that the browser made.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({ credential: Credential, name: Name }),
    output: z.discriminatedUnion('outcome', [Proven, z.object({ outcome: z.literal('refused') }), Gone]),
    refusals: ['method.unavailable'],
  }),
  listPasskeys: operation({
    summary: "The person's own passkeys, the oldest first.",
    callers: ['signed in'],
    input: None,
    output: z.object({ passkeys: z.array(OwnPasskey) }),
    refusals: [],
  }),
  renamePasskey: operation({
    summary: 'Gives a passkey another name.',
    callers: ['signed in'],
    freshProof: true,
    input: z.object({ id: Id, name: Name }),
    output: Done,
    refusals: ['passkey.unknown'],
  }),
  removePasskey: operation({
    summary: 'Takes a passkey off the account; it is dead from then on.',
    callers: ['signed in'],
    freshProof: true,
    input: z.object({ id: Id }),
    output: Done,
    refusals: ['passkey.unknown', 'way-in.last'],
  }),
  askPasskey: operation({
    summary: "What the browser needs to answer the second step with one of the person's own passkeys.",
    callers: ['half signed in', 'signed in'],
    input: None,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('asked'), options: RequestOptions }),
      Locked,
    ]),
    refusals: ['method.unavailable'],
  }),
  answerPasskey: operation({
    summary: "Judges a passkey's answer as a second step. Passing ends the old token and gives a new one.",
    callers: ['half signed in', 'signed in'],
    input: z.object({ credential: Credential }),
    output: SecondStepVerdict,
    refusals: ['method.unavailable'],
  }),
  beginPasskeySignIn: operation({
    summary: 'What the browser needs to sign in with a passkey alone, whoever it is.',
    callers: ['anyone'],
    input: None,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('asked'), id: z.string(), options: RequestOptions }),
      Wait,
    ]),
    refusals: ['sign-in.off', 'method.unavailable'],
  }),
  finishPasskeySignIn: operation({
    summary:
      'Signs in with a passkey alone, which has verified its user. The directory is asked whether they still may. That they are locked, or not at this hour, is told to whoever has proven to be the person.',
    callers: ['anyone'],
    input: z.object({ id: Id, credential: Credential }),
    output: z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('passed'), session: Session }), Locked]),
    refusals: ['sign-in.off', 'method.unavailable', 'passkey.refused', 'sign-in.hours'],
  }),
} as const
