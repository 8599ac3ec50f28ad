import { z } from 'zod'
import { PhoneProblem, Proven } from './factors.ts'
import { operation } from './operation.ts'
import { Done, Gone, Locked, None, PhoneCall, SecondStepVerdict, Wait } from './shapes.ts'

const PromptMethod = z.enum(['call', 'text', 'app'])
/** Which of the person's phones. */
const Slot = z.enum(['primary', 'backup'])

/** Second steps that are answered elsewhere than on the page. Offered where a provider of calls is configured. */
export const calls = {
  startPrompt: operation({
    summary:
      'Calls the person, texts a question to reply to, or asks in the mobile app, for the second step; what was asked before is dead from then on.',
    callers: ['half signed in', 'signed in'],
    input: z.object({ method: PromptMethod }),
    output: z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('started') }), Wait, Locked]),
    refusals: ['method.unavailable'],
  }),
  finishSecondStep: operation({
    summary: 'Passes with what was approved elsewhere for this very sign-in or session, once and in time.',
    callers: ['half signed in', 'signed in'],
    input: z.object({ method: PromptMethod }),
    output: SecondStepVerdict,
    refusals: ['method.unavailable'],
  }),
  proveCall: operation({
    summary: 'Calls a number; it counts only once the call was confirmed.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({
      slot: Slot.default('primary'),
      country: z.string().max(2),
      number: z.string().max(64),
      extension: z.string().max(16).default('').meta({ description: 'digits, dialled after the answer; may be empty' }),
    }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('called') }),
      z.object({ outcome: z.literal('refused'), problem: z.union([PhoneProblem, z.literal('extension')]) }),
      Wait,
    ]),
    refusals: ['method.unavailable', 'pin.missing'],
  }),
  readCallProof: operation({
    summary: 'The number that is being proven by a call, and how far it is.',
    callers: ['setting up', 'signed in'],
    input: None,
    output: z.object({
      displayName: z.string(),
      slot: Slot,
      call: PhoneCall.optional(),
      country: z.string(),
      number: z.string(),
      extension: z.string(),
      stamp: z.string(),
    }),
    refusals: [],
  }),
  awaitCallProof: operation({
    summary: 'Answers when the proof by a call has changed since `stamp`, at the latest after `seconds`.',
    callers: ['setting up', 'signed in'],
    input: z.object({ stamp: z.string().max(200), seconds: z.int().min(1).max(25) }),
    output: z.object({ stamp: z.string() }),
    refusals: [],
  }),
  finishCallProof: operation({
    summary: 'Takes the number whose call was confirmed.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: z.discriminatedUnion('outcome', [Proven, Gone]),
    refusals: [],
  }),
  removeBackupPhone: operation({
    summary: 'Takes the backup phone off the account.',
    callers: ['signed in'],
    freshProof: true,
    input: None,
    output: Done,
    refusals: [],
  }),
} as const
