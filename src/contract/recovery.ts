import { z } from 'zod'
import { operation } from './operation.ts'
import { None, Wait } from './shapes.ts'

/** One-time codes on paper, for the day on which nothing else is at hand. Where the setting `portal.recovery_codes` is on. */
export const recovery = {
  makeRecoveryCodes: operation({
    summary: 'Makes new recovery codes and tells them, this once; those that there were are dead.',
    callers: ['signed in'],
    freshProof: true,
    input: None,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('made'), codes: z.array(z.string()) }),
      Wait,
    ]),
    refusals: ['method.unavailable'],
  }),
} as const
