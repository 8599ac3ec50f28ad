import { z } from 'zod'
import { operation } from './operation.ts'
import { Done, Time, Typed, Wrong } from './shapes.ts'
import { TokenAlgorithm, TokenDigits, TokenKind } from './tokens.ts'

const Text = z.string().max(256)
const Username = z.string().max(256)
/** Which token is meant. The manufacturer is needed only where two number alike. */
const Which = z.object({ serial: Text.min(1), manufacturer: Text.optional() })

const common = {
  serial: Text.min(1),
  manufacturer: Text.default(''),
  model: Text.optional(),
  owner: Text.optional().meta({ description: 'a user name; the token is assigned where there is such a user' }),
  secret: z.string().regex(/^(?:[0-9a-f]{2}){10,128}$/),
  algorithm: TokenAlgorithm,
  digits: TokenDigits,
  startsAt: Time.optional(),
  expiresAt: Time.optional(),
}
const NewToken = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('hotp'), counter: z.int().min(0) }),
  z.object({ ...common, kind: z.literal('totp'), period: z.int().min(10).max(300), drift: z.int() }),
])

const HardwareToken = z.object({
  id: z.string(),
  serial: z.string(),
  manufacturer: z.string().optional(),
  model: z.string().optional(),
  kind: TokenKind,
  username: z.string().optional().meta({ description: 'whose it is' }),
  addedAt: Time.meta({ description: 'since when it is theirs, or here while it is nobody’s' }),
  usedAt: Time.optional(),
  state: z.enum(['live', 'not yet', 'expired', 'revoked']),
})

/** `stranded`: the person has no second step left, and cannot sign in until given another. */
const Taken = Done.extend({ username: z.string().optional(), stranded: z.boolean() })

/** Hardware tokens: imported, given out, taken back. */
export const operateTokens = {
  importTokens: operation({
    summary: 'Takes in hardware tokens, each for itself. Secrets are sealed, and never shown again.',
    callers: ['console'],
    input: z.object({
      dryRun: z.boolean().default(false).meta({ description: 'only says what would come of it' }),
      tokens: z.array(NewToken).max(500),
    }),
    output: z.object({
      imported: z.int(),
      assigned: z.int().meta({ description: 'to their owners, of those' }),
      taken: z.array(z.int()).meta({ description: 'places in the list, from 0, of tokens that are here already' }),
      unowned: z
        .array(z.int())
        .meta({ description: 'places of tokens whose owner is no user here; imported as nobody’s' }),
    }),
    refusals: [],
  }),
  listTokens: operation({
    summary: 'Hardware tokens, in the order of their import; or those of one user.',
    callers: ['console'],
    input: z.object({
      which: z.enum(['all', 'unassigned']).default('all'),
      username: Username.optional(),
      after: z.string().max(64).default('').meta({ description: 'the id that the page before ended with' }),
      most: z.int().min(1).max(500).default(100),
    }),
    output: z.object({ tokens: z.array(HardwareToken), more: z.boolean() }),
    refusals: ['user.unknown'],
  }),
  assignToken: operation({
    summary: 'Gives a hardware token to a user. Whoever had no second step has this one from now on.',
    callers: ['console'],
    input: Which.extend({ username: Username }),
    output: Done,
    refusals: ['token.unknown', 'token.ambiguous', 'token.assigned', 'token.revoked', 'user.unknown'],
  }),
  unassignToken: operation({
    summary: "Takes a hardware token back, and ends its holder's sessions; it may be given to somebody else.",
    callers: ['console'],
    input: Which,
    output: Taken,
    refusals: ['token.unknown', 'token.ambiguous', 'token.unassigned'],
  }),
  revokeToken: operation({
    summary: "Ends a hardware token for good, and its holder's sessions: its secret is erased.",
    callers: ['console'],
    input: Which,
    output: Taken,
    refusals: ['token.unknown', 'token.ambiguous', 'token.revoked'],
  }),
  resyncTokenOf: operation({
    summary: 'Finds a hardware token that ran away by two codes in a row, and spends both.',
    callers: ['console'],
    input: Which.extend({ first: Typed, second: Typed }),
    output: z.discriminatedUnion('outcome', [Done, Wrong.omit({ attemptsLeft: true })]),
    refusals: ['token.unknown', 'token.ambiguous', 'token.revoked'],
  }),
} as const
