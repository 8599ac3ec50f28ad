import type { Config, SmsProvider } from '../config/config.ts'
import type { ReceiptSink, Replies, ReplySink } from '../core/delivery/replies.ts'
import type { TextSender } from '../core/delivery/text-sender.ts'
import type { VoiceCaller } from '../core/delivery/voice.ts'
import type { Clock, Log, Random } from '../core/ports.ts'
import { httpTextSender } from '../outbound/delivery/sms/http.ts'
import { smppTextSender } from '../outbound/delivery/sms/smpp.ts'
import { twilioTextSender } from '../outbound/delivery/sms/twilio.ts'
import { twilioCaller } from '../outbound/delivery/voice/twilio.ts'
import type { CallbackAddresses } from '../protocols/callback-addresses.ts'

/** Where it goes what comes back of texts. */
export type Sinks = { replies: ReplySink; receipts: ReceiptSink }

/** Who sends texts and who places calls, in the order in which they are asked. */
export type Providers = {
  senders: readonly TextSender[]
  callers: readonly VoiceCaller[]
  /** From now on what comes back over a provider's own connection is taken. */
  receive(sinks: Sinks): void
  close(): Promise<void>
}

type Needs = { addresses: CallbackAddresses | undefined; clock: Clock; random: Random; log: Log }
type Closing = { close(): Promise<void> }

/** The ones that the configuration names. */
export function providersIn({ sms, voice }: Pick<Config, 'sms' | 'voice'>, needs: Needs): Providers {
  const senders = sms.providers.map((provider) => senderOf(provider, needs))
  const callers = voice.providers.map(({ name, settings }) => {
    if (!needs.addresses) throw new TypeError('calls have an address to call back at: rules')
    return twilioCaller({ name, ...settings, addresses: needs.addresses })
  })
  return {
    senders,
    callers,
    receive(sinks) {
      for (const sender of senders) if ('receive' in sender) sender.receive(sinks)
    },
    async close() {
      await Promise.all([...senders, ...callers].map((provider) => provider.close()))
    },
  }
}

function senderOf(provider: SmsProvider, needs: Needs): (TextSender | (TextSender & Replies)) & Closing {
  const { name } = provider
  switch (provider.kind) {
    case 'http':
      return httpTextSender({ name, ...provider.settings })
    case 'smpp':
      return smppTextSender({ name, ...provider.settings }, needs)
    case 'twilio':
      return twilioTextSender({ name, ...provider.settings, addresses: needs.addresses })
  }
}
