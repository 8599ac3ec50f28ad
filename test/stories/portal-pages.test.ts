import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { HtmlValidate } from 'html-validate'
import type { Page } from 'playwright-core'
import { openPortalGallery, portalPages, slugOf } from '../../dev/portal-gallery.ts'
import type { Listener } from '../../src/inbound/web/listen.ts'
import { window } from './browser.ts'

const names = Object.keys(portalPages)

describe('every page of the portal, in its states', { timeout: 600_000 }, () => {
  let gallery: Listener
  before(async () => {
    gallery = await openPortalGallery()
  })
  after(async () => gallery?.close())

  // WCAG 2.2, 1.4.10: what a window of 1280 px shows at 400 %.
  test('at 320 px, in German, with long names: no page is wider than the window, every target can be hit, nothing complains', async () => {
    const context = await window({ width: 320, locale: 'de' })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => void complaints.push(String(error)))
    const found: string[] = []
    for (const name of names) {
      await page.goto(`${gallery.url}/${slugOf(name)}`)
      found.push(...(await shortcomings(page)).map((what) => `${name}: ${what}`))
    }
    await context.close()
    assert.deepEqual(found, [])
    assert.deepEqual(complaints, [])
  })

  test('every page is valid HTML', async () => {
    const validator = new HtmlValidate({
      extends: ['html-validate:recommended'],
      // PINs are no passwords: no browser is to keep them.
      rules: { 'meta-refresh': 'off', 'no-trailing-whitespace': 'off', 'autocomplete-password': 'off' },
    })
    for (const name of names) {
      const text = await (await fetch(`${gallery.url}/${slugOf(name)}`)).text()
      const { results } = await validator.validateString(text)
      const messages = results.flatMap((result) =>
        result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      )
      assert.deepEqual(messages, [], name)
    }
  })
})

/** In the browser: what is too wide, and what is too small for a thumb. Links within a sentence are as high as it is. */
async function shortcomings(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const wider = document.documentElement.scrollWidth - innerWidth
    const targets = [...document.querySelectorAll('a, button, summary, input:not([type=hidden], [type=radio], [type=checkbox]), select')]
    const small = targets.filter((target) => {
      const { width, height } = target.getBoundingClientRect()
      const shown = width > 1 && height > 0 && !target.matches('.skip') && !target.closest('.lede, .notice, .todo')
      return shown && height < 43.5
    })
    return [
      ...(wider > 0 ? [wider + ' px too wide'] : []),
      ...small.map((target) => 'only ' + Math.round(target.getBoundingClientRect().height) + ' px high: ' + target.outerHTML.slice(0, 90)),
    ]
  })()`)
}
