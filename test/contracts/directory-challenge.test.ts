import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from '../../src/core/errors.ts'
import { sql } from '../../src/storage/sql/query.ts'
import { askingDirectory, question, rightReplies } from '../asking-directory.ts'
import { engineWorld, password } from '../engine.ts'
import { account, remote, sdkWorld } from '../sdk.ts'
import { dialects } from './dialects.ts'

const wrong = { ok: false, refusal: 'credentials.wrong' }
const gone = { ok: true, value: { outcome: 'gone' } }

for (const [dialect, open] of dialects) {
  describe(`what a directory asks back, on ${dialect}`, () => {
    test('is read and answered by its token, which opens nothing else, and then the sign-in begins', async () => {
      const { api, from, challenge, answer } = await world()
      const token = await challenge()

      assert.deepEqual(await api.readDirectoryChallenge(from, { challenge: token }), {
        ok: true,
        value: { outcome: 'asked', message: question, echo: false },
      })
      assert.deepEqual(await api.readMe({ ...from, session: token }, {}), { ok: true, value: { level: 'anyone' } })
      const second = await api.readSecondStep({ ...from, session: token }, {})
      assert.deepEqual(second, { ok: false, refusal: 'caller.refused' })

      const begun = await answer(token, rightReplies.right)
      assert.ok(begun.ok && begun.value.outcome === 'begun' && begun.value.next === 'user-setup')
      assert.match(begun.value.session, /^si_/)
    })

    test('is answered once: replayed, too late, or by a token of another kind it is gone, and the directory hears nothing', async () => {
      const { api, from, clock, directory, challenge, answer, begin } = await world()
      const token = await challenge()
      await answer(token, rightReplies.right)
      assert.equal(directory().answered, 1)

      const late = await challenge()
      clock.advance(6)
      const others = [token, late, await begin('bob'), `dc_${'A'.repeat(43)}`, '', late.replace(/^dc_/, 'si_')]
      for (const each of others) {
        assert.deepEqual(await answer(each, rightReplies.right), gone, each)
        assert.deepEqual(await api.readDirectoryChallenge(from, { challenge: each }), gone, each)
      }
      assert.equal(directory().answered, 1)
    })

    test('is good for as long as the directory says, and never for more than five minutes', async () => {
      const { api, from, clock, directory, challenge, answer } = await world()
      directory().terms = { echo: true, seconds: 90 }
      const [first, second] = [await challenge(), await challenge()]
      clock.advance(1)
      const asked = { ok: true, value: { outcome: 'asked', message: question, echo: true } }
      assert.deepEqual(await api.readDirectoryChallenge(from, { challenge: first }), asked)
      assert.ok((await answer(first, rightReplies.right)).ok)
      clock.advance(1)
      assert.deepEqual(await api.readDirectoryChallenge(from, { challenge: second }), gone)
      assert.deepEqual(await answer(second, rightReplies.right), gone)

      directory().terms = { echo: true, seconds: 0xffff_ffff }
      const long = await challenge()
      clock.advance(4)
      assert.deepEqual(await api.readDirectoryChallenge(from, { challenge: long }), asked)
      clock.advance(1)
      assert.deepEqual(await answer(long, rightReplies.right), gone)
      assert.equal(directory().answered, 1)
    })

    test('is kept up to a length, in whole characters', async () => {
      const { api, from, directory, challenge } = await world()
      directory().message = `${'x'.repeat(999)}\u{1f511} and so on`
      const asked = await api.readDirectoryChallenge(from, { challenge: await challenge() })
      assert.ok(asked.ok && asked.value.outcome === 'asked')
      assert.equal(asked.value.message, `${'x'.repeat(999)}\u{1f511}`)
    })

    test('of ten answers at once one is given to the directory', async () => {
      const { directory, challenge, answer } = await world()
      const token = await challenge()

      const answers = await Promise.all(Array.from({ length: 10 }, () => answer(token, rightReplies.right)))

      assert.equal(directory().answered, 1)
      assert.equal(answers.filter((each) => each.ok && each.value.outcome === 'begun').length, 1)
      assert.equal(answers.filter((each) => each.ok && each.value.outcome === 'gone').length, 9)
    })

    test('answered wrongly it is over, and counts as a wrong password of that person', async () => {
      const { api, from, database, challenge, answer } = await world({ 'password.free_tries': 3 })
      for (let i = 0; i < 3; i++) {
        const token = await challenge()
        assert.deepEqual(await answer(token, 'wrong'), wrong)
        assert.deepEqual(await answer(token, rightReplies.right), gone)
      }

      for (const username of ['carol', ' CAROL ', 'c\u00adarol']) {
        const next = await api.beginSignIn(from, { username, password })
        assert.ok(next.ok && next.value.outcome === 'wait', username)
      }
      const events = await database.rows(sql`SELECT facts FROM audit WHERE what = 'password.wrong'`)
      assert.deepEqual(
        events.map(({ facts }) => JSON.parse(String(facts)).why),
        ['reply', 'reply', 'reply'],
      )
    })

    test('questions that are never answered are counted too, and a right answer forgets them', async () => {
      const { api, from, challenge, answer } = await world({ 'password.free_tries': 3 })
      await challenge()
      await challenge()
      assert.ok((await answer(await challenge(), rightReplies.right)).ok)
      for (let i = 0; i < 3; i++) await challenge()
      const next = await api.beginSignIn(from, { username: 'carol', password })
      assert.ok(next.ok && next.value.outcome === 'wait')
    })

    test('is in the audit, with whose it is', async () => {
      const { database, challenge } = await world()
      await challenge()
      const events = await database.rows(sql`SELECT u.username FROM audit a JOIN users u ON u.id = a.user_id
        WHERE a.what = 'directory.challenged'`)
      assert.deepEqual(
        events.map(({ username }) => username),
        ['carol'],
      )
    })

    test('another question may follow, with a token of its own', async () => {
      const { api, from, challenge, answer } = await world({ 'password.free_tries': 2 })
      const first = await challenge()
      const more = await answer(first, rightReplies.more)
      assert.ok(more.ok && more.value.outcome === 'challenged')
      const next = more.value.challenge

      assert.deepEqual(await answer(first, rightReplies.last), gone)
      const asked = await api.readDirectoryChallenge(from, { challenge: next })
      assert.deepEqual(asked, { ok: true, value: { outcome: 'asked', message: 'And now?', echo: false } })
      const begun = await answer(next, rightReplies.last)
      assert.ok(begun.ok && begun.value.outcome === 'begun')
    })

    test('while the directory is down a reply is neither right nor wrong, and costs no try', async () => {
      const { directory, challenge, answer } = await world({ 'password.free_tries': 1 })
      for (let i = 0; i < 3; i++) {
        const token = await challenge()
        directory().down = true
        const down = (error: unknown) => error instanceof AppError && error.code === 'directory.unreachable'
        await assert.rejects(answer(token, rightReplies.right), down)
        directory().down = false
        assert.deepEqual(await answer(token, rightReplies.right), gone)
      }
    })

    test('is asked and answered through a portal on another machine too', async () => {
      const { api, engine, operator, from } = await world()
      await api.setServiceAccount(operator, account)
      const { url, tls } = await sdkWorld(engine)
      const portal = remote({ url, fingerprint: tls.fingerprint })

      const begun = await portal.beginSignIn(from, { username: 'carol', password })
      assert.ok(begun.ok && begun.value.outcome === 'challenged')
      const { challenge } = begun.value
      const asked = await portal.readDirectoryChallenge(from, { challenge })
      assert.deepEqual(asked, { ok: true, value: { outcome: 'asked', message: question, echo: false } })
      const reply = { challenge, reply: rightReplies.right }
      const answered = await portal.answerDirectoryChallenge(from, reply)
      assert.ok(answered.ok && answered.value.outcome === 'begun')
      assert.deepEqual(await portal.answerDirectoryChallenge(from, reply), gone)
    })

    test('is kept under a seal: neither whose it is nor what the directory said can be read', async () => {
      const { database, challenge } = await world()
      const token = await challenge()
      const text = JSON.stringify(await database.rows(sql`SELECT * FROM directory_challenge`), String)
      for (const secret of ['carol', 'card', 'state 1', token]) assert.ok(!text.includes(secret), secret)
    })
  })

  /** Carol is asked back after her password. */
  async function world(settings: Record<string, unknown> = {}) {
    let directory: ReturnType<typeof askingDirectory> | undefined
    const around: NonNullable<Parameters<typeof engineWorld>[1]>['around'] = (inner) => {
      directory = askingDirectory(inner)
      return directory
    }
    const engine = await engineWorld(await open(), { settings, around })
    const { api, from } = engine
    await engine.add('carol')
    return {
      ...engine,
      directory: () => directory ?? assert.fail('no directory'),
      async challenge() {
        const begun = await api.beginSignIn(from, { username: 'carol', password })
        assert.ok(begun.ok && begun.value.outcome === 'challenged', JSON.stringify(begun))
        return begun.value.challenge
      },
      answer: (challenge: string, reply: string) => api.answerDirectoryChallenge(from, { challenge, reply }),
    }
  }
}
