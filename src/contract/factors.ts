import { z } from 'zod'
import { operation } from './operation.ts'
import { Done, FirstMethod, Gone, None, Session, TextedCode, Typed, Wait, Wrong } from './shapes.ts'

/** Why a phone number is not taken. The portal has a sentence for each, beside the field. */
export const PhoneProblem = z.enum([
  'missing',
  'not-a-number',
  'too-short',
  'too-long',
  'impossible',
  'country-not-allowed',
])

/** Passing ends User Setup with a session; for a signed-in person it changes the account and there is none. */
export const Proven = z.object({ outcome: z.literal('proven'), session: Session.optional() })

const TokenOffer = z.object({
  secret: z.string().meta({ description: 'base32, RFC 4648, for typing into an authenticator app' }),
  uri: z.string().meta({ description: 'otpauth://totp/…, for the QR picture' }),
})

/** Second steps of one's own: made in User Setup, changed later with a fresh proof. */
export const factors = {
  readSetup: operation({
    summary: 'What User Setup may offer this person.',
    callers: ['setting up'],
    input: None,
    output: z.object({
      displayName: z.string(),
      methods: z.array(FirstMethod),
      mayChoose: z.boolean(),
      country: z.string().meta({ description: 'ISO 3166 code to offer first' }),
    }),
    refusals: [],
  }),
  provePhone: operation({
    summary: 'Texts a code to a number; the number counts only once the code came back.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({ country: z.string().max(2), number: z.string().max(64) }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('texted') }),
      z.object({ outcome: z.literal('refused'), problem: PhoneProblem }),
      Wait,
    ]),
    refusals: ['method.unavailable'],
  }),
  readPhoneProof: operation({
    summary: 'The number that is being proven, and how far it is.',
    callers: ['setting up', 'signed in'],
    input: None,
    output: z.object({
      displayName: z.string(),
      text: TextedCode.optional(),
      country: z.string(),
      number: z.string(),
      stamp: z.string(),
    }),
    refusals: [],
  }),
  awaitPhoneProof: operation({
    summary: 'Answers when the proof of the number has changed since `stamp`, at the latest after `seconds`.',
    callers: ['setting up', 'signed in'],
    input: z.object({ stamp: z.string().max(200), seconds: z.int().min(1).max(25) }),
    output: z.object({ stamp: z.string() }),
    refusals: [],
  }),
  confirmPhone: operation({
    summary: 'Takes the code that came by text, and with it the number.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({ code: Typed }),
    output: z.discriminatedUnion('outcome', [Proven, Wrong, Gone]),
    refusals: [],
  }),
  offerToken: operation({
    summary: 'Makes a new secret for an authenticator app; one that was offered before is dead.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: TokenOffer,
    refusals: ['method.unavailable'],
  }),
  readTokenOffer: operation({
    summary: 'The secret offered in this session, while it is unproven.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: z.discriminatedUnion('outcome', [TokenOffer.extend({ outcome: z.literal('offered') }), Gone]),
    refusals: [],
  }),
  confirmToken: operation({
    summary: 'Takes the first code of the authenticator app, and with it the token.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({ code: Typed }),
    output: z.discriminatedUnion('outcome', [Proven, Wrong, Gone]),
    refusals: [],
  }),
  removeToken: operation({
    summary: 'Takes the OATH token off the account.',
    callers: ['signed in'],
    freshProof: true,
    input: None,
    output: Done,
    refusals: ['way-in.last', 'method.unavailable'],
  }),
  chooseMethod: operation({
    summary: 'Sets what is asked first at sign-in.',
    callers: ['signed in'],
    freshProof: true,
    input: z.object({ method: FirstMethod }),
    output: Done,
    refusals: ['method.unavailable'],
  }),
} as const
