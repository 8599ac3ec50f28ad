import type { Address } from './addresses.ts'
import type { Config } from './config.ts'
import type { Mistake } from './mistake.ts'

/** Which parts run in this process. `portal` and `app` are internet-facing: they reach the engine through the SDK only. */
export const roles = ['all', 'server', 'portal', 'app'] as const
export type Role = (typeof roles)[number]

const SERVER_DEFAULT: Address = Object.freeze({ host: '0.0.0.0', port: 8444 })

/** Where the SDK listens: always in a server of its own, elsewhere only when someone asked for it. */
export function sdkListen(config: Config, role: Role): Address | undefined {
  if (role === 'portal' || role === 'app') return undefined
  return role === 'server' ? (config.sdk.listen ?? SERVER_DEFAULT) : config.sdk.listen
}

/** What is right in itself and wrong for this role. */
export function checkForRole(config: Config, role: Role): Mistake[] {
  return role === 'portal' || role === 'app' ? frontMistakes(config, role) : engineMistakes(config, role)
}

function frontMistakes(
  { portal, sdk, database, masterKey, directory, callbacks }: Config,
  role: 'portal' | 'app',
): Mistake[] {
  const where = `--role ${role}`
  const part = role === 'app' ? 'An app service' : 'A portal'
  const mistakes: Mistake[] = []
  const forbid = (path: string) =>
    mistakes.push({
      where,
      path,
      problem: `${part} faces the internet and must not hold what opens the engine.`,
      remedy: 'Give it to the server only.',
    })

  if (!sdk.client) {
    mistakes.push({
      where,
      path: 'sdk.client.use',
      problem: `${part} alone has no engine.`,
      remedy: 'Set USE_WEB_SERVICE_SDK=true, WEB_SERVICE_SDK_URL, _AUTHENTICATION_USERNAME and _PASSWORD.',
    })
  }
  if (callbacks.listen) {
    const remedy = 'Give it to the server, which the providers then reach.'
    mistakes.push({ where, path: 'callbacks.listen', problem: `${part} alone knows of no calls and texts.`, remedy })
  }
  if (portal.integrated) {
    const remedy = 'Let people type their passwords there, or run the portal and the server as one.'
    const problem = `${part} faces the internet, and the engine does not take its word for who a person is.`
    mistakes.push({ where, path: 'portal.integrated.header', problem, remedy })
  }
  if (database.kind === 'postgres') forbid('database.url')
  if (masterKey) forbid('master_key')
  if (directory.kind === 'ldap') forbid('directory.ldap.bind_password')
  if (directory.kind === 'radius') forbid('directory.radius.secret')
  if (directory.kind === 'windows') {
    forbid('directory.windows.password')
    if (directory.windows.trusted.some(({ account }) => account)) forbid('directory.windows.trusted_accounts')
  }
  return mistakes
}

function engineMistakes({ sdk, sms, voice, callbacks }: Config, role: Role): Mistake[] {
  const where = role === 'all' ? 'without --role' : `--role ${role}`
  const mistakes: Mistake[] = []
  if (role === 'server' && voice.providers.length > 0 && !callbacks.listen) {
    mistakes.push({
      where,
      path: 'voice.providers',
      problem: 'Who places a call asks us what to say in it, and a server alone does not listen for that.',
      remedy: 'Give callbacks.listen, and callbacks.url where that is reached.',
    })
  }
  if (role === 'server' && sms.repliesSecret && !callbacks.listen) {
    mistakes.push({
      where,
      path: 'sms.replies.secret',
      problem: 'Replies come in over HTTP, and a server alone does not listen for them.',
      remedy: 'Give callbacks.listen, or remove the secret.',
    })
  }
  if (sdk.client) {
    mistakes.push({
      where,
      path: 'sdk.client.use',
      problem: 'This process holds the engine itself, so nothing would use the client of its SDK.',
      remedy: 'Start with --role portal or app, or remove USE_WEB_SERVICE_SDK.',
    })
  }
  return mistakes
}
