import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Call } from '../../src/contract/caller.ts'
import type { Answer, Name } from '../../src/contract/contract.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { codeFor, newDevice, withDevice } from '../app/device.ts'
import { alicePhone, engineWorld, handClock } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { migratedPlaces } from './dialects.ts'
import { type RivalCall, startRival } from './rival.ts'

const CLIENTS = 50
const ROUNDS = Number(process.env.SALLYPORT_ROUNDS || 200)
/** A day has so many texts a person, and an hour so many questions. */
const LATER = 120
/** A hundred thousand answers and more, over PostgreSQL most of all; a test does not inherit it from its suite. */
const patient = { timeout: 10 * 60_000 }

for (const [dialect, place] of migratedPlaces) {
  const where = dialect === 'SQLite' ? 'SQLite' : 'two processes over PostgreSQL'
  describe(`of ${CLIENTS} clients racing ${ROUNDS} times, on ${where}, exactly one wins`, patient, () => {
    test('one code', patient, async () => {
      const { begin, codeAfter, advance, race, from } = await world()
      for (let round = 0; round < ROUNDS; round++) {
        await advance(LATER)
        const { value: session, code } = await codeAfter(alicePhone, () => begin('alice'))
        const call = { ...from, session }

        const answers = await race(() => ({ name: 'answerSecondStep', call, input: { method: 'text', code } }))

        assert.equal(count(answers, 'passed'), 1, `round ${round}`)
      }
    })

    test('one reply', patient, async () => {
      const { begin, codeAfter, advance, race, raceReply, from, confirmed } = await world({ 'text.mode': 'two-way' })
      for (let round = 0; round < ROUNDS; round++) {
        await advance(LATER)
        const { value: session, code } = await codeAfter(alicePhone, () => begin('alice'))
        const call = { ...from, session }

        await raceReply(code, `reply ${round}`)
        const answers = await race(() => ({ name: 'finishSecondStep', call, input: { method: 'text' } }))

        assert.equal(count(answers, 'passed'), 1, `round ${round}`)
        assert.equal(await confirmed(), round + 1)
      }
    })

    test('one approval', patient, async () => {
      const { api, begin, advance, race, from, clock, ...rest } = await world({ 'portal.methods': ['text', 'app'] })
      const engine = { api, from, clock, ...rest }
      const session = await engine.signIn('alice', alicePhone)
      const device = await withDevice(engine, session)
      assert.ok((await api.chooseMethod({ ...from, session }, { method: 'app' })).ok)
      for (let round = 0; round < ROUNDS; round++) {
        await advance(LATER)
        const call: Call = { ...from, session: await begin('alice') }
        const shown = await api.readSecondStep(call, {})
        const [question] = await device.questions()
        assert.ok(question && shown.ok && shown.value.app)
        const { id: prompt, challenge } = question
        const input = { prompt, challenge, verdict: 'approve', number: shown.value.app.number }
        const body = JSON.stringify(input)
        const at = clock.now().getTime()

        // Half of them are the very same request again, half are signed anew.
        const approvals = await race((i) => ({
          name: 'answerPrompt',
          call: device.signs('answerPrompt', body, i % 2 ? at : at + i),
          input,
        }))
        const answers = await race(() => ({ name: 'finishSecondStep', call, input: { method: 'app' } }))

        assert.equal(count(approvals, 'approved'), 1, `round ${round}`)
        assert.equal(count(answers, 'passed'), 1, `round ${round}`)
      }
    })

    test('one activation code', patient, async () => {
      const { race, database, ...engine } = await world({ 'portal.methods': ['text', 'app'] })
      const session: Call = { ...engine.from, session: await engine.signIn('alice', alicePhone) }
      for (let round = 0; round < ROUNDS; round++) {
        const code = await codeFor(engine.api, session)
        // One address has only so many codes that were not taken.
        const call = { ...engine.from, address: `198.51.100.${round}` }

        const answers = await race(() => ({ name: 'activateDevice', call, input: newDevice(engine).activation(code) }))

        assert.equal(count(answers, 'activated'), 1, `round ${round}`)
        const devices = await database.rows(sql`SELECT id FROM device`)
        assert.equal(devices.length, 1)
        await database.write((tx) => tx.rows(sql`DELETE FROM device`))
      }
    })
  })

  /** An engine here and, on PostgreSQL, one more in a process of its own; half of the clients go to each. */
  async function world(settings: Record<string, unknown> = {}) {
    const { where, connect } = await place()
    const clock = handClock()
    const database = connect()
    const first = await engineWorld(database, { clock, settings, directory: peopleDirectory('alice', 'bob') })
    const rival = dialect === 'SQLite' ? undefined : await startRival({ where, masterKey: first.masterKey, settings })
    after(() => rival?.close())
    const elsewhere = rival ? CLIENTS / 2 : 0

    const ask = ({ name, call, input }: RivalCall) => first.api[name](call, input as never) as Promise<Answer<Name>>
    return {
      ...first,
      /** What the clients send, all at once. */
      async race(callOf: (client: number) => RivalCall): Promise<Answer<Name>[]> {
        const calls = Array.from({ length: CLIENTS }, (_, i) => callOf(i))
        const [there = [], ...here] = await Promise.all([
          rival?.ask(calls.slice(0, elsewhere)),
          ...calls.slice(elsewhere).map(ask),
        ])
        assert.equal(there.length + here.length, CLIENTS)
        return [...there, ...here]
      },
      /** One text of Alice's, which her provider hands in as often as there are clients. */
      async raceReply(text: string, providerId: string): Promise<void> {
        const reply = { from: alicePhone, to: '12345', text, providerId, provider: 'simulator', at: clock.now() }
        await Promise.all([
          rival?.take(reply, elsewhere),
          ...Array.from({ length: CLIENTS - elsewhere }, () => first.engine.replies.take(reply)),
        ])
      },
      /** How many questions were confirmed by a reply, ever. */
      async confirmed(): Promise<number> {
        return (await database.rows(sql`SELECT id FROM audit WHERE what = 'text.confirmed'`)).length
      },
      async advance(minutes: number) {
        clock.advance(minutes)
        await rival?.advance(minutes)
      },
    }
  }
}

function count(answers: readonly Answer<Name>[], outcome: string): number {
  return answers.filter(
    ({ ok, ...answer }) => ok && 'value' in answer && 'outcome' in answer.value && answer.value.outcome === outcome,
  ).length
}
