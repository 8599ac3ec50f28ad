import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { startFreeRadius } from '../../dev/hosts/freeradius.ts'
import type { Directory } from '../../src/core/directory.ts'
import { hostileDatagrams } from './hostile-datagrams.ts'
import { isUnreachable, radiusDirectoryAt } from './radius-world.ts'

const TRIES = 10_000
const AT_ONCE = 100
/** What became of a try, by whether its password was right. */
type Tally = Record<'right' | 'wrong', Record<'right' | 'wrong' | 'unreachable', number>>

test(`somebody between us and FreeRADIUS lets nobody in, in ${TRIES} tries, and turns nobody's right password into a wrong one`, async (t) => {
  const host = await startFreeRadius()
  t.after(() => host.stop())
  const seed = randomInt(2 ** 32)
  const between = await hostileDatagrams(host, seed)
  t.after(() => between.close())
  const patience = { firstWait: 60, sendings: 2, restMs: 0, mostOutstanding: AT_ONCE }
  const directories = (['pap', 'ms-chap-v2'] as const).map((method) =>
    radiusDirectoryAt({ ports: [between.port], secret: host.secret, method, ...patience }),
  )
  const wrongs = ['wrong', `${host.people.alice} `, host.people.carol]

  const tally: Tally = { right: none(), wrong: none() }
  let next = 0
  const visitor = async () => {
    for (let i = next++; i < TRIES; i = next++) {
      const isRight = i % 3 === 0
      const password = isRight ? host.people.alice : (wrongs[i % wrongs.length] ?? 'wrong')
      const directory = directories[i % 2]
      assert.ok(directory)
      tally[isRight ? 'right' : 'wrong'][await outcomeOf(directory, password)]++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, visitor))

  const about = `seed ${seed}: ${JSON.stringify({ tally, ...between.counts })}`
  t.diagnostic(about)
  assert.equal(tally.wrong.right, 0, about)
  assert.equal(tally.right.wrong, 0, about)
  assert.ok(between.counts.touched > TRIES / 2, about)
  for (const got of [tally.right.right, tally.wrong.wrong, tally.right.unreachable, tally.wrong.unreachable])
    assert.ok(got > 20, about)

  between.beHonest()
  const patient = radiusDirectoryAt({ ports: [between.port], secret: host.secret, firstWait: 1_000 })
  for (let i = 0; i < 20; i++) assert.equal(await outcomeOf(patient, host.people.alice), 'right', about)
})

function none() {
  return { right: 0, wrong: 0, unreachable: 0 }
}

async function outcomeOf(directory: Directory, password: string): Promise<'right' | 'wrong' | 'unreachable'> {
  try {
    const { outcome } = await directory.checkPassword('alice', password)
    assert.ok(outcome === 'right' || outcome === 'wrong', outcome)
    return outcome
  } catch (error) {
    if (!isUnreachable(error)) throw error
    return 'unreachable'
  }
}
