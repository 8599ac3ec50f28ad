import type { VoiceCaller } from '../../../core/delivery/voice.ts'
import type { CallbackAddresses } from '../../../protocols/callback-addresses.ts'
import { type TwilioAccount, twilioRest } from '../twilio.ts'

export type TwilioVoiceConfig = TwilioAccount & {
  /** How the provider is called in the log and in the record of deliveries. Default `twilio`. */
  name?: string | undefined
  /** The number that people see, E.164: one of the account's, or one verified there. */
  from: string
  /** Between the answer and the extension; each is half a second. Default 2. */
  pausesBeforeExtension?: number | undefined
  addresses: Pick<CallbackAddresses, 'addressOf'>
}

/** "Call is not in-progress", "not found". */
const ALREADY_OVER = [21220, 20404]

/**
 * Calls through Twilio: it rings the phone, dials the extension, then asks our door what to say.
 * https://www.twilio.com/docs/voice/api/call-resource
 */
export function twilioCaller(config: TwilioVoiceConfig): VoiceCaller & { close(): Promise<void> } {
  const { name = 'twilio', from, pausesBeforeExtension = 2, addresses } = config
  const rest = twilioRest(config)

  return {
    name,
    placeMs: rest.postMs,
    async place({ id, to, extension, ringSeconds }, signal) {
      const answer = await rest.post(
        'Calls.json',
        {
          To: to,
          From: from,
          Url: addresses.addressOf({ kind: 'voice', id, step: 0 }),
          Method: 'POST',
          StatusCallback: addresses.addressOf({ kind: 'call-status', id }),
          StatusCallbackMethod: 'POST',
          // Comes however a call ends; what comes before is told by the voice callbacks.
          StatusCallbackEvent: 'completed',
          Timeout: String(ringSeconds),
          ...(extension !== undefined && { SendDigits: 'w'.repeat(pausesBeforeExtension) + extension }),
        },
        signal,
      )
      if ('refused' in answer) throw answer.refused
      return { providerId: answer.sid }
    },
    async hangUp(providerId) {
      const path = `Calls/${encodeURIComponent(providerId)}.json`
      const answer = await rest.post(path, { Status: 'completed' }, new AbortController().signal)
      if ('refused' in answer && !ALREADY_OVER.includes(answer.code ?? 0)) throw answer.refused
    },
    close: () => rest.close(),
  }
}
