import { type Served, serve as start } from '../app/serve.ts'
import type { Config } from '../config/config.ts'
import type { Role } from '../config/roles.ts'
import { createLog } from '../outbound/log.ts'
import { type Installation, readInstallation } from './operator.ts'
import { untilStopped } from './until-stopped.ts'

/** `sallyport serve`: on an empty folder it makes what it needs and says what to do next. */
export async function serve(
  { role, ...installation }: Installation & { role: Role },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const configured = readInstallation(installation, env, role)
  const log = createLog(configured.config.log)
  const served = await start({ ...configured, role, log })
  console.error(whatNext(served, role, configured.config.directory.kind))
  await untilStopped()
  log.info('Stopping')
  await served.close()
}

type DirectoryKind = Config['directory']['kind']

function whatNext(
  { portal, mobile, callbacks, sdk, health, empty }: Served,
  role: Role,
  directory: DirectoryKind,
): string {
  const lines = ['', `Sallyport serves${role === 'all' ? '' : ` (${role})`}.`]
  for (const [name, site] of [['User Portal      ', portal] as const, ['Mobile App       ', mobile] as const]) {
    if (site) lines.push(`  ${name}${site.url}`)
    if (site?.fingerprint)
      lines.push(
        `                   made its own certificate, SHA-256 ${site.fingerprint}`,
        '                   give your own: portal.tls.cert and portal.tls.key',
      )
  }
  if (callbacks) lines.push(`  Callbacks        ${callbacks.listens}`)
  if (sdk) lines.push(`  Web Service SDK  ${sdk.url}`, `                   certificate SHA-256 ${sdk.fingerprint}`)
  if (health) lines.push(`  Health           ${health.url}/readyz`)
  if (empty) lines.push('', ...howUsersCome(directory))
  return `${lines.join('\n')}\n`
}

/** A password that we made would let nobody in where a directory checks them. */
function howUsersCome(directory: DirectoryKind): string[] {
  if (directory === 'local')
    return [
      'There are no users yet. In another terminal:',
      '  npm run sallyport -- user add NAME --generate',
      'or, for many:  npm run sallyport -- user import FILE.csv',
    ]
  return [
    'There are no users yet. People arrive by signing in with the password that the directory has. In another terminal:',
    '  npm run sallyport -- directory test',
  ]
}
