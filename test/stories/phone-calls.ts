import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

type Place = { url: string }

/** The call that rings at a phone of the demo, once one does. */
export async function ringing({ url }: Place, phone: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}/simulator/api/calls?to=${encodeURIComponent(phone)}`)
    const calls = (await answer.json()) as { id: string; state: string }[]
    const call = calls.find(({ state }) => state === 'ringing')
    if (call) return call.id
    await sleep(50)
  }
}

/** What somebody does at the phone; `answer` with keys presses them too. */
export async function act(
  { url }: Place,
  id: string,
  what: 'answer' | 'decline' | 'keys',
  keys?: string,
): Promise<void> {
  const body = keys === undefined ? '' : JSON.stringify({ keys })
  const answer = await fetch(`${url}/simulator/api/calls/${id}/${what}`, { method: 'POST', body })
  assert.equal(answer.status, 200, await answer.text())
}

/** The newest code that was texted to a phone of the demo, once one was. */
export async function textedTo({ url }: Place, phone: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}/simulator/api/messages?to=${encodeURIComponent(phone)}`)
    const messages = (await answer.json()) as { code?: string }[]
    const code = messages.find((message) => message.code)?.code
    if (code) return code
    await sleep(50)
  }
}
