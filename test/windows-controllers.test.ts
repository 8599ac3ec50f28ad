import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { controllersOf } from '../src/outbound/directory/windows-controllers.ts'
import { systemRandom as random } from '../src/system.ts'
import { domainOf, scriptedDns } from './contracts/scripted-dns.ts'

test('a controller is a host of the domain, whatever DNS says', async (t) => {
  const hosts = ['dc.evil.example', 'notcorp.example', 'corp.example.evil.example', 'DC1.corp.example', 'corp.example']
  const { found } = await world(t, domainOf(hosts))
  assert.deepEqual(await found(), ['dc1.corp.example at 127.0.0.9'])
})

test('a DNS server that fails, or does not know the domain, is not the last to be asked', async (t) => {
  for (const reply of [{ rcode: 2 }, { rcode: 3 }, { rcode: 5 }, {}, 'silent'] as const) {
    const unknowing = await scriptedDns(t, () => reply)
    const { found } = await world(t, domainOf(['dc1.corp.example']), { before: [unknowing.server] })
    assert.equal((await found()).length, 1, JSON.stringify(reply))
    assert.equal(unknowing.asked[0]?.type, 'SRV')
  }
})

test('an answer about another name is none', async (t) => {
  const { found } = await world(t, ({ type }) => domainOf(['dc1.corp.example'])({ type, name: 'other.example' }))
  assert.deepEqual(await found(), [])
})

for (const controllers of [[], ['dc1.corp.example']]) {
  const how = controllers.length > 0 ? 'listed' : 'named by DNS'
  test(`controllers that were ${how} stay known while DNS is down, and nobody waits for it`, async (t) => {
    const { found, dns, pass } = await world(t, domainOf(['dc1.corp.example']), { controllers })
    const known = ['dc1.corp.example at 127.0.0.9']
    assert.deepEqual(await found(), known)

    pass(3_600_000)
    const before = dns.asked.length
    const { promise: isAsked, resolve: ask } = Promise.withResolvers<void>()
    dns.says(() => {
      ask()
      return 'silent'
    })
    for (const each of await Promise.all(Array.from({ length: 50 }, found))) assert.deepEqual(each, known)
    await isAsked
    assert.equal(dns.asked.length, before + 1, 'one question for all of them')
  })
}

test('what DNS says now is known a while later, without a wait', async (t) => {
  const { found, dns, pass } = await world(t, domainOf(['dc1.corp.example']))
  await found()
  dns.says(domainOf(['dc2.corp.example'], '127.0.0.10'))
  assert.deepEqual(await found(), ['dc1.corp.example at 127.0.0.9'])
  pass(60_000)
  while (!(await found()).includes('dc2.corp.example at 127.0.0.10')) {
    t.signal.throwIfAborted()
    await new Promise(setImmediate)
  }
})

type Wishes = { controllers?: readonly string[]; before?: readonly string[] }

/** corp.example, and one DNS server that says so. */
async function world(
  t: TestContext,
  script: Parameters<typeof scriptedDns>[1],
  { controllers = [], before = [] }: Wishes = {},
) {
  let now = 0
  const dns = await scriptedDns(t, script)
  const domain = { domain: 'corp.example', netbios: 'CORP', controllers }
  const config = { dns: [...before, dns.server], security: 'ldaps', timeoutMs: 1_000 } as const
  const controllersNow = controllersOf(domain, config, { clock: { now: () => new Date(now) }, random })
  return {
    dns,
    pass(ms: number) {
      now += ms
    },
    found: async () => (await controllersNow()).map(({ host, address }) => `${host} at ${address}`),
  }
}
