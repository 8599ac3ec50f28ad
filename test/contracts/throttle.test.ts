import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { paces } from '../../src/core/throttle/throttle.ts'
import { throttleStore } from '../../src/storage/throttle-store.ts'
import { handClock } from '../engine.ts'
import { dialects } from './dialects.ts'

for (const [dialect, open] of dialects) {
  describe(`throttle, on ${dialect}`, () => {
    test('whoever asks for a text every three hours, for a month, is never kept waiting', async () => {
      const { spend, clock } = await world()
      for (let text = 0; text < 30 * 8; text++) {
        assert.equal(await spend(), undefined, `text ${text}`)
        clock.advance(180)
      }
    })

    test('whoever asks for one every ten minutes has to wait, and not beyond the day', async () => {
      const { spend, clock } = await world()
      const start = clock.now().getTime()
      let taken = 0
      let next: Date | undefined
      for (; !next; taken++) {
        next = await spend()
        clock.advance(10)
      }
      assert.equal(taken, paces.textsOfDay.free + 1)
      clock.advance(24 * 60 - (clock.now().getTime() - start) / 60_000)
      assert.equal(await spend(), undefined)
    })
  })

  async function world() {
    const database = await open()
    const clock = handClock()
    const spend = () => database.write((tx) => throttleStore(tx).spend('texts', paces.textsOfDay, clock.now()))
    return { clock, spend }
  }
}
