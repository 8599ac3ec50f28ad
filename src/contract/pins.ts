import { z } from 'zod'
import { operation } from './operation.ts'
import { Done, Gone, Locked, None, Session, Time, Typed, Wrong } from './shapes.ts'

/** Why a PIN is refused. The portal has a sentence for each, beside the field. */
export const PinProblem = z.enum([
  'not-digits',
  'too-short',
  'repeats',
  'run',
  'alternates',
  'year',
  'phone',
  'common',
  'used-before',
])

const Refused = z.object({ outcome: z.literal('refused'), problems: z.array(PinProblem) })
const State = z
  .enum(['none', 'good', 'must-change', 'expired'])
  .meta({ description: '`must-change` and `expired`: good for nothing but the choice of another' })

/** PINs, which some modes ask for beside what the person has: chosen by the person, or given by the operator. */
export const pins = {
  readPin: operation({
    summary: 'Whether the person has a PIN, and what a new one must be like.',
    callers: ['setting up', 'choosing a PIN', 'signed in'],
    input: None,
    output: z.object({
      displayName: z.string(),
      state: State,
      setAt: Time.optional(),
      asksOld: z.boolean().meta({ description: 'the present one must be given to change it' }),
      minLength: z.int(),
      refusesWeak: z.boolean(),
    }),
    refusals: [],
  }),
  choosePin: operation({
    summary:
      'Sets the PIN. Changing one takes the old one, which is a try of the second step. Where a sign-in waits for the choice it ends with a session.',
    callers: ['setting up', 'choosing a PIN', 'signed in'],
    freshProof: true,
    input: z.object({ pin: Typed, old: Typed.default('') }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('chosen'), session: Session.optional() }),
      Refused,
      Wrong,
      Locked,
      Gone,
    ]),
    refusals: ['pin.set'],
  }),
  setPin: operation({
    summary: "Sets a user's PIN, or makes one, and ends the user's sessions.",
    callers: ['console'],
    input: z.object({
      username: z.string().max(256),
      pin: Typed.optional().meta({ description: 'without one a PIN is made, and told' }),
      mustChange: z.boolean().default(false).meta({ description: 'it opens nothing but the choice of another' }),
    }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('set'), made: z.string().optional() }),
      Refused,
    ]),
    refusals: ['user.unknown'],
  }),
  removePin: operation({
    summary: "Removes a user's PIN and those before it, and ends the user's sessions.",
    callers: ['console'],
    input: z.object({ username: z.string().max(256) }),
    output: Done,
    refusals: ['user.unknown'],
  }),
  setMode: operation({
    summary: 'Sets how a user answers by a method; without a mode, as the settings say.',
    callers: ['console'],
    input: z.object({
      username: z.string().max(256),
      method: z.enum(['call', 'text', 'app', 'oath']),
      mode: z.string().max(32).optional(),
    }),
    output: Done,
    refusals: ['user.unknown', 'mode.unknown'],
  }),
} as const
