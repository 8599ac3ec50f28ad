import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { Outcome } from '../../src/core/delivery/deliver.ts'
import type { DeliveryStore } from '../../src/core/delivery/delivery.ts'
import { createDispatcher, type Dispatcher } from '../../src/core/delivery/dispatcher.ts'
import { deliveryPlace, type NewDelivery } from '../../src/core/delivery/queue.ts'
import type { Sender } from '../../src/core/delivery/sender.ts'
import type { Text, TextSender } from '../../src/core/delivery/text-sender.ts'
import { AppError } from '../../src/core/errors.ts'
import { deliveryQueue, deliveryStore } from '../../src/storage/delivery-store.ts'
import type { Database } from '../../src/storage/sql/database.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { dialects, migratedPlaces } from './dialects.ts'

const noon = Date.parse('2026-01-01T12:00:00Z')

for (const [dialect, open] of dialects) {
  describe(`delivering, on ${dialect}`, () => {
    test('a text is opened, sent and recorded, and its body is cleared', async () => {
      const { enqueue, dispatcher, sent, ended, row } = await world(await open())
      const id = await enqueue({ body: 'Your code is 482915' })
      dispatcher().nudge()
      assert.deepEqual(await ended(1), [{ id, outcome: 'sent', provider: 'first' }])
      assert.deepEqual(sent, [{ id, to: '+12065550100', body: 'Your code is 482915' }])
      assert.deepEqual(await row(id), {
        state: 'sent',
        sealed_body: '',
        provider: 'first',
        attempts: 1,
        ended_at: noon,
      })
    })

    test('one whose deadline is over is never sent, and its body is cleared', async () => {
      const { enqueue, dispatcher, sent, ended, row, pass } = await world(await open())
      const late = await enqueue({ seconds: 60 })
      const inTime = await enqueue({ seconds: 61 })
      pass(60)
      dispatcher().nudge()
      await ended(2)
      assert.deepEqual(
        sent.map(({ id }) => id),
        [inTime],
      )
      assert.deepEqual(await row(late), {
        state: 'expired',
        sealed_body: '',
        provider: null,
        attempts: 0,
        ended_at: noon + 60_000,
      })
    })

    test('one whose deadline passes between claim and send is not sent', async () => {
      const { enqueue, dispatcher, sent, ended, pass, keyring } = await world(await open())
      const id = await enqueue({ seconds: 60 })
      keyring.onOpen = () => pass(60)
      dispatcher().nudge()
      assert.deepEqual(await ended(1), [{ id, outcome: 'expired', provider: undefined }])
      assert.deepEqual(sent, [])
    })

    test('a send is stopped at the deadline', async () => {
      const { enqueue, dispatcher, ended, pass } = await world(await open())
      const hangs: TextSender = {
        name: 'hangs',
        send: (_, signal) =>
          new Promise((_, reject) => {
            signal.onabort = () => {
              pass(1)
              reject(new Error('stopped'))
            }
          }),
      }
      const id = await enqueue({ seconds: 0.05 })
      dispatcher({ senders: [hangs] }).nudge()
      assert.deepEqual(await ended(1), [{ id, outcome: 'expired', provider: undefined }])
    })

    test('a provider that ignores its signal does not hold up the next one', async () => {
      const { enqueue, dispatcher, ended, first } = await world(await open())
      const deaf: TextSender = { name: 'deaf', send: () => new Promise(() => {}) }
      const id = await enqueue()
      dispatcher({ senders: [deaf, first] }, { sendMs: 10 }).nudge()
      assert.deepEqual(await ended(1), [{ id, outcome: 'sent', provider: 'first' }])
    })

    test('when the first provider fails the second is used, and is asked first for a while', async () => {
      const { enqueue, dispatcher, ended, pass, first, broken } = await world(await open())
      await enqueue()
      const working = dispatcher({ senders: [broken, first] })
      working.nudge()
      assert.equal((await ended(1))[0]?.provider, 'first')
      await enqueue()
      working.nudge()
      await ended(2)
      assert.equal(broken.asked, 1)

      pass(31)
      await enqueue()
      working.nudge()
      await ended(3)
      assert.equal(broken.asked, 2)
    })

    test('each provider has its own time, and the claim holds them all', async () => {
      const { enqueue, dispatcher, ended, first, claims, recording } = await world(await open())
      const slow: TextSender = { name: 'slow', sendMs: 10, send: () => new Promise(() => {}) }
      const patient: TextSender = { ...first, sendMs: 70_000 }
      await enqueue()
      dispatcher({ senders: [slow, patient], store: recording }).nudge()
      assert.equal((await ended(1))[0]?.provider, 'first')
      assert.deepEqual(claims, [70_010 + 5_000])
    })

    test('when all fail it is tried again after a pause, longer each time, until the deadline', async () => {
      const { enqueue, dispatcher, ended, pass, broken, row, due } = await world(await open())
      const id = await enqueue({ seconds: 10 })
      const working = dispatcher({ senders: [broken] })
      for (const [attempt, pause] of [
        [1, 1],
        [2, 2],
        [3, 4],
      ] as const) {
        working.nudge()
        await due(id, pause)
        assert.equal(broken.asked, attempt)
        pass(pause)
      }
      working.nudge()
      assert.deepEqual(await ended(1), [{ id, outcome: 'failed', provider: undefined }])
      assert.deepEqual(await row(id), {
        state: 'failed',
        sealed_body: '',
        provider: null,
        attempts: 4,
        ended_at: noon + 7_000,
      })
    })

    test('after a crash between claim and end it is sent again, once the claim ran out', async () => {
      const { enqueue, dispatcher, sent, ended, pass, claim } = await world(await open())
      const id = await enqueue({ seconds: 60 })
      assert.deepEqual(
        (await claim()).map((delivery) => delivery.id),
        [id],
      )

      const working = dispatcher()
      working.nudge()
      const other = await enqueue()
      working.nudge()
      assert.deepEqual(
        (await ended(1)).map((outcome) => outcome.id),
        [other],
        'the claimed one is left alone',
      )

      pass(30)
      working.nudge()
      await ended(2)
      assert.deepEqual(
        sent.map((text) => text.id),
        [other, id],
      )
    })

    test('after a crash it is not sent any more when its deadline is over', async () => {
      const { enqueue, dispatcher, sent, ended, pass, claim } = await world(await open())
      const id = await enqueue({ seconds: 20 })
      await claim()
      pass(20)
      dispatcher().nudge()
      assert.deepEqual(await ended(1), [{ id, outcome: 'expired' }])
      assert.deepEqual(sent, [])
    })

    test('whoever lost the claim cannot give it back, nor end it twice', async () => {
      const { enqueue, pass, claim, store } = await world(await open())
      const id = await enqueue({ seconds: 300 })
      const [lost] = await claim()
      pass(30)
      const [held] = await claim()
      assert.ok(lost && held)

      await store.retryAt(lost, new Date(noon))
      assert.deepEqual(await claim(), [])
      await store.retryAt(held, new Date(noon))
      assert.equal((await claim()).length, 1)
      assert.deepEqual(
        await Promise.all(
          ['sent', 'failed'].map((outcome) => store.finish(id, outcome as 'sent', 'x', new Date(noon))),
        ),
        [true, false],
      )
    })

    test('two dispatchers on two nodes of one database send each text once', async () => {
      const [one, two] = await twoNodes(dialect)
      const { enqueue, dispatcher, sent, ended } = await world(one)
      const ids = await Promise.all(Array.from({ length: 100 }, () => enqueue()))
      const both = [dispatcher(), dispatcher({ store: deliveryStore(two) })]
      for (const working of both) working.nudge()
      await ended(100)
      assert.deepEqual(sent.map(({ id }) => id).sort(), ids.sort())
    })

    test('claims of two nodes that race take each delivery once', async () => {
      const [one, two] = await twoNodes(dialect)
      const { enqueue, claim } = await world(one)
      const other = await world(two)
      for (let round = 0; round < 10; round++) {
        const ids = await Promise.all(Array.from({ length: 5 }, () => enqueue()))
        const claims = await Promise.all(Array.from({ length: 8 }, (_, n) => (n % 2 ? claim : other.claim)(3)))
        const taken = [...claims.flat(), ...(await claim(5))].map(({ id }) => id)
        assert.deepEqual(taken.sort(), ids.sort())
      }
    })

    test('no more are under way at once than may be, and none is left behind', async () => {
      const { enqueue, dispatcher, ended } = await world(await open())
      let now = 0
      let most = 0
      const counting: TextSender = {
        name: 'counting',
        async send() {
          most = Math.max(most, ++now)
          await new Promise((resolve) => setImmediate(resolve))
          now--
        },
      }
      await Promise.all(Array.from({ length: 20 }, () => enqueue()))
      dispatcher({ senders: [counting] }, { most: 4 }).nudge()
      await ended(20)
      assert.equal(most, 4)
    })

    test('a body that does not open fails, and the others are sent', async () => {
      const { enqueue, dispatcher, ended, sent } = await world(await open())
      const bad = await enqueue({ sealedFor: 'delivery/another/body' })
      const good = await enqueue()
      dispatcher().nudge()
      const outcomes = await ended(2)
      assert.deepEqual(
        outcomes.find(({ id }) => id === bad),
        { id: bad, outcome: 'failed', provider: undefined },
      )
      assert.deepEqual(
        sent.map(({ id }) => id),
        [good],
      )
    })

    test('what is under way on closing goes back to the queue, due at once', async () => {
      const { enqueue, dispatcher, row, claim } = await world(await open())
      const asked = Promise.withResolvers<void>()
      const hangs: TextSender = { name: 'hangs', send: () => new Promise(() => asked.resolve()) }
      const id = await enqueue()
      const working = dispatcher({ senders: [hangs] }, { graceMs: 1 })
      working.nudge()
      await asked.promise
      await working.close()
      assert.equal((await row(id)).state, 'queued')
      assert.equal((await claim()).length, 1)
    })

    test('what is refused for good ends at once, and only when every provider says so', async () => {
      const { enqueue, dispatcher, ended, row, due, broken } = await world(await open())
      const never: TextSender = {
        name: 'never',
        send: async () => {
          throw new AppError('delivery.refused')
        },
      }
      const id = await enqueue()
      dispatcher({ senders: [never] }).nudge()
      assert.deepEqual(await ended(1), [{ id, outcome: 'failed', provider: undefined }])
      assert.equal((await row(id)).attempts, 1)

      const other = await enqueue()
      dispatcher({ senders: [never, broken] }).nudge()
      await due(other, 1)
    })

    test('a dispatcher takes only the kinds that it has senders for', async () => {
      const { enqueue, dispatcher, sent, ended, mailed, claim } = await world(await open())
      const mail = await enqueue({ kind: 'mail' })
      const text = await enqueue()
      dispatcher().nudge()
      assert.equal((await ended(1))[0]?.id, text)
      assert.deepEqual(
        sent.map(({ id }) => id),
        [text],
      )

      mailed().nudge()
      while (sent.length < 2) await new Promise((resolve) => setImmediate(resolve))
      assert.equal(sent[1]?.id, mail)
      assert.deepEqual(await claim(), [])
    })

    test('one that waits for its time is not sent before', async () => {
      const { enqueue, dispatcher, sent, ended, pass } = await world(await open())
      const later = await enqueue({ notBefore: 60 })
      const now = await enqueue()
      const working = dispatcher()
      working.nudge()
      await ended(1)
      pass(60)
      working.nudge()
      await ended(2)
      assert.deepEqual(
        sent.map(({ id }) => id),
        [now, later],
      )
    })

    test('what is paced is counted by its key, and taken back only while it waits', async () => {
      const { enqueue, dispatcher, ended, takeBack, pacedSince, pass, sent } = await world(await open())
      await enqueue({ pace: { key: 'a', tells: 1 } })
      await enqueue({ pace: { key: 'a', tells: 5 }, notBefore: 60 })
      await enqueue({ pace: { key: 'b', tells: 1 }, notBefore: 60 })
      assert.equal(await pacedSince('a', -1), 2)
      assert.equal(await pacedSince('a', 0), 0)
      assert.deepEqual(await takeBack('a'), { tells: 5, notBefore: new Date(noon + 60_000) })
      assert.equal(await takeBack('a'), undefined)

      pass(60)
      assert.equal(await takeBack('b'), undefined, 'its time has come')
      dispatcher().nudge()
      await ended(2)
      assert.equal(sent.length, 2)
    })

    test('the queue says how far a delivery is', async () => {
      const { enqueue, dispatcher, ended, queue } = await world(await open())
      const id = await enqueue()
      assert.equal(await queue.progressOf(id), 'queued')
      dispatcher().nudge()
      await ended(1)
      assert.equal(await queue.progressOf(id), 'sent')
      assert.equal(await queue.progressOf('unknown'), undefined)
    })
  })
}

async function twoNodes(dialect: string): Promise<[Database, Database]> {
  const [, open] = migratedPlaces.find(([name]) => name === dialect) ?? assert.fail()
  const place = await open()
  const one = place.connect()
  return [one, place.connect()]
}

type Message = Partial<Pick<NewDelivery, 'kind' | 'pace'>> & {
  body?: string
  seconds?: number
  sealedFor?: string
  notBefore?: number
}

/** A queue on one database at noon, a provider that takes everything, and one that takes nothing. */
async function world(database: Database) {
  let now = noon
  const clock = { now: () => new Date(now) }
  const store = deliveryStore(database)
  const claims: number[] = []
  const sent: Text[] = []
  const outcomes: Outcome[] = []
  let onOutcome = () => {}
  const first: TextSender = { name: 'first', send: async (text) => void sent.push(text) }
  const broken = {
    name: 'broken',
    asked: 0,
    async send() {
      broken.asked++
      throw new AppError('delivery.unreachable')
    },
  }
  const keyring = {
    onOpen: () => {},
    open(sealed: string, place: string) {
      keyring.onOpen()
      if (!sealed.startsWith(`${place}:`)) throw new AppError('secret.unreadable')
      return Buffer.from(sealed.slice(place.length + 1))
    },
  }
  const log = { info() {}, warn() {}, error() {} }
  const working: Dispatcher[] = []
  after(() => Promise.all(working.map((dispatcher) => dispatcher.close())))

  function dispatching(change: Partial<Parameters<typeof createDispatcher>[0]>, options = {}): Dispatcher {
    const told = (outcome: Outcome) => {
      outcomes.push(outcome)
      onOutcome()
    }
    const dispatcher = createDispatcher(
      { store, senders: {}, keyring, clock, log, onOutcome: told, ...change },
      { pollMs: 3_600_000, graceMs: 1, ...options },
    )
    working.push(dispatcher)
    return dispatcher
  }

  return {
    store,
    /** For how long deliveries were claimed, in milliseconds. */
    claims,
    recording: {
      ...store,
      claim: (claim: Parameters<DeliveryStore['claim']>[0]) => {
        claims.push(claim.until.getTime() - claim.now.getTime())
        return store.claim(claim)
      },
    },
    sent,
    first,
    broken,
    keyring,
    queue: deliveryQueue(database),
    pass(seconds: number) {
      now += seconds * 1_000
    },
    async enqueue(message: Message = {}): Promise<string> {
      const { body = 'Hello', seconds = 300, sealedFor, kind = 'text', notBefore = 0, pace } = message
      const id = randomUUID()
      const sealedBody = `${sealedFor ?? deliveryPlace(id)}:${body}`
      const at = (later: number) => new Date(now + later * 1_000)
      const times = { notBefore: at(notBefore), deadline: at(seconds), createdAt: clock.now() }
      await database.write((tx) =>
        deliveryQueue(tx).enqueue({ id, kind, to: '+12065550100', sealedBody, pace, ...times }),
      )
      return id
    },
    /** Of mails only. */
    mailed: (senders: readonly Sender[] = [first]) => dispatching({ senders: { mail: senders } }),
    pacedSince: (key: string, seconds: number) =>
      deliveryQueue(database).pacedSince(key, new Date(now + seconds * 1_000)),
    takeBack: (key: string) => database.write((tx) => deliveryQueue(tx).takeBack(key, clock.now())),
    /** Looks only when nudged, so that the clock of the test is the only one. */
    dispatcher(
      { senders = [first], ...change }: { senders?: readonly TextSender[]; store?: DeliveryStore } = {},
      options = {},
    ): Dispatcher {
      return dispatching({ senders: { text: senders, call: [] }, ...change }, options)
    },
    claim: (most = 10) =>
      store.claim({ kinds: ['text', 'call'], now: new Date(now), until: new Date(now + 30_000), most }),
    async ended(count: number): Promise<Outcome[]> {
      while (outcomes.length < count) await new Promise<void>((resolve) => (onOutcome = resolve))
      return outcomes
    },
    async row(id: string) {
      const [row] = await database.rows(
        sql`SELECT state, sealed_body, provider, attempts, ended_at FROM delivery WHERE id = ${id}`,
      )
      return { ...row, attempts: Number(row?.attempts), ended_at: Number(row?.ended_at) } as Record<string, unknown>
    },
    /** Waits until it is back in the queue, due so many seconds from now. */
    async due(id: string, seconds: number): Promise<void> {
      const at = now + seconds * 1_000
      const back = sql`SELECT 1 FROM delivery WHERE id = ${id} AND claimed_until IS NULL AND next_at = ${at}`
      while ((await database.rows(back)).length === 0) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
