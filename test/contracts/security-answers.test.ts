import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { judgeAnswers, takeAnswers } from '../../src/core/methods/questions/questions.ts'
import { openKeyring } from '../../src/core/secrets/keyring.ts'
import { dataKeyStore } from '../../src/storage/data-key-store.ts'
import { securityAnswerStore } from '../../src/storage/security-answer-store.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { systemIds, systemRandom } from '../../src/system.ts'
import { handClock } from '../engine.ts'
import { withPeople } from '../people.ts'
import { quickHasher } from '../quick-hasher.ts'
import { migratedPlaces } from './dialects.ts'

const all = { pet: 'Rex', town: 'Turku', dish: 'Pea soup', song: 'Imagine' }
const questionIds = Object.keys(all)

for (const [dialect, place] of migratedPlaces) {
  describe(`security questions, on ${dialect}`, () => {
    test('all right, in any order and spelling, is right; and so are as many as are needed', async () => {
      const { answer } = await world()
      assert.equal(await answer(all, 4), true)
      assert.equal(await answer({ song: 'IMAGINE', dish: 'pea-soup.', town: ' turku ', pet: 'rex' }, 4), true)
      assert.equal(await answer({ pet: 'Rex', dish: 'pea soup' }, 2), true)
      assert.equal(await answer({ ...all, pet: 'Tex' }, 3), true)
    })

    test('one too few is wrong, whichever it is and whatever stands in its place', async () => {
      const { answer } = await world()
      for (const id of questionIds) {
        for (const wrong of ['', 'nonsense', 'x'.repeat(2_000)]) {
          assert.equal(await answer({ ...all, [id]: wrong }, 4), false, `${id}: ${wrong.slice(0, 9)}`)
        }
        const { [id as keyof typeof all]: _, ...others } = all
        assert.equal(await answer(others, 4), false)
      }
      assert.equal(await answer({}, 1), false)
      assert.equal(await answer({}, 0), false)
    })

    test('answers to the wrong questions, to other questions and again and again do not help', async () => {
      const { answer, judge, userId } = await world()
      assert.equal(await answer({ pet: 'Turku', town: 'Rex', dish: 'Imagine', song: 'Pea soup' }, 1), false)
      assert.equal(await answer({ pet: 'Rex', colour: 'Rex', car: 'Rex', film: 'Rex' }, 2), false)
      const one = { questionId: 'pet', answer: 'Rex' }
      assert.equal(await judge(userId, [one, one, one, one], 2), false)
      const guesses = ['Tex', 'Max', 'Rex'].map((answer) => ({ questionId: 'pet', answer }))
      assert.equal(await judge(userId, guesses, 1), false, 'only the first guess counts')
    })

    test('the same work is done whatever is wrong, and for whoever has no answers', async () => {
      const { answer, judge, work } = await world()
      for (const given of [all, { ...all, pet: 'Tex' }, { pet: 'Rex' }, {}, { ...all, pet: 'x'.repeat(2_000) }]) {
        work.done = 0
        await answer(given, 4)
        assert.equal(work.done, 4, JSON.stringify(given).slice(0, 40))
      }
      work.done = 0
      assert.equal(await judge('bob', [], 4), false)
      assert.equal(work.done, 4)
    })

    test('they come back in the order they were chosen in, with the words they had', async () => {
      const { answers, userId } = await world()
      const stored = await answers.allOf(userId)
      assert.deepEqual(
        stored.map((each) => [each.questionId, each.question]),
        [
          ['pet', 'Name the pet?'],
          ['town', 'Name the town?'],
          ['dish', 'Name the dish?'],
          ['song', 'Name the song?'],
        ],
      )
    })

    test('the database alone does not tell them, and an answer in another row opens nothing', async () => {
      const { database, answer } = await world()
      const rows = await database.rows(sql`SELECT * FROM security_answer`)
      const sealed = rows.map(({ sealed_hash }) => String(sealed_hash)).join(' ')
      const beside = JSON.stringify(rows.map(({ sealed_hash: _, ...others }) => others))
      assert.ok(!/rex|turku|soup|imagine|argon2/i.test(beside))
      // Short words stand in what is sealed by chance: three letters once in fifty times.
      assert.ok(!/imagine|argon2/i.test(sealed))
      assert.ok(!sealed.includes(Buffer.from('$argon2').toString('base64url')))
      await database.write((tx) =>
        tx.rows(sql`UPDATE security_answer SET sealed_hash =
          (SELECT sealed_hash FROM security_answer WHERE question_id = 'pet') WHERE question_id = 'town'`),
      )
      await assert.rejects(answer(all, 4), { code: 'secret.unreadable' })
    })

    test('new ones replace all of the old ones, and of several at once one set is left', async () => {
      const { choose, answer, answers, userId } = await world()
      await choose({ car: 'Saab', film: 'Alien' })
      assert.equal(await answer(all, 1), false)
      assert.equal(await answer({ car: 'saab', film: 'alien' }, 2), true)

      await Promise.all(
        Array.from({ length: 8 }, (_, i) => choose({ [`a${i}`]: 'Saab', pet: `Rex ${i}`, [`b${i}`]: 'Alien' }, i % 2)),
      )
      const ids = (await answers.allOf(userId)).map((each) => each.questionId)
      assert.equal(ids.length, 3)
      assert.equal(ids[0]?.slice(1), ids[2]?.slice(1))
    })

    test('they go by themselves or with their owner, and nobody has none', async () => {
      const { database, answers, userId } = await world()
      const remove = (id: string) => database.write((tx) => securityAnswerStore(tx).removeOf(id))
      assert.equal(await remove('bob'), false)
      assert.equal(await database.write((tx) => securityAnswerStore(tx).replaceAll('nobody', [], new Date(0))), false)
      await database.write((tx) => tx.rows(sql`DELETE FROM users WHERE id = ${userId}`))
      assert.deepEqual(await answers.allOf(userId), [])
      assert.equal(await remove(userId), false)
    })
  })

  /** Ada has answered four questions; Bob none. Two nodes. */
  async function world() {
    const { connect } = await place()
    const nodes = [connect(), connect()] as const
    const [database] = nodes
    const clock = handClock()
    const userId = 'ada'
    await withPeople(database, clock, userId, 'bob')
    const ids = systemIds(clock, systemRandom)
    const keys = { masterKey: randomBytes(32), store: dataKeyStore(database), random: systemRandom, ids, clock }
    const sealing = await openKeyring(keys)
    const work = { done: 0 }
    const hasher = quickHasher(() => work.done++)
    const answers = securityAnswerStore(database)

    async function choose(given: Record<string, string>, node = 0) {
      const chosen = Object.entries(given).map(([questionId, answer]) => {
        return { questionId, question: `Name the ${questionId}?`, answer }
      })
      const taken = await takeAnswers({ hasher, sealing, ids }, chosen, { count: chosen.length, minLength: 3 })
      assert.ok(taken.ok, JSON.stringify(taken))
      const on = nodes[node] ?? database
      assert.ok(await on.write((tx) => securityAnswerStore(tx).replaceAll(userId, taken.answers, clock.now())))
    }
    const judge = async (of: string, given: { questionId: string; answer: string }[], needed: number) =>
      judgeAnswers({ hasher, sealing }, { stored: await answers.allOf(of), given, needed })
    const answer = (given: Record<string, string>, needed: number) =>
      judge(
        userId,
        Object.entries(given).map(([questionId, answer]) => ({ questionId, answer })),
        needed,
      )

    await choose(all)
    return { database, answers, userId, choose, judge, answer, work }
  }
}
