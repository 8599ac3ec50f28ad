// The engine behind its JSON door, as `serve` puts it there, but in plain HTTP: what TLS costs is measured apart.
import { counted, countRequests } from '../src/app/counted.ts'
import { failureIn } from '../src/app/failures.ts'
import { listening } from '../src/app/listening.ts'
import { jsonDoor } from '../src/inbound/sdk/json.ts'
import { createMetrics } from '../src/outbound/metrics.ts'
import { systemClock as clock } from '../src/system.ts'
import { openEngineAt } from './at.ts'
import { serveParent } from './children.ts'
import { ids, silent } from './people.ts'

const [folder = '', name = '', password = ''] = process.argv.slice(2)
const engine = await openEngineAt({ folder })
await engine.api.setServiceAccount({ console: true }, { name, password })
const metrics = createMetrics({ texts: [] })
const app = jsonDoor({
  api: counted(engine.api, metrics),
  checkAccount: engine.checkServiceAccount,
  failure: failureIn(silent),
  now: clock.now,
  newId: ids.next,
  answered: countRequests(metrics, 'sdk'),
})
const listener = await listening({ app, host: '127.0.0.1', port: 0 })
serveParent({
  ready: listener.url,
  async close() {
    await listener.close()
    await engine.close()
  },
})
