import { hkdfSync } from 'node:crypto'
import type { Hono, MiddlewareHandler } from 'hono'
import type { Config } from '../config/config.ts'
import type { Role } from '../config/roles.ts'
import { anyProvider, kannel, smsDoor } from '../inbound/sms/sms.route.ts'
import { mountTelephony } from '../inbound/telephony/telephony.ts'
import { type CallbackAddresses, callbackAddresses } from '../protocols/callback-addresses.ts'
import type { Web } from './doors.ts'
import type { Engine } from './engine.ts'
import { failureIn } from './failures.ts'
import type { Sinks } from './providers.ts'

const KEY_BYTES = 32

/**
 * Where providers call back: undefined where none does, nobody listens, or no public address is known. The key is made
 * from the master key, so that every node knows the secrets in the addresses.
 */
export function callbackAddressesIn(config: Config, role: Role, masterKey: Uint8Array): CallbackAddresses | undefined {
  const { origin, listen } = config.callbacks
  const heard = role === 'all' || listen !== undefined
  if (!heard || origin === undefined || accountsIn(config).length === 0) return undefined
  const key = new Uint8Array(hkdfSync('sha256', masterKey, '', 'sallyport/callback-addresses', KEY_BYTES))
  return callbackAddresses({ publicUrl: origin, key })
}

/** Those who sign what they call back. */
function accountsIn({ sms, voice }: Config): { name: string; authToken: string }[] {
  const texting = sms.providers.flatMap((provider) => (provider.kind === 'twilio' ? [provider] : []))
  return [...texting, ...voice.providers].map(({ name, settings }) => ({
    name,
    authToken: settings.authToken.reveal(),
  }))
}

type Needs = { web: Web; engine: Engine; addresses: CallbackAddresses | undefined; sinks: Sinks }

/** Puts on an app what providers call: nothing, where none does. Before the portal, which answers every other path. */
export function mountCallbacks(app: Hono, { web, engine, addresses, sinks }: Needs): void {
  const { config, clock, ids, metrics, log } = web
  const around = { failure: failureIn(log), now: clock.now, newId: ids.next }
  const count: MiddlewareHandler = async (c, next) => {
    const began = clock.now().getTime()
    await next()
    metrics.request('callbacks', c.res.status, (clock.now().getTime() - began) / 1_000)
  }
  if (addresses) {
    app.use('/telephony/*', count)
    mountTelephony(app, {
      ...{ ...around, ...sinks, addresses },
      accounts: accountsIn(config),
      calls: engine.calls,
      turnedAway(why, route) {
        metrics.turnedAway(why)
        log.info('A callback was turned away', { why, route })
      },
    })
  }
  const secret = config.sms.repliesSecret?.reveal()
  if (secret === undefined) return
  app.use('/sms/*', count)
  app.route('/', smsDoor({ ...around, sink: sinks.replies, secret, providers: [kannel, anyProvider] }))
}
