import type { Sender } from '../../delivery/sender.ts'
import type { VoiceCaller } from '../../delivery/voice.ts'
import type { Clock, Log, Write } from '../../ports.ts'
import type { PromptStore } from '../../prompts/prompt.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import type { CallStore } from './call.ts'
import type { Dial } from './ring.ts'

type Needs = {
  caller: VoiceCaller
  calls: CallStore
  prompts: PromptStore
  write: Write<{ calls: CallStore }>
  settings: SettingsSource
  clock: Clock
  log: Log
}

/** Older calls are over, whatever became of telling us. */
const LONGEST_CALL_MS = 15 * 60_000

/**
 * Calls travel through the queue as texts do. What is over before its turn, or rings already (its claim ran out), is not
 * placed; other calls to the same person end first, so that the phone is free.
 */
export function callSender({ caller, calls, prompts, write, settings, clock, log }: Needs): Sender {
  return {
    name: caller.name,
    async send({ to, body }, signal) {
      const { callId, language, extension } = JSON.parse(body) as Dial
      const call = await calls.find(callId)
      const prompt = call && (await prompts.find(call.promptId))
      if (!call || call.providerId !== undefined || call.state.at !== 'ringing' || prompt?.state !== 'open') return

      const since = new Date(clock.now().getTime() - LONGEST_CALL_MS)
      for (const other of await calls.stillRinging(call, since)) {
        await caller.hangUp(other).catch((error) => log.error('A call could not be ended', { call: callId }, error))
      }
      const ringSeconds = settings.current()['call.ring_seconds']
      const { providerId } = await caller.place({ id: callId, to, extension, language, ringSeconds }, signal)
      await write((stores) => stores.calls.bind(callId, providerId))
    },
  }
}
