import type { en } from './en.ts'

type Entry = keyof typeof en
type Form = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'
/** A sentence that counts, without its ending. */
type Counting = Entry extends infer E ? (E extends `${infer Name}.other` ? Name : never) : never

/** What a page may ask for. Counting sentences are asked for without their ending. */
export type Key = Exclude<Entry, `${string}.${'one' | 'other'}`> | Counting
export type Holes = Readonly<Record<string, string | number>>
/** The sentence of a key with its holes filled. Holes are plain text: `html` escapes the whole. */
export type Translate = (key: Key, holes?: Holes) => string

/** One language's sentences; a language with more plural forms than English adds them. */
export type Catalogue = Record<Entry, string> & { [K in `${Counting}.${Form}`]?: string }
