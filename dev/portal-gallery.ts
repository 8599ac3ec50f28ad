/**
 * Every page of the portal in its states, for eyes and for the tests, without an engine behind it. Not part of the product.
 * `node dev/portal-gallery.ts` serves it; `node dev/portal-gallery.ts shots FOLDER [light|dark] [WIDTH] [LANGUAGE] [WORD]` takes pictures,
 * with a word only of the pages whose names have it.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { passkeyScript } from '../src/inbound/portal/passkey.form.ts'
import { makeLook } from '../src/inbound/web/design/look.ts'
import type { Listener } from '../src/inbound/web/listen.ts'
import { chromiumOptions } from './gallery.ts'
import { help, openPages, quiet } from './gallery-site.ts'
import { accountPages } from './portal-pages/account.ts'
import type { Pages } from './portal-pages/facts.ts'
import { secondStepPages } from './portal-pages/second-step.ts'
import { setupPages } from './portal-pages/setup.ts'
import { signInPages } from './portal-pages/sign-in.ts'

export const portalPages: Pages = { ...signInPages, ...secondStepPages, ...setupPages, ...accountPages }

/** The name as it stands in an address and in the name of a picture. */
export function slugOf(name: string): string {
  return name.replace(/\W+/g, '-').toLowerCase()
}

export async function openPortalGallery({ port = 0 }: { port?: number } = {}): Promise<Listener> {
  return openPages({
    heading: 'Pages of the portal',
    pages: Object.fromEntries(Object.entries(portalPages).map(([name, draw]) => [slugOf(name), draw])),
    routes: [
      { method: 'GET', path: '/:a/events', who: 'anyone', handler: quiet },
      { method: 'GET', path: '/:a/:b/events', who: 'anyone', handler: quiet },
    ],
    look: makeLook({ company: 'Contoso', help, extras: [passkeyScript] }),
    port,
  })
}

async function takePictures([
  folder = 'portal-pictures',
  theme = 'light',
  width = '1100',
  locale = 'en',
  word = '',
]: string[]) {
  mkdirSync(folder, { recursive: true })
  const gallery = await openPortalGallery()
  const browser = await chromium.launch(chromiumOptions)
  const colorScheme = theme === 'dark' ? 'dark' : 'light'
  const tab = await browser.newPage({ colorScheme, locale, viewport: { width: Number(width), height: 640 } })
  for (const name of Object.keys(portalPages).filter((each) => each.includes(word))) {
    await tab.goto(`${gallery.url}/${slugOf(name)}`)
    await tab.screenshot({ path: join(folder, `${slugOf(name)}.png`), fullPage: true })
  }
  await browser.close()
  await gallery.close()
}

if (import.meta.main) {
  const [verb, ...rest] = process.argv.slice(2)
  if (verb === 'shots') await takePictures(rest)
  else console.log((await openPortalGallery({ port: 8098 })).url)
}
