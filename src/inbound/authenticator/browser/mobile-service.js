import { readEvents } from './events.js'
import { hashOf, sign } from './keys.js'

/** There was no answer, or one that is none of this service's: a network that is down, a server that is starting. */
export class Unreachable extends Error {}

/** The server does not know this device any more. */
export class Removed extends Error {}

/**
 * The Mobile App Web Service, as docs/reference/device-protocol.md says it. `device` and `keys` are what this device signs
 * with; without them nothing but an activation can be asked for. Throws Unreachable and Removed.
 */
export function mobileService({ base, clock, device, keys }) {
  let lastTime = 0

  /** Signed with a time that never goes back, so that no request of ours can be taken for an older one. */
  async function credential(method, path, body) {
    lastTime = Math.max(Math.round(clock.now()), lastTime + 1)
    const text = ['sallyport-device-v1', method, path, device.id, lastTime, await hashOf(body)].join('\n')
    return { authorization: `Sallyport-Device v1.${device.id}.${lastTime}.${await sign(keys, text)}` }
  }

  async function once(method, path, body = '') {
    return exchange(method, path, body, await credential(method, path, body))
  }

  /** Once more with the server's time, where ours was too far off, or not later than that of the change before. */
  async function ask(method, path, body) {
    const first = await once(method, path, body)
    const again = first.refusal === 'clock.off' || first.refusal === 'request.replayed'
    const answer = again ? await once(method, path, body) : first
    if (answer.refusal === 'caller.refused') throw new Removed()
    if (answer.refusal === 'clock.off') throw new Unreachable('the clock jumps')
    return answer
  }

  async function exchange(method, path, body, headers = {}) {
    const asked = Date.now()
    const type = body === '' ? {} : { 'content-type': 'application/json' }
    const response = await fetched(base + path, {
      method,
      headers: { ...headers, ...type },
      ...(body !== '' && { body }),
    })
    const answer = await answerOf(response)
    clock.learn(answer.value?.at ?? answer.at, asked, Date.now())
    return answer
  }

  /** Hears what this device is asked: at once, and at each change, until the server or `signal` ends it. */
  async function hear(signal, heard) {
    const asked = Date.now()
    const path = '/v1/events'
    const headers = await credential('GET', path, '')
    const response = await fetched(base + path, { headers, signal })
    if (!response.ok) {
      const { refusal, at } = await answerOf(response)
      clock.learn(at, asked, Date.now())
      if (refusal === 'caller.refused') throw new Removed()
      throw new Unreachable(refusal)
    }
    let first = true
    await readEvents(response, signal, ({ name, data }) => {
      if (name === 'refused') throw new Removed()
      if (name !== 'prompts') return
      if (first) clock.learn(data.at, asked, Date.now())
      first = false
      heard(data.prompts)
    })
  }

  const post = (path, value) => ask('POST', path, JSON.stringify(value))
  return {
    hear,
    activate: (value) => exchange('POST', '/v1/activate', JSON.stringify(value)),
    readDevice: () => ask('GET', '/v1/device'),
    answer: (value) => post('/v1/answer', value),
    setPush: (subscription) => post('/v1/push', { subscription }),
    leave: () => post('/v1/leave', {}),
  }
}

async function fetched(address, init) {
  try {
    return await fetch(address, { ...init, cache: 'no-store', credentials: 'omit', redirect: 'error' })
  } catch (error) {
    if (error.name === 'AbortError') throw error
    throw new Unreachable('no answer', { cause: error })
  }
}

async function answerOf(response) {
  const answer = await response.json().catch(() => undefined)
  if (answer?.ok === undefined || answer.error !== undefined) throw new Unreachable(`answered ${response.status}`)
  return answer
}
