import type { z } from 'zod'
import type { Caller } from './caller.ts'

export type Operation = {
  summary: string
  callers: readonly Caller[]
  /** Also asks a signed-in caller for a second step within the last minutes (setting `proof.fresh_minutes`). */
  freshProof?: true
  /** What a device signs to call it: method and path below the Mobile App Web Service. */
  signed?: `${'GET' | 'POST'} /v1/${string}`
  input: z.ZodObject
  output: z.ZodObject | z.ZodDiscriminatedUnion<z.ZodObject[]>
  /** Expected "no"s, as codes of `refusals`. A surprise is an exception, and every door answers it alike. */
  refusals: readonly string[]
}

/** Keeps the literal types, so that one row gives the handler, the doors and the client theirs. */
export function operation<const O extends Operation>(row: O): O {
  return row
}
