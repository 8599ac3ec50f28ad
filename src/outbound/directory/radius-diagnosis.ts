import { randomUUID } from 'node:crypto'
import type { Clock, Log, Random } from '../../core/ports.ts'
import { faults } from '../../protocols/radius/authenticity.ts'
import type { Finding } from './finding.ts'
import type { RadiusDirectoryConfig } from './radius.ts'
import { nameOf, type RadiusServer } from './radius-carrier.ts'
import { radiusExchange } from './radius-exchange.ts'
import { type RadiusCheck, radiusPasswords } from './radius-password.ts'
import { CLOSED } from './radius-stream.ts'

type Needs = { random: Random; clock: Clock }

/**
 * Asks every server about a name that nobody has, as a sign-in would, and says what came of it. No real person's tries
 * are touched, and every server understands it. Never throws.
 */
export async function testRadius(config: RadiusDirectoryConfig, needs: Needs): Promise<Finding[]> {
  const verdicts = config.servers.map(async (server) => ({
    step: nameOf(server),
    ...(await verdictOn(server, config, needs)),
  }))
  return Promise.all(verdicts)
}

type Verdict = Omit<Finding, 'step'>

async function verdictOn(server: RadiusServer, config: RadiusDirectoryConfig, needs: Needs): Promise<Verdict> {
  const { log, reasons } = listening()
  const exchange = radiusExchange({ ...config, servers: [server] }, { ...needs, log })
  try {
    const { check } = radiusPasswords(config, { exchange, random: needs.random })
    const verdict = ofAnswer(await check(`nobody-${randomUUID()}`, randomUUID()))
    if (!verdict.ok || !config.statusServer || (await exchange.reach(server)) !== 'silent') return verdict
    return { ok: true, detail: `${verdict.detail}; ${NO_STATUS}` }
  } catch {
    return { ok: false, detail: ofSilence(reasons) }
  } finally {
    exchange.close()
  }
}

function ofAnswer({ outcome }: RadiusCheck): Verdict {
  switch (outcome) {
    case 'wrong':
      return { ok: true, detail: 'answers, proves itself, and refuses a name that nobody has' }
    case 'challenged':
      return { ok: true, detail: 'answers, proves itself, and asks back whoever comes' }
    case 'right':
    case 'must-change':
      return { ok: false, detail: 'lets in a name that nobody has, by any password: nothing would be proven by it' }
  }
}

const hints: ReadonlyMap<string, string> = new Map([
  [CLOSED, 'it may want a certificate of ours (directory.radius.tls.cert), or another one'],
  [faults.secret, 'the server has another secret for us'],
  [
    faults.unproven,
    'update the server, or have it send Message-Authenticator; until then directory.radius.message_authenticator_waived',
  ],
])
const UNHEARD =
  'no answer: is host and port right, is it reachable, and does it have this machine as a client, with the same secret? Whom it does not know it does not answer'

const NO_STATUS =
  'does not answer Status-Server: should it hang, whoever signs in then waits for it before another server is asked'

/** What came and was dropped tells more than that nothing was left. */
function ofSilence(reasons: ReadonlySet<string>): string {
  if (reasons.size === 0) return UNHEARD
  return [...reasons].map((reason) => [reason, hints.get(reason)].filter(Boolean).join(': ')).join('; ')
}

/** A log that keeps the reasons of what it is told. */
function listening(): { log: Log; reasons: ReadonlySet<string> } {
  const reasons = new Set<string>()
  const note: Log['warn'] = (_message, facts) => {
    if (typeof facts?.reason === 'string') reasons.add(facts.reason)
  }
  return { log: { info() {}, warn: note, error() {} }, reasons }
}
