import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoAccounts, demoPassword } from '../app/demo/accounts.ts'
import { type Demo, startDemo } from '../app/demo/demo.ts'
import { createLog } from '../outbound/log.ts'
import { untilStopped } from './until-stopped.ts'

type Options = { port: number; data?: string | undefined; tls?: boolean | undefined }

/** `sallyport demo`: everything in one process, in a folder that is gone afterwards unless one is named. */
export async function demo({ port, data, tls = false }: Options, env: NodeJS.ProcessEnv): Promise<void> {
  const log = createLog({ level: 'warn', format: 'auto' })
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'sallyport-demo-')))
  try {
    const running = await startDemo({ port, folder, tls, databaseUrl: env.DATABASE_URL || undefined, log })
    console.log(whatToTry(running, data))
    await untilStopped()
    await running.close()
  } finally {
    if (data === undefined) await rm(folder, { recursive: true, force: true })
  }
}

function whatToTry({ url, health, erinsSecret }: Demo, data: string | undefined): string {
  const phone = (name: string) => demoAccounts.find(({ username }) => username === name)?.phone ?? ''
  const pin = (name: string) => demoAccounts.find(({ username }) => username === name)?.pin ?? ''
  const where = data === undefined ? 'a temporary folder, gone when you stop' : data
  return `
Sallyport demo is running. Everything it keeps is in ${where}.

  User Portal       ${url}/MultiFactorAuth/
  Mobile app        ${url}/authenticator/
  Phone simulator   ${url}/simulator/
  Health, metrics   ${health}/readyz, ${health}/metrics

Sample accounts, all with the password ${demoPassword}
  alice   enrolled, text message to ${phone('alice')}
  bob     not enrolled: the first sign-in leads to User Setup (take ${phone('bob')} as his phone)
  carol   enrolled, phone call to ${phone('carol')}: pick up in the simulator and key in PIN ${pin('carol')}, then #
  dave    not enrolled: choose the mobile app, and open its link in a second window, which is his phone
  erin    OATH token, secret ${erinsSecret ?? '(none)'}
          oathtool --totp -b ${erinsSecret ?? ''}
  frank   enrolled, text message to ${phone('frank')}: reply to it in the simulator
  helen   enrolled, text message to ${phone('helen')}; will be the help desk
  ivy     hardware token: press its button in the simulator

To try first: open the User Portal and the phone simulator side by side, sign in as bob, and type the code that the
simulator shows. Stop with Ctrl+C.
`
}
