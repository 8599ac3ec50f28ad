import { z } from 'zod'
import { operation } from './operation.ts'
import { AskedText, Done, FirstMethod, Gone, None, Session, TextedCode, Typed, Wait, Wrong } from './shapes.ts'

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
      pinFor: z.array(FirstMethod).meta({ description: 'the methods for which a PIN is to be chosen first' }),
    }),
    refusals: [],
  }),
  provePhone: operation({
    summary: 'Texts a code to a number; the number counts only once the code came back, typed or as a reply.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({ country: z.string().max(2), number: z.string().max(64) }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('texted') }),
      z.object({ outcome: z.literal('refused'), problem: PhoneProblem }),
      Wait,
    ]),
    refusals: ['method.unavailable', 'pin.missing'],
  }),
  readPhoneProof: operation({
    summary: 'The number that is being proven, and how far it is.',
    callers: ['setting up', 'signed in'],
    input: None,
    output: z.object({
      displayName: z.string(),
      byReply: z.boolean().meta({ description: 'the code is not typed, but texted back' }),
      text: TextedCode.optional(),
      reply: AskedText.optional(),
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
  finishPhoneProof: operation({
    summary: 'Takes the number from which the right reply came.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: z.discriminatedUnion('outcome', [Proven, Gone]),
    refusals: [],
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
