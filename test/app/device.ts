import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Call } from '../../src/contract/caller.ts'
import { type Answer, type Api, contract, type Input, type Name, type Output } from '../../src/contract/contract.ts'
import type { engineWorld } from '../engine.ts'

type World = Pick<Awaited<ReturnType<typeof engineWorld>>, 'api' | 'clock' | 'from'>
type Push = Input<'activateDevice'>['push']

/**
 * A device as the written protocol has it, with a key of its own and nothing of the server's code: what it signs it puts
 * together here.
 */
export function newDevice({ api, clock, from }: World) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const key = point.toString('base64url')
  const signature = (text: string) =>
    sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  let id = randomUUID() as string

  function credential(route: string, body: string, time: number): string {
    const [method, path] = route.split(' ')
    const hash = createHash('sha256').update(body).digest('base64url')
    const signed = signature(`sallyport-device-v1\n${method}\n${path}\n${id}\n${time}\n${hash}`)
    return `v1.${id}.${time}.${signed}`
  }

  /** A call of an operation, with this body where it has one. */
  function signs(name: Name, body: string, time = clock.now().getTime()): Call {
    const route = routeOf(name)
    const text = route.startsWith('GET') ? '' : body
    return { ...from, device: { credential: credential(route, text, time), body: text } }
  }

  /** What activates it. */
  function activation(code: string, { name = 'Phone', push }: { name?: string; push?: Push } = {}) {
    const proof = signature(`sallyport-activation-v1\n${code}\n${key}`)
    return { code, publicKey: key, proof, name, platform: 'test', ...(push && { push }) }
  }

  async function activate(code: string, options: { name?: string; push?: Push } = {}) {
    const input = activation(code, options)
    const answer = await api.activateDevice(from, input)
    if (answer.ok && answer.value.outcome === 'activated') id = answer.value.device.id
    return answer
  }

  async function ask<N extends Name>(name: N, input: object = {}, time?: number): Promise<Answer<N>> {
    const call = signs(name, JSON.stringify(input), time)
    return (api[name] as (call: Call, input: unknown) => Promise<Answer<N>>)(call, input)
  }

  async function questions(): Promise<Output<'listPrompts'>['prompts']> {
    const answer = await ask('listPrompts')
    assert.ok(answer.ok, JSON.stringify(answer))
    return answer.value.prompts
  }

  /** Answers what it is asked now; the number is the one that the page shows, where there is one. */
  async function answer(verdict: 'approve' | 'deny' | 'fraud', typed: { number?: string; pin?: string } = {}) {
    const [question] = await questions()
    assert.ok(question, 'nothing is asked')
    const { id: prompt, challenge } = question
    return ask('answerPrompt', { prompt, challenge, verdict, ...typed })
  }

  return { id: () => id, key, signature, credential, signs, activation, activate, ask, questions, answer }
}
export type TestDevice = ReturnType<typeof newDevice>

function routeOf(name: Name): string {
  const { signed } = contract[name] as (typeof contract)[Name] & { signed?: string }
  return signed ?? 'POST /v1/none'
}

/** The code that a session is shown. */
export async function codeFor(api: Api, session: Call, replaces?: string): Promise<string> {
  const offer = await api.offerActivation(session, { ...(replaces !== undefined && { replaces }) })
  assert.ok(offer.ok, JSON.stringify(offer))
  const read = await api.readActivation(session, {})
  assert.ok(read.ok && read.value.activation?.code)
  return read.value.activation.code
}

/** A device on the account of a session. */
export async function withDevice(world: World, session: string, options?: Parameters<TestDevice['activate']>[1]) {
  const device = newDevice(world)
  const activated = await device.activate(await codeFor(world.api, { ...world.from, session }), options)
  assert.ok(activated.ok && activated.value.outcome === 'activated', JSON.stringify(activated))
  return { ...device, activated: activated.value }
}

/** One that nobody has activated. */
export function forgedDevice(world: World): TestDevice {
  return newDevice(world)
}
