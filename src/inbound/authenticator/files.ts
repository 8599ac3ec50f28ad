import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { catalogues, type LanguageCode, languages } from '../../i18n/catalogue.ts'
import type { Asset } from '../web/assets.ts'

/**
 * The app's files as the browser gets them: its modules as they are, its style, and the words of each language. They stand
 * below one folder that is named after all of them together, so that modules may import each other by their own names, a
 * page never mixes two versions, and browsers may keep each file for ever.
 */
export type AppFiles = { version: string; files: ReadonlyMap<string, Asset> }

const folder = new URL('./browser/', import.meta.url)
/** The service worker is a file of the site's own folder: below another it could not answer for the whole app. */
const WORKER = 'worker.js'
/** Its sentences are those of the catalogue that begin with its name, without it. */
const PREFIX = 'authenticator.'
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const

export const workerText = readFileSync(new URL(WORKER, folder), 'utf8')

const modules = readdirSync(folder)
  .filter((name) => name !== WORKER)
  .sort()
  .map((name): Asset => ({ name, type: typeOf(name), body: readFileSync(new URL(name, folder), 'utf8') }))

const all = [...modules, ...languages.map(({ code }) => wordsFile(code))]

export const appFiles: AppFiles = {
  version: createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 12),
  files: new Map(all.map((file) => [file.name, file])),
}

function typeOf(name: string): string {
  return name.endsWith('.css') ? types.css : types.js
}

function wordsFile(code: LanguageCode): Asset {
  const own = Object.entries(catalogues[code]).flatMap(([key, sentence]) =>
    key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), sentence] as const] : [],
  )
  return { name: `words.${code}.json`, type: 'application/json', body: JSON.stringify(Object.fromEntries(own)) }
}
