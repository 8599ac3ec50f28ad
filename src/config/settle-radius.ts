import { Secret } from '../core/secrets/secret.ts'
import { checked } from './checked.ts'
import type { RadiusSettings } from './config.ts'
import type { Values } from './options.ts'

/** RFC 2865 section 3, RFC 6614 section 2.1. */
const ports = { udp: 1812, tls: 2083 } as const
/** Public, since the connection is what proves the other side: RFC 6614 section 2.3. */
const SECRET_OVER_TLS = 'radsec'

export function radiusSettings(values: Values): RadiusSettings {
  return {
    servers: [...serversAt(values, 'directory.radius'), ...serversAt(values, 'directory.radius2')],
    tls: tlsOf(values),
    method: values['directory.radius.method'],
    changePasswords: values['directory.radius.change_expired'],
    names: { form: values['directory.radius.names'], domains: values['directory.radius.domains'] },
    nas: { identifier: values['directory.radius.nas_identifier'], address: values['directory.radius.nas_address'] },
    waiver: values['directory.radius.message_authenticator_waived'],
    firstWaitMs: values['directory.radius.wait_seconds'] * 1000,
    sendings: values['directory.radius.sendings'],
    restMs: values['directory.radius.rest_seconds'] * 1000,
    statusServer: values['directory.radius.status_server'],
  }
}

function serversAt(values: Values, place: 'directory.radius' | 'directory.radius2'): RadiusSettings['servers'] {
  const transport = values['directory.radius.transport']
  const given = values[`${place}.secret`]
  const secret = () => (transport === 'tls' ? (given ?? new Secret(SECRET_OVER_TLS)) : checked(given))
  const servers = values[`${place}.servers`] ?? []
  return servers.map(({ host, port = ports[transport] }) => ({ host, port, secret: secret() }))
}

function tlsOf(values: Values): RadiusSettings['tls'] {
  if (values['directory.radius.transport'] === 'udp') return undefined
  return {
    ca: values['directory.radius.tls.ca'],
    cert: values['directory.radius.tls.cert'],
    key: values['directory.radius.tls.key'],
  }
}
