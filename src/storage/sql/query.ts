/** What may stand in a hole. Times are whole milliseconds, yes-or-no is a nullable time, JSON is text: alike in both dialects. */
export type Value = string | number | bigint | Uint8Array | null
/** A row as the driver gives it: a bigint column is a number on SQLite and a string on PostgreSQL. `fromRow` of a store knows. */
export type Row = Record<string, unknown>
export type Query = { parts: readonly string[]; values: readonly Value[] }
export type Dialect = 'sqlite' | 'postgres'

/** A query is text with holes. Values never become text, so there is nothing to escape. */
export function sql(parts: TemplateStringsArray, ...values: Value[]): Query {
  return { parts, values }
}

const texts = { sqlite: new WeakMap<readonly string[], string>(), postgres: new WeakMap<readonly string[], string>() }

/** The whole difference in query text between the two dialects. One text per place in the code, made once. */
export function textOf({ parts }: Query, dialect: Dialect): string {
  let text = texts[dialect].get(parts)
  if (text === undefined) {
    text = parts.reduce((before, part, i) => before + (dialect === 'sqlite' ? '?' : `$${i}`) + part)
    texts[dialect].set(parts, text)
  }
  return text
}
