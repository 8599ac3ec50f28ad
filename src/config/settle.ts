import { isLoopback } from './addresses.ts'
import { checked } from './checked.ts'
import type { Config, SdkClientConfig, Tls } from './config.ts'
import type { Values } from './options.ts'
import type { FileSettings } from './settings.ts'
import { directorySettings } from './settle-directory.ts'
import { mailSettings } from './settle-mail.ts'
import { peopleSettings } from './settle-people.ts'
import { smsProviders, voiceProviders } from './settle-providers.ts'

/** Options that passed every check, as the frozen settings that the program is built from. */
export function settle(values: Values, settings: FileSettings): Config {
  const healthListen = values['health.listen']
  const databaseUrl = values['database.url']
  return frozen({
    dataFolder: values.data,
    portal: {
      listen: values['portal.listen'],
      origin: values['portal.url']?.origin,
      path: values['portal.path'],
      tls: tls(values['portal.tls.cert'], values['portal.tls.key'], values['portal.ssl_required']),
      sslRequired: values['portal.ssl_required'],
      trustedProxies: values['portal.trusted_proxies'],
      integrated: integrated(values),
    },
    app: { origin: values['app.url']?.origin ?? values['portal.url']?.origin },
    push: {
      hosts: values['push.hosts'],
      contact: values['push.contact'],
      loopback: values['push.loopback'],
    },
    sdk: {
      listen: values['sdk.listen'],
      tls: tls(values['sdk.tls.cert'], values['sdk.tls.key'], true),
      client: values['sdk.client.use'] ? sdkClient(values) : undefined,
    },
    database: databaseUrl ? { kind: 'postgres', url: databaseUrl } : { kind: 'sqlite' },
    masterKey: values.master_key,
    health: { listen: healthListen === 'off' ? undefined : healthListen },
    directory: directorySettings(values),
    groups: {
      enrolment: values['directory.groups.enrolment'],
      serviceAccounts: values['directory.groups.service_accounts'],
    },
    people: peopleSettings(values),
    sms: { providers: smsProviders(values), repliesSecret: values['sms.replies.secret'] },
    voice: { providers: voiceProviders(values) },
    callbacks: {
      origin: values['callbacks.url']?.origin ?? values['portal.url']?.origin,
      listen: values['callbacks.listen'],
      tls: tls(
        values['callbacks.tls.cert'],
        values['callbacks.tls.key'],
        !isLoopback(values['callbacks.listen']?.host ?? ''),
      ),
    },
    mail: mailSettings(values),
    log: { level: values['log.level'], format: values['log.format'] },
    settings,
  })
}

function integrated(values: Values): Config['portal']['integrated'] {
  const header = values['portal.integrated.header']
  return header === undefined ? undefined : { header, proxies: values['portal.integrated.proxies'] }
}

function tls(certFile: string | undefined, keyFile: string | undefined, required: boolean): Tls {
  if (certFile !== undefined && keyFile !== undefined) return { kind: 'files', certFile, keyFile }
  return required ? { kind: 'self-made' } : { kind: 'off' }
}

function sdkClient(values: Values): SdkClientConfig {
  return {
    url: checked(values['sdk.client.url']).href.replace(/\/?$/, '/'),
    username: checked(values['sdk.client.username']),
    password: checked(values['sdk.client.password']),
    ca: values['sdk.client.ca'],
    fingerprint: values['sdk.client.fingerprint'],
  }
}

/** Plain objects only: a Secret and a RegExp keep themselves. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (part !== null && typeof part === 'object' && Object.getPrototypeOf(part) === Object.prototype) frozen(part)
  }
  return Object.freeze(value)
}
