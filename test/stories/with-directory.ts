import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { press } from './browser.ts'
import { codeAfter, heading } from './first-sign-in.ts'
import { configuration, type Gateway, sallyport, smsGateway, temporaryFolder, throughGateway } from './program.ts'

/** `serve` with a directory that checks passwords. `directory` gets the name of the file that the CA was written to. */
export async function serveWith(directory: (ca: string) => object, ca = '', portal: object = {}) {
  const gateway = await smsGateway()
  const folder = temporaryFolder()
  const file = join(folder, 'directory-ca.pem')
  writeFileSync(file, ca)
  const config = configuration(folder, 'data', {
    portal: { listen: '127.0.0.1:0', ...portal },
    health: { listen: 'off' },
    directory: directory(file),
    sms: throughGateway(gateway),
    log: { format: 'json' },
  })
  const program = sallyport(['serve', '--config', config])
  const [, url = ''] = await program.says(/User Portal +(https:\/\/\S+)/)
  return { program, portal: url, gateway, config, data: join(folder, 'data') }
}

/** User Setup by a text message, from its first page. */
export async function enrolByText(page: Page, { codes }: Pick<Gateway, 'codes'>, phone: string): Promise<void> {
  await heading(page, 'How do you want to prove it’s you?')
  await page.getByLabel('Text message').check()
  await press(page, 'Continue')
  await page.getByLabel('Phone number').fill(phone.slice(2))
  const texted = await codeAfter({ codes }, phone, () => press(page, 'Text Me Now to Authenticate'))
  await page.getByLabel('6-digit code').fill(texted)
  await press(page, 'Continue')
  await page.getByText('You’re set up.').waitFor()
}
