import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { freePort } from '../../dev/hosts/port.ts'
import { fromBase32 } from '../../src/protocols/base32.ts'
import { stepAt, totp } from '../../src/protocols/totp.ts'
import { press, window } from './browser.ts'
import { heading, type Place, signIn } from './first-sign-in.ts'
import { configuration, type Program, sallyport, smsGateway, temporaryFolder, throughGateway, verb } from './program.ts'

const people = ['bob', 'erin']
export const storyPassword = 'sallyport-demo'
/** One more than usual, so that the code of a step ago can be sent half a minute late. */
const CODES_KEEP_STEPS = 2
const servicePassword = 'WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD'

export type Split = {
  folder: string
  server: Program
  portal: Program
  place: Place
  servicePassword: string
  fingerprint: string
  sdk: string
  /** The engine again, at the same place. */
  startServer(): Promise<Program>
  open(): Promise<BrowserContext>
}

type Trust = 'fingerprint' | 'ca'

/** Engine and portal as two programs on two configurations, as on two machines; Bob and Erin are users. */
export async function splitWorld({ trust, level = 'info' }: { trust: Trust; level?: string }): Promise<Split> {
  const folder = temporaryFolder()
  const gateway = await smsGateway()
  const log = { level, format: 'json' }
  const port = await freePort()
  const config = configuration(folder, 'server', {
    sdk: { listen: `127.0.0.1:${port}` },
    health: { listen: '127.0.0.1:0' },
    sms: throughGateway(gateway),
    settings: { company: { name: 'Contoso' }, oath: { window: CODES_KEEP_STEPS } },
    log,
  })
  for (const name of people) {
    const added = await verb(['user', 'add', name, '--password-stdin', '--config', config], {
      input: `${storyPassword}\n`,
    })
    assert.equal(added.exit, 0, added.said)
  }
  const made = await verb(['service-account', 'add', 'portal', '--config', config])
  const password = new RegExp(`${servicePassword}=(\\S+)`).exec(made.said)?.[1] ?? assert.fail(made.said)

  const startServer = async () => {
    const server = sallyport(['serve', '--role', 'server', '--config', config])
    await server.says(/Sallyport serves \(server\)/)
    return server
  }
  const server = await startServer()
  const [, fingerprint = ''] = await server.says(/certificate SHA-256 ([0-9A-F:]{95})/)
  const sdk = `https://127.0.0.1:${port}/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx`
  const trusted = trust === 'ca' ? { ca: join(folder, 'server', 'tls.pem') } : { fingerprint }
  const portal = portalOf(folder, { sdk, trusted, password, log })
  const [, url = ''] = await portal.says(/User Portal +(https:\/\/\S+)/)

  const open = () => window({ ignoreCertificate: true })
  const place = { portal: url, codes: gateway.codes, erinsSecret: await erinEnrols(url, open) }
  return { folder, server, portal, place, servicePassword: password, fingerprint, sdk, startServer, open }
}

type PortalOf = { sdk: string; trusted: object; password: string; log: object; name?: string; role?: 'portal' | 'app' }

export function portalOf(folder: string, options: PortalOf): Program {
  const { sdk, trusted, password, log, role = 'portal', name = role } = options
  const config = configuration(folder, name, {
    portal: { listen: '127.0.0.1:0' },
    sdk: { client: { use: true, url: sdk, username: 'portal', ...trusted } },
    health: { listen: '127.0.0.1:0' },
    log,
  })
  return sallyport(['serve', '--role', role, '--config', config], { env: { [servicePassword]: password } })
}

/** With an authenticator app, in the browser. Returns its secret. */
async function erinEnrols(portal: string, open: () => Promise<BrowserContext>): Promise<string> {
  const context = await open()
  const page = await context.newPage()
  await page.goto(portal)
  await signIn(page, 'erin', storyPassword)
  await page.locator('label', { hasText: 'OATH token' }).click()
  await press(page, 'Continue')
  await heading(page, 'Add us to your authenticator app')
  const secret = ((await page.locator('code').first().textContent()) ?? '').replace(/\s/g, '')
  // Of the step before this one: each code is taken once, and the story goes on with this one's.
  await page.getByLabel('6-digit code from the app').fill(codeOf(secret, stepAt(new Date(), 30) - 1))
  await press(page, 'Continue')
  await heading(page, 'Your account')
  await context.close()
  return secret
}

function codeOf(secret: string, step: number): string {
  const bytes = fromBase32(secret) ?? assert.fail('no secret')
  return totp({ secret: bytes, step, algorithm: 'SHA1', digits: 6 })
}
