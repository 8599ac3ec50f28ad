import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import smpp, { type Pdu, type Session } from 'smpp'
import { freePort } from '../../dev/hosts/port.ts'

/** As the phone would show it; `parts` is how many messages it took. */
export type ShownText = { from: string; to: string; text: string; parts: number }

export type Submitted = Pdu & { id: string }

type Behaviour = {
  /** Status for a submit_sm, or nothing: then it is never answered. */
  answer?: (submitted: Submitted) => number | undefined | Promise<number | undefined>
  idOf?: (count: number) => string
  password?: string
  tls?: { key: string; cert: string }
  port?: number
}

export const password = 'p4ss&w0rd'

/**
 * An SMPP centre on loopback, by npm `smpp`: nobody here wrote the bytes it sends. What it does wrong on purpose stands in
 * `smpp-hostile.ts`.
 */
export async function smppCentre(behaviour: Behaviour = {}) {
  const { answer = () => 0, idOf = (count) => `M${count}` } = behaviour
  // One that was stopped is started again at its port.
  const port = behaviour.port ?? (await freePort())
  const sessions = new Set<Session>()
  const submitted: Submitted[] = []
  const binds: Pdu[] = []
  let unbinds = 0

  const server = smpp.createServer(behaviour.tls ?? {}, (session) => {
    session.on('error', () => {})
    session.setMaxListeners(0)
    session.on('close', () => sessions.delete(session))
    for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver']) {
      session.on(command, (pdu: Pdu) => {
        binds.push(pdu)
        const right = pdu.password === (behaviour.password ?? password)
        session.send(pdu.response(right ? { system_id: 'centre' } : { command_status: 0x0e }))
        if (right) sessions.add(session)
      })
    }
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
    session.on('unbind', (pdu: Pdu) => {
      unbinds++
      session.send(pdu.response())
      session.close()
    })
    session.on('submit_sm', async (pdu: Pdu) => {
      const one: Submitted = Object.assign(pdu, { id: idOf(submitted.length + 1) })
      submitted.push(one)
      const command_status = await answer(one)
      if (command_status === undefined) return
      session.send(pdu.response(command_status === 0 ? { message_id: one.id } : { command_status }))
    })
  })
  server.on('error', () => {})
  server.on('tlsClientError', () => {})
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  const session = async () => {
    await until(() => sessions.size > 0, 'a session')
    return [...sessions].at(-1) as Session
  }
  const deliver = async (fields: Record<string, unknown>): Promise<number> => {
    const bound = await session()
    return new Promise((resolve, reject) => {
      bound.once('close', () => reject(new Error('closed before it was answered')))
      bound.deliver_sm({ destination_addr: '12345', ...fields }, (pdu) => resolve(pdu.command_status))
    })
  }
  return {
    port,
    submitted,
    binds,
    session,
    sessions,
    unbinds: () => unbinds,
    shown: () => shownTexts(submitted),
    /** Resolves with the status that the answer has. */
    deliver,
    /** In both of the ways that there are, or in one. */
    receipt(id: string, stat: string, state: number, how: 'both' | 'text' | 'tlv' = 'both') {
      const text = `id:${id} sub:001 dlvrd:001 submit date:2611241700 done date:2611241701 stat:${stat} err:000 text:Your`
      return deliver({
        source_addr: '12065550100',
        esm_class: 0x04,
        short_message: how === 'tlv' ? '' : text,
        ...(how === 'text' ? {} : { receipted_message_id: id, message_state: state }),
      })
    },
    async stop() {
      for (const one of sessions) one.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

/** Puts the parts together by their headers, as a phone does. */
function shownTexts(submitted: readonly Submitted[]): ShownText[] {
  const shown = new Map<string, ShownText>()
  for (const [index, { short_message, message_payload, source_addr, destination_addr }] of submitted.entries()) {
    const text = String(message_payload?.message ?? short_message.message)
    // Its element 0: reference, total, place.
    const element = short_message.udh?.find((bytes) => bytes[0] === 0)
    const key = element ? `${destination_addr} ${element[2]} ${element[3]}` : String(index)
    const known = shown.get(key) ?? { from: source_addr, to: destination_addr, text: '', parts: 0 }
    shown.set(key, { ...known, text: known.text + text, parts: known.parts + 1 })
  }
  return [...shown.values()]
}

export async function until(done: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await pause(5)
  }
}
