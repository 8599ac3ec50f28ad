import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Answer, Name } from '../../src/contract/contract.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { alicePhone, engineWorld, handClock } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { places } from './dialects.ts'
import { type RivalCall, startRival } from './rival.ts'

const CLIENTS = 50
const ROUNDS = Number(process.env.SALLYPORT_ROUNDS || 200)

for (const [dialect, place] of places) {
  const where = dialect === 'SQLite' ? 'SQLite' : 'two processes over PostgreSQL'
  describe(`of ${CLIENTS} clients racing ${ROUNDS} times, on ${where}, exactly one wins`, () => {
    test('one code', async () => {
      const { begin, codeAfter, advance, race, from } = await world()
      for (let round = 0; round < ROUNDS; round++) {
        // A day has so many texts a person.
        await advance(120)
        const { value: session, code } = await codeAfter(alicePhone, () => begin('alice'))

        const answers = await race({
          name: 'answerSecondStep',
          call: { ...from, session },
          input: { method: 'text', code },
        })

        assert.equal(passed(answers), 1, `round ${round}`)
      }
    })
  })

  /** An engine here and, on PostgreSQL, one more in a process of its own; half of the clients go to each. */
  async function world(settings: Record<string, unknown> = {}) {
    const { where, connect } = await place()
    const clock = handClock()
    const database = connect()
    await migrate({ database, clock })
    const first = await engineWorld(database, { clock, settings, directory: peopleDirectory('alice', 'bob') })
    const rival = dialect === 'SQLite' ? undefined : await startRival({ where, masterKey: first.masterKey, settings })
    after(() => rival?.close())

    const ask = ({ name, call, input }: RivalCall) => first.api[name](call, input as never) as Promise<Answer<Name>>
    return {
      ...first,
      /** The same call by all clients at once. */
      async race(call: RivalCall): Promise<Answer<Name>[]> {
        const elsewhere = rival ? CLIENTS / 2 : 0
        const [there = [], ...here] = await Promise.all([
          rival?.ask(Array.from({ length: elsewhere }, () => call)),
          ...Array.from({ length: CLIENTS - elsewhere }, () => ask(call)),
        ])
        assert.equal(there.length + here.length, CLIENTS)
        return [...there, ...here]
      },
      async advance(minutes: number) {
        clock.advance(minutes)
        await rival?.advance(minutes)
      },
    }
  }
}

function passed(answers: readonly Answer<Name>[]): number {
  return answers.filter(({ ok, ...answer }) => ok && 'value' in answer && outcomeOf(answer.value) === 'passed').length
}

function outcomeOf(value: object): unknown {
  return 'outcome' in value ? value.outcome : undefined
}
