import { createHash, timingSafeEqual } from 'node:crypto'
import type { Random } from '../ports.ts'

/** Two digits for a waiting page; the first is not 0, so that all of it is read out and keyed in. */
export function newNumber(random: Random): string {
  return String(10 + random.below(90))
}

/** In the same time whatever is wrong with it. */
export function isNumber(number: string, keys: string): boolean {
  const [right, given] = [number, keys].map((text) => createHash('sha256').update(text).digest())
  return right !== undefined && given !== undefined && timingSafeEqual(right, given)
}
