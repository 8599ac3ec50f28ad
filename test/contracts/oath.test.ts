import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engineWorld, shownBy } from '../engine.ts'
import { peopleDirectory } from '../people-directory.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`codes of an authenticator app, on ${dialect}`, () => {
    test('a code passes once: neither in another sign-in, nor spaced or full-width, nor with a plus', async () => {
      const { begin, oath, shows, audited } = await world()
      const code = shows(1)
      assert.equal((await oath(await begin('bob'), code)).outcome, 'passed')

      const half = await begin('bob')
      const spaced = [code, ` ${code}`, `${code.slice(0, 3)} ${code.slice(3)}`, fullWidth(code)]
      for (const [i, typed] of spaced.entries()) {
        assert.deepEqual(await oath(half, typed), { outcome: 'wrong', attemptsLeft: 4 - i }, typed)
      }
      assert.equal((await oath(half, `+${code}`)).outcome, 'locked', 'each of them was counted')
      assert.equal(await audited('second-step.replayed'), 4)
      assert.equal(await audited('second-step.wrong'), 1)
    })

    test('the code that confirmed the app does not sign in', async () => {
      const { begin, oath, enrolledWith } = await world()
      assert.equal((await oath(await begin('bob'), enrolledWith)).outcome, 'wrong')
    })

    test('the window is one step each way, and an older step is refused once a newer one was taken', async () => {
      const { begin, oath, shows, clock, untilApart } = await world()
      clock.advance(5)
      untilApart()
      for (const far of [-2, 2]) assert.equal((await oath(await begin('bob'), shows(far))).outcome, 'wrong', `${far}`)

      assert.equal((await oath(await begin('bob'), shows(-1))).outcome, 'passed')
      assert.equal((await oath(await begin('bob'), shows(1))).outcome, 'passed')
      assert.equal((await oath(await begin('bob'), shows(0))).outcome, 'wrong')
    })

    test('with a window of nothing only the present step is taken', async () => {
      const { begin, oath, shows, clock, untilApart } = await world({ 'oath.window': 0 })
      clock.advance(5)
      untilApart()
      for (const far of [-1, 1]) assert.equal((await oath(await begin('bob'), shows(far))).outcome, 'wrong', `${far}`)
      assert.equal((await oath(await begin('bob'), shows(0))).outcome, 'passed')
    })

    for (const algorithm of ['SHA256', 'SHA512']) {
      test(`${algorithm}, 8 digits and 60 seconds: the code of another maker's app passes`, async () => {
        const { begin, oath, shows } = await world({
          'oath.algorithm': algorithm,
          'oath.digits': 8,
          'oath.seconds': 60,
        })
        const code = shows(1)
        assert.match(code, /^\d{8}$/)
        assert.equal((await oath(await begin('bob'), code.slice(2))).outcome, 'wrong', 'six of eight digits')
        assert.equal((await oath(await begin('bob'), code)).outcome, 'passed')
      })
    }

    test('after a new app was proven the old one is dead, and so is an app that was removed', async () => {
      const { api, from, session, begin, oath, shows, proveToken, clock } = await world()
      clock.advance(1)
      const { uri: newer } = await proveToken(session)

      const half = await begin('bob')
      clock.advance(1)
      assert.equal((await oath(half, shows(0))).outcome, 'wrong')
      assert.equal((await oath(half, shownBy(newer, clock.now()))).outcome, 'passed')
      assert.deepEqual(await api.removeToken({ ...from, session }, {}), { ok: false, refusal: 'way-in.last' })
    })

    test("another person's code does not pass", async () => {
      const { add, directory, enrolToken, begin, oath, clock } = await world()
      directory.people.push({ uid: 'uid-carol', username: 'carol' })
      await add('carol')
      const { uri: carols } = await enrolToken('carol')
      clock.advance(1)
      assert.equal((await oath(await begin('bob'), shownBy(carols, clock.now()))).outcome, 'wrong')
      assert.equal((await oath(await begin('carol'), shownBy(carols, clock.now()))).outcome, 'passed')
    })
  })

  /** Bob has enrolled an authenticator app a moment ago. `shows(n)`: what it shows n time steps from now. */
  async function world(settings: Record<string, unknown> = {}) {
    const directory = peopleDirectory('alice', 'bob')
    const database = await open()
    const world = await engineWorld(database, { directory, settings })
    const { api, from, clock } = world
    const { session, uri, code: enrolledWith } = await world.enrolToken('bob')

    async function oath(half: string, code: string) {
      const answer = await api.answerSecondStep({ ...from, session: half }, { method: 'oath', code })
      if (!answer.ok) throw new Error(answer.refusal)
      return answer.value
    }
    const shows = (steps: number) => shownBy(uri, clock.now(), steps)
    /** Two steps show the same code now and then. */
    const untilApart = () => {
      while (new Set([-2, -1, 0, 1, 2].map(shows)).size < 5) clock.advance(1)
    }
    const audited = async (what: string) =>
      (await database.rows({ parts: ['SELECT id FROM audit WHERE what = ', ''], values: [what] })).length
    return { ...world, directory, session, enrolledWith, oath, shows, untilApart, audited }
  }
}

function fullWidth(code: string): string {
  return code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
}
