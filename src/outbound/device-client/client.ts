import { type Answer, contract, type Input, type Name, type Output } from '../../contract/contract.ts'
import { AppError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports.ts'
import { activationToSign, deviceProtocol, requestToSign } from '../../protocols/device-signature.ts'
import { eventsIn } from './events.ts'
import { connectionTo, type Service } from './exchange.ts'
import { type DeviceKey, deviceKeyFrom, newDeviceKey } from './key.ts'

/** What a device keeps of an account: whoever has it is the device. */
export type DeviceState = {
  service: Service
  deviceId: string
  name: string
  /** PKCS 8, base64. */
  key: string
  account: Activated['account']
  oath: Activated['oath']
  /** By how much the server's clock is ahead of ours, as far as known. */
  aheadMs: number
  /** Of the newest change that was signed, in milliseconds of the server's clock. */
  signedAt: number
}
export type Activated = Extract<Output<'activateDevice'>, { outcome: 'activated' }>
type SignedName = 'readDevice' | 'listPrompts' | 'answerPrompt' | 'setDevicePush' | 'nameDevice' | 'leaveAccount'

type Needs = {
  clock: Clock
  /** Keeps the state: before a change is sent that must have a later time than all before it. */
  keep(state: DeviceState): void
  /** Told when the clocks differ by more than the server puts up with. */
  clockOff?: ((aheadMs: number) => void) | undefined
}

/** Activates a new device, with a key of its own; or says what the server refused. */
export async function activate(
  { clock }: Pick<Needs, 'clock'>,
  service: Service,
  { code, name, platform }: Pick<Input<'activateDevice'>, 'code' | 'name' | 'platform'>,
): Promise<{ state: DeviceState } | { refusal: string }> {
  const key = newDeviceKey()
  const { publicKey } = key
  const input = { code, publicKey, proof: key.sign(activationToSign({ code, publicKey })), name, platform }
  const connection = connectionTo(service)
  try {
    const got = await connection.exchange('POST', '/v1/activate', { body: JSON.stringify(input) })
    const answer = understood('activateDevice', got)
    if (!answer.ok) return { refusal: answer.refusal }
    if (answer.value.outcome === 'wait') return { refusal: 'wait' }
    const { device, account, oath, at } = answer.value
    const about = { service, deviceId: device.id, name: device.name, key: key.pkcs8, account, oath }
    return { state: { ...about, aheadMs: Date.parse(at) - clock.now().getTime(), signedAt: 0 } }
  } finally {
    await connection.close()
  }
}

/** A device that was activated: it speaks the written protocol (`docs/reference/device-protocol.md`) and nothing else. */
export function deviceClient(state: DeviceState, { clock, keep, clockOff = () => {} }: Needs) {
  const connection = connectionTo(state.service)
  const key = deviceKeyFrom(state.key)
  const now = () => clock.now().getTime() + state.aheadMs

  async function ask<N extends SignedName>(name: N, input: object = {}): Promise<Answer<N>> {
    const route: string = contract[name].signed
    const [method, path = ''] = route.split(' ') as ['GET' | 'POST', string]
    const send = () => {
      const body = method === 'POST' ? JSON.stringify(input) : ''
      const time = method === 'POST' ? nextTime() : now()
      const headers = { authorization: authorizationFor(state.deviceId, key, { route, body, time }) }
      return connection.exchange(method, path, { headers, ...(method === 'POST' && { body }) })
    }
    const got = await send()
    // A change that another program of this device signed meanwhile is no reason to give up: signed anew, it is later.
    const again = corrected(got.body) || refusalIn(got.body) === 'request.replayed'
    return understood(name, again ? await send() : got)
  }

  /** Later than all before it, also after the program was ended. */
  function nextTime(): number {
    state.signedAt = Math.max(now(), state.signedAt + 1)
    keep(state)
    return state.signedAt
  }

  /** Whether the server said that our clock is off, and what it is there. */
  function corrected(body: string): boolean {
    const at = serverTime(body)
    if (at === undefined) return false
    state.aheadMs = at - clock.now().getTime()
    keep(state)
    clockOff(state.aheadMs)
    return true
  }

  /** What the device is asked, at once and at each change, until the stream ends or is refused. */
  async function* events(signal: AbortSignal): AsyncGenerator<Output<'listPrompts'> | 'refused'> {
    const [route, body] = ['GET /v1/events', '']
    const headers = { authorization: authorizationFor(state.deviceId, key, { route, body, time: now() }) }
    const answer = await connection.open('GET', '/v1/events', { headers, signal })
    if (answer.statusCode !== 200) {
      const text = await answer.body.text()
      if (corrected(text) || answer.statusCode !== 401) return
      yield 'refused'
      return
    }
    for await (const { event, data } of eventsIn(answer.body)) {
      if (event === 'refused') yield 'refused'
      const parsed = event === 'prompts' ? contract.listPrompts.output.safeParse(data) : undefined
      if (parsed?.success) yield parsed.data
    }
  }

  return { ask, events, close: connection.close }
}

type Signing = { route: string; body: string; time: number }

function authorizationFor(deviceId: string, key: DeviceKey, { time, ...request }: Signing): string {
  const signature = key.sign(requestToSign({ deviceId, time }, request))
  return `${deviceProtocol.scheme} v1.${deviceId}.${time}.${signature}`
}

function refusalIn(body: string): unknown {
  const said = jsonOf(body)
  return typeof said === 'object' && said !== null && 'refusal' in said ? said.refusal : undefined
}

function serverTime(body: string): number | undefined {
  const said = jsonOf(body)
  const isOff = refusalIn(body) === 'clock.off' && typeof said === 'object' && said !== null && 'at' in said
  const at = isOff ? Date.parse(String(said.at)) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** What comes back is parsed too: the other side may be older, newer or not ours. */
function understood<N extends Name>(name: N, { status, body }: { status: number; body: string }): Answer<N> {
  const said = jsonOf(body)
  if (typeof said === 'object' && said !== null) {
    if ('refusal' in said && typeof said.refusal === 'string') return { ok: false, refusal: said.refusal } as Answer<N>
    const value = 'value' in said ? contract[name].output.safeParse(said.value) : undefined
    if (value?.success) return { ok: true, value: value.data } as Answer<N>
  }
  const code = status >= 500 || status === 429 ? 'engine.unreachable' : 'engine.misunderstood'
  throw new AppError(code, { detail: `${name} answered ${status}` })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
