import type { Replies, ReplySink } from '../../../core/delivery/replies.ts'
import type { TextSender } from '../../../core/delivery/text-sender.ts'
import { AppError } from '../../../core/errors.ts'
import type { Clock, Log, Random } from '../../../core/ports.ts'
import { encodeBind } from '../../../protocols/smpp-message.ts'
import { command } from '../../../protocols/smpp-pdu.ts'
import { checkSmpp, type SmppConfig, type SmppTimes, usualTimes } from './smpp-config.ts'
import { asDeliveryError, SmppFailure } from './smpp-failure.ts'
import { type Deliver, smppIncoming } from './smpp-incoming.ts'
import { type Pauses, smppLink } from './smpp-link.ts'
import { messagesOf } from './smpp-message-of.ts'
import { smppReceipts } from './smpp-receipts.ts'
import { demandOk, type SmppSession, smppSession } from './smpp-session.ts'
import { reachCentre } from './smpp-socket.ts'
import { submitter } from './smpp-submit.ts'

type Needs = { clock: Clock; random: Random; log: Log }
type BindCommand = 'bindTransceiver' | 'bindTransmitter' | 'bindReceiver'

const binds: Record<NonNullable<SmppConfig['bind']>, { send: BindCommand; receive?: BindCommand }> = {
  transceiver: { send: 'bindTransceiver' },
  transmitter: { send: 'bindTransmitter' },
  separate: { send: 'bindTransmitter', receive: 'bindReceiver' },
}

/**
 * Texts through a centre that speaks SMPP 3.4, and replies and receipts from it, over a session that is kept open and
 * opened again when it breaks. Connects at the first `send` or `receive`. Throws AppError `config.wrong` here,
 * `delivery.unreachable` or `delivery.failed` on sending.
 */
export function smppTextSender(
  config: SmppConfig,
  { clock, random, log }: Needs,
): TextSender & Replies & { close(): Promise<void> } {
  const problems = checkSmpp(config)
  if (problems.length > 0) {
    throw new AppError('config.wrong', { detail: problems.map((p) => `${p.where}: ${p.problem}`).join('; ') })
  }
  const { name: provider = 'smpp', receiptIds, defaultAlphabet, window = 10 } = config
  const times: SmppTimes = { ...usualTimes, ...config.times }
  const pauses: Pauses = { first: times.firstPause, longest: times.longestPause }
  const where = `${config.host}:${config.port}`
  let sink: ReplySink | undefined

  const receipts = smppReceipts({ provider, clock, receiptIds })
  const options = { defaultAlphabet, takeMs: times.take, partsMs: times.parts }
  const deliver = smppIncoming({ provider, sink: () => sink, receipts, clock, log, options })
  const linkBy = (bind: BindCommand) =>
    smppLink({
      open: (stop) => openSession({ config, bind, times, deliver, random, log }, stop),
      ...{ provider, pauses, random, clock, log },
    })
  const bind = binds[config.bind ?? 'transceiver']
  const sending = linkBy(bind.send)
  const receiving = bind.receive ? linkBy(bind.receive) : sending
  const submit = submitter({ link: sending, window, pauses, random })
  let reference = random.below(256)

  return {
    name: provider,
    sendMs: times.bind + times.answer,
    async send(text, signal) {
      try {
        const messages = messagesOf(text, config, reference++)
        const taken = receipts.sending(text.id, messages.length)
        // One after the other: when one is refused, the rest would be a text without it.
        for (const message of messages) taken(await submit(message, signal))
      } catch (error) {
        throw asDeliveryError(error, where, signal)
      }
    },
    receive(sinks) {
      sink = sinks.replies
      if (sinks.receipts) receipts.listen(sinks.receipts)
      receiving.start()
      sending.start()
    },
    async close() {
      await Promise.all([...new Set([sending, receiving])].map((link) => link.close()))
    },
  }
}

type Opening = {
  config: SmppConfig
  bind: BindCommand
  times: SmppTimes
  deliver: Deliver
  random: Random
  log: Log
}

async function openSession(
  { config, bind, times, deliver, random, log }: Opening,
  stop: AbortSignal,
): Promise<SmppSession> {
  const enough = AbortSignal.any([stop, AbortSignal.timeout(times.bind)])
  const socket = await reachCentre(config, enough)
  const id = Buffer.from(random.bytes(8)).toString('hex')
  const session = smppSession({ socket, times, log, deliver: (pdu) => deliver(pdu, id) })
  const giveUp = () => session.end('no answer to bind in time')
  enough.addEventListener('abort', giveUp, { once: true })
  try {
    const { systemId, systemType = '' } = config
    const body = encodeBind({ systemId, password: config.password.reveal(), systemType })
    demandOk(await session.ask(command[bind], body), 'bind')
    return session
  } catch (error) {
    session.end('not bound')
    throw error instanceof SmppFailure ? error : new SmppFailure('not bound')
  } finally {
    enough.removeEventListener('abort', giveUp)
  }
}
