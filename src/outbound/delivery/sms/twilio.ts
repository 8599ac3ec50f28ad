import type { TextSender } from '../../../core/delivery/text-sender.ts'
import type { CallbackAddresses } from '../../../protocols/callback-addresses.ts'
import { type TwilioAccount, twilioRest } from '../twilio.ts'

export type TwilioTextConfig = TwilioAccount & {
  /** How the provider is called in the log and in the record of deliveries. Default `twilio`. */
  name?: string | undefined
  /** A number (E.164), a sender's name, or a messaging service (`MG…`). */
  from: string
  /** Where to tell what became of a text; undefined: nowhere. */
  addresses?: Pick<CallbackAddresses, 'addressOf'> | undefined
}

/** Texts through Twilio. https://www.twilio.com/docs/messaging/api/message-resource */
export function twilioTextSender(config: TwilioTextConfig): TextSender & { close(): Promise<void> } {
  const { name = 'twilio', from, addresses } = config
  const rest = twilioRest(config)
  const sender = /^MG[0-9a-f]{32}$/i.test(from) ? { MessagingServiceSid: from } : { From: from }

  return {
    name,
    sendMs: rest.postMs,
    async send({ id, to, body }, signal) {
      const callback = addresses && { StatusCallback: addresses.addressOf({ kind: 'text-status', id }) }
      const answer = await rest.post('Messages.json', { To: to, ...sender, Body: body, ...callback }, signal)
      if ('refused' in answer) throw answer.refused
    },
    close: () => rest.close(),
  }
}
