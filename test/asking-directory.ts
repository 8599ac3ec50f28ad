import assert from 'node:assert/strict'
import type { Directory, DirectoryPerson, PasswordCheck } from '../src/core/directory.ts'
import { AppError } from '../src/core/errors.ts'

/** What is right as the first reply, what asks once more, and what is right then. */
export const rightReplies = { right: '246810', more: 'again', last: '13579' } as const
export const question = 'Code from your card?\n<b>Hurry</b>'

/**
 * Around a directory: after carol's right password it asks back, as FreeRADIUS does. Each State is new, and known until it
 * came back once.
 */
export function askingDirectory(inner: Directory) {
  const open = new Map<string, DirectoryPerson>()
  let asked = 0
  const ask = (person: DirectoryPerson, message: string): PasswordCheck => {
    const state = `state ${++asked}`
    open.set(state, person)
    return { outcome: 'challenged', challenge: { message, ...directory.terms, state: Buffer.from(state) } }
  }
  const directory = {
    answered: 0,
    down: false,
    message: question,
    terms: { echo: false } as { echo: boolean; seconds?: number },
    async checkPassword(username: string, password: string): Promise<PasswordCheck> {
      const check = await inner.checkPassword(username, password)
      const asks = check.outcome === 'right' && check.person.username === 'carol'
      return asks ? ask(check.person, directory.message) : check
    },
    async answerChallenge(state: Uint8Array, reply: string): Promise<PasswordCheck> {
      directory.answered++
      if (directory.down) throw new AppError('directory.unreachable')
      const id = Buffer.from(state).toString()
      const person = open.get(id)
      assert.ok(open.delete(id) && person, `${id} came back twice`)
      if (reply === rightReplies.more) return ask(person, 'And now?')
      const isRight = reply === rightReplies.right || reply === rightReplies.last
      return isRight ? { outcome: 'right', person } : { outcome: 'wrong', why: 'password' }
    },
    ...(inner.findPerson && { findPerson: inner.findPerson }),
    close: () => inner.close(),
  } satisfies Directory & Record<string, unknown>
  return directory
}
