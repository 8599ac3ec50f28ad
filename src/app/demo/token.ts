import type { Api } from '../../contract/contract.ts'
import { secretPlace } from '../../core/methods/oath/token.ts'
import type { Random } from '../../core/ports.ts'
import type { Sealing } from '../../core/secrets/sealing.ts'
import type { SimulatedToken } from '../../inbound/simulator/tokens.ts'
import { hotp } from '../../protocols/hotp.ts'
import type { Database } from '../../storage/sql/database.ts'
import { tokenStore } from '../../storage/token-store.ts'

type Needs = { api: Api; database: Database; sealing: Sealing; random: Random }

const serial = 'DEMO-0001'
const kind = { kind: 'hotp', algorithm: 'SHA1', digits: 6 } as const

/** A token with a button, imported and assigned as an operator does it; its twin is on the simulator's page. */
export async function demoToken({ api, database, sealing, random }: Needs, owner: string): Promise<SimulatedToken> {
  const made = { serial, manufacturer: 'Sallyport', model: 'Button', owner, counter: 0, ...kind }
  const secret = Buffer.from(random.bytes(20)).toString('hex')
  await api.importTokens({ console: true }, { tokens: [{ ...made, secret }] })

  const [token] = await tokenStore(database).findBySerial(serial)
  // Whoever keeps the demo's data may have revoked it: then it shows codes that nobody takes.
  const own = token && !token.revokedAt ? sealing.open(token.sealedSecret, secretPlace(token.id)) : random.bytes(20)
  let counter = token?.last ?? -1
  let shown: string | undefined
  return {
    owner,
    serial,
    shown: () => shown,
    press() {
      counter++
      shown = hotp({ secret: own, counter, ...kind })
    },
  }
}
