import type { Api } from '../contract/contract.ts'
import { refusals } from '../contract/refusals.ts'
import { Told } from './user.ts'

type Asked = Awaited<ReturnType<Api[keyof Api]>>

/** What the operation answered; a refusal is said in its words. */
export function told<T>(answer: { ok: true; value: T } | Extract<Asked, { ok: false }>): T {
  if (answer.ok) return answer.value
  throw new Told(refusals[answer.refusal])
}
