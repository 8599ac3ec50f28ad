import { z } from 'zod'
import { Proven } from './factors.ts'
import { operation } from './operation.ts'
import { Done, Gone, Locked, None, Typed, Wrong } from './shapes.ts'

export const TokenKind = z
  .enum(['totp', 'hotp'])
  .meta({ description: 'by time (RFC 6238) or by counter (RFC 4226): at the press of a button' })
export const TokenAlgorithm = z.enum(['SHA1', 'SHA256', 'SHA512'])
export const TokenDigits = z.union([z.literal(6), z.literal(8)])

const TokenOffer = z.object({
  secret: z.string().meta({ description: 'base32, RFC 4648, for typing into an authenticator app' }),
  uri: z.string().meta({ description: 'otpauth://totp/…, for the QR picture' }),
})

/** OATH tokens of one's own: an authenticator app that takes a secret of ours, or a token whose secret is entered here. */
export const tokens = {
  offerToken: operation({
    summary: 'Makes a new secret for an authenticator app; one that was offered before is dead.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: TokenOffer,
    refusals: ['method.unavailable', 'pin.missing'],
  }),
  enterToken: operation({
    summary:
      "Takes the secret of the person's own token; it counts only once its codes came. What was offered before is dead.",
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({
      secret: z.string().max(512).meta({ description: 'base32 or hex, in groups or not' }),
      kind: TokenKind,
      algorithm: TokenAlgorithm.default('SHA1'),
      digits: TokenDigits.default(6),
      period: z.int().min(10).max(300).default(30).meta({ description: 'seconds in a step, of tokens by time' }),
      counter: z
        .string()
        .max(32)
        .default('')
        .meta({ description: 'the next one, of tokens by counter; empty where it is not known' }),
    }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('entered') }),
      z.object({
        outcome: z.literal('refused'),
        problem: z.enum(['missing', 'malformed', 'too-short', 'too-long', 'counter']),
      }),
    ]),
    refusals: ['method.unavailable', 'pin.missing'],
  }),
  readTokenOffer: operation({
    summary: 'The token that is to be proven in this session. A secret that was entered is not shown again.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: z.discriminatedUnion('outcome', [
      TokenOffer.extend({ outcome: z.literal('offered') }),
      z.object({
        outcome: z.literal('entered'),
        kind: TokenKind,
        digits: TokenDigits,
        codes: z.int().meta({ description: '2 in a row where the counter is not known, else 1' }),
      }),
      Gone,
    ]),
    refusals: [],
  }),
  confirmToken: operation({
    summary: "Takes the token's first code, or its first two in a row, and with it the token.",
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({ code: Typed, next: Typed.default('') }),
    output: z.discriminatedUnion('outcome', [Proven, Wrong, Gone]),
    refusals: [],
  }),
  removeToken: operation({
    summary: 'Takes the app, or the token that was entered, off the account.',
    callers: ['signed in'],
    freshProof: true,
    input: None,
    output: Done,
    refusals: ['way-in.last', 'method.unavailable'],
  }),
  resyncToken: operation({
    summary:
      'Finds a token that ran away by two codes in a row, and spends both. It is no proof: the next code is. Costs a try of the second step where it is wrong.',
    callers: ['half signed in', 'signed in'],
    input: z.object({ first: Typed, second: Typed }),
    output: z.discriminatedUnion('outcome', [Done, Wrong, Gone, Locked]),
    refusals: [],
  }),
} as const
