import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Api } from '../../src/contract/contract.ts'
import { forgedDevice, newDevice } from '../app/device.ts'
import { dialects } from '../contracts/dialects.ts'
import { account, remote, sdkWorld } from '../sdk.ts'
import { doorWorld } from './world.ts'

describe('the Mobile App Web Service on a machine of its own', () => {
  test('hands on what devices sign, and they see no difference', async () => {
    const { device, signed, begin, look, finish } = await world()
    const long = 'ß'.repeat(60)
    const named = await signed(device, 'POST', '/v1/name', JSON.stringify({ name: long, more: 'ü'.repeat(1_900) }))
    assert.deepEqual(named.json, { ok: true, value: { name: long } })
    const call = await begin()
    const [question] = (await signed(device, 'GET', '/v1/prompts')).json.value.prompts
    const { number } = await look(call)
    const answer = { prompt: question.id, challenge: question.challenge, verdict: 'approve', number }
    assert.deepEqual((await signed(device, 'POST', '/v1/answer', JSON.stringify(answer))).json.value, {
      outcome: 'approved',
    })
    assert.equal(await finish(call), 'passed')
  })

  test('streams what a device is asked', async () => {
    const { device, stream, begin } = await world()
    const events = await stream(device)
    assert.equal((await events.next())?.event, 'prompts')
    await begin()
    const { data } = (await events.next()) ?? {}
    assert.equal((data as { prompts: unknown[] }).prompts.length, 1)
    await events.close()
  })

  test('taken over, it changes nothing of what a device has signed, and speaks for none', async () => {
    const { api, device, far, from } = await world()
    const { device: signing } = device.signs('nameDevice', '{"name":"Tablet"}')
    assert.ok(signing)
    const evil = { ...from, device: { ...signing, body: '{"name":"Evil"}' } }
    assert.deepEqual(await far.nameDevice(evil, { name: 'Evil' }), { ok: false, refusal: 'caller.refused' })
    const beside = await far.nameDevice({ ...from, device: signing }, { name: 'Evil' })
    assert.deepEqual(beside, { ok: true, value: { name: 'Tablet' } })
    const forged = forgedDevice({ api, clock: { now: () => new Date() } as never, from })
    assert.deepEqual(await far.readDevice({ ...from, device: forged.signs('readDevice', '').device }, {}), {
      ok: false,
      refusal: 'clock.off',
    })
    assert.deepEqual(await far.listPrompts(from, {}), { ok: false, refusal: 'caller.refused' })
  })

  test('activates a device over the wire', async () => {
    const { far, session, api, clock, from } = await world({ 'portal.app_devices': 3 })
    assert.ok((await far.offerActivation(session, {})).ok)
    const read = await far.readActivation(session, {})
    assert.ok(read.ok && read.value.activation?.code)
    assert.equal(read.value.activation.url, 'https://portal.test/authenticator/')
    assert.ok((await newDevice({ api: far, clock, from }).activate(read.value.activation.code)).ok)
    assert.ok(api)
  })
})

/** The door stands on the SDK's client, as with `serve --role app`. */
async function world(settings: Record<string, unknown> = {}) {
  const [first] = dialects
  assert.ok(first)
  let far: Api | undefined
  const late = new Proxy({} as Api, { get: (_, name) => far?.[name as keyof Api] })
  const door = await doorWorld(await first[1](), settings, { api: late })
  await door.api.setServiceAccount(door.operator, account)
  const { engine, api } = door
  const sdk = await sdkWorld({ api, checkServiceAccount: engine.checkServiceAccount })
  const client = remote({ url: sdk.url, fingerprint: sdk.tls.fingerprint })
  far = client
  return { ...door, far: client }
}
