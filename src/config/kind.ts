/**
 * What an option can hold. Values come as text, from the file as from the environment, so that `0123` and `"0123"` are
 * the same password. `says` completes "Write …"; `base` is the folder that relative file names start from.
 */
export type Kind<T> = { says: string } & (
  | { shape: 'text'; parse(text: string, base: string): Parsed<T> }
  | { shape: 'list'; parse(items: readonly string[]): Parsed<T> }
  | { shape: 'map'; parse(entries: ReadonlyMap<string, string>): Parsed<T> }
)

export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string }

export function right<T>(value: T): Parsed<T> {
  return { ok: true, value }
}

/** `problem` is a sentence for whoever wrote the value. It is printed, so kinds of secrets never repeat theirs in it. */
export function wrong(problem: string): { ok: false; problem: string } {
  return { ok: false, problem }
}

export function textKind<T>(says: string, parse: (text: string, base: string) => Parsed<T>): Kind<T> {
  return { says, shape: 'text', parse }
}
