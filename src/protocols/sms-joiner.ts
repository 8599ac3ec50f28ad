import type { Place } from './sms-segments.ts'

/** One part of a text, as it came in. */
export type Part = Place & { from: string; to: string; text: string }

export type Joiner = {
  /**
   * Keeps the part, and answers the whole text once every part is there, in whatever order they came. The same part
   * again changes nothing: whoever sends the last one twice gets the whole text twice, until `forget`.
   */
  add(part: Part): string | undefined
  /** The text was taken by whoever wanted it. */
  forget(part: Part): void
  /** How many parts are kept. */
  waiting(): number
}

/** `keepMs` is from the first part of a text on; `mostWaiting` counts the parts of all texts. */
type Options = { clock: { now(): Date }; mostWaiting: number; keepMs: number }

type Series = { since: number; texts: Map<number, string> }

/** Joins parts to texts. Bounded: when there is no room for a part, the text that has waited longest makes it. */
export function joiner({ clock, mostWaiting, keepMs }: Options): Joiner {
  // In the order in which they began.
  const open = new Map<string, Series>()
  let kept = 0

  function drop(key: string): void {
    kept -= open.get(key)?.texts.size ?? 0
    open.delete(key)
  }

  function dropOld(now: number): void {
    for (const [key, { since }] of open) {
      if (now - since < keepMs) return
      drop(key)
    }
  }

  function makeRoom(keyOfPart: string): void {
    for (const key of open.keys()) {
      if (kept < mostWaiting) return
      if (key !== keyOfPart) drop(key)
    }
  }

  return {
    add(part) {
      const now = clock.now().getTime()
      dropOld(now)
      const key = keyOf(part)
      const series = open.get(key) ?? { since: now, texts: new Map<number, string>() }
      if (!series.texts.has(part.place)) {
        makeRoom(key)
        // One text alone may be longer than there is room for.
        if (kept >= mostWaiting) return undefined
        kept++
      }
      open.set(key, series)
      series.texts.set(part.place, part.text)
      return series.texts.size === part.total ? whole(series, part.total) : undefined
    },
    forget: (part) => drop(keyOf(part)),
    waiting: () => kept,
  }
}

function keyOf({ from, to, reference, total }: Part): string {
  return JSON.stringify([from, to, reference, total])
}

/** Well formed: a phone may have cut a surrogate pair in two, and its halves have met again here. */
function whole({ texts }: Series, total: number): string {
  return Array.from({ length: total }, (_, index) => texts.get(index + 1) ?? '')
    .join('')
    .toWellFormed()
}
