import { checked } from './checked.ts'
import type { RadiusSettings } from './config.ts'
import type { Values } from './options.ts'

/** RFC 2865 section 3. */
const PORT = 1812

export function radiusSettings(values: Values): RadiusSettings {
  return {
    servers: [...serversAt(values, 'directory.radius'), ...serversAt(values, 'directory.radius2')],
    method: values['directory.radius.method'],
    names: { form: values['directory.radius.names'], domains: values['directory.radius.domains'] },
    nas: { identifier: values['directory.radius.nas_identifier'], address: values['directory.radius.nas_address'] },
    waiver: values['directory.radius.message_authenticator_waived'],
    firstWaitMs: values['directory.radius.wait_seconds'] * 1000,
    sendings: values['directory.radius.sendings'],
    restMs: values['directory.radius.rest_seconds'] * 1000,
  }
}

function serversAt(values: Values, place: 'directory.radius' | 'directory.radius2'): RadiusSettings['servers'] {
  const servers = values[`${place}.servers`] ?? []
  return servers.map(({ host, port = PORT }) => ({ host, port, secret: checked(values[`${place}.secret`]) }))
}
