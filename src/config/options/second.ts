import type { Row } from './row.ts'

type Renamed<T, From extends string, To extends string> = {
  [K in keyof T & string as K extends `${From}.${infer Rest}` ? `${To}.${Rest}` : never]: T[K]
}

/** The rows below `from` once more below `to`, for a second provider of the same kind. */
export function second<T extends Readonly<Record<string, Row>>, const From extends string, const To extends string>(
  rows: T,
  from: From,
  to: To,
): Renamed<T, From, To> {
  const again = Object.entries(rows).flatMap(([path, row]) =>
    path.startsWith(`${from}.`) ? [[to + path.slice(from.length), { ...row, again: path }]] : [],
  )
  return Object.fromEntries(again) as Renamed<T, From, To>
}
