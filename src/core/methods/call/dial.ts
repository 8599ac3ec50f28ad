import type { Sender } from '../../delivery/sender.ts'
import type { VoiceCaller } from '../../delivery/voice.ts'
import type { Clock, Log, Write } from '../../ports.ts'
import type { PromptStore } from '../../prompts/prompt.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import type { CallStore, PlacedCall, RingingCall } from './call.ts'
import type { Dial } from './ring.ts'

export type DialNeeds = {
  calls: CallStore
  prompts: PromptStore
  write: Write<{ calls: CallStore }>
  settings: SettingsSource
  clock: Clock
  log: Log
}

/** Older calls are over, whatever became of telling us. */
const LONGEST_CALL_MS = 15 * 60_000
/** An old call that cannot be ended does not keep the new one waiting. */
const TO_HANG_UP_MS = 2_000
const TO_PLACE_MS = 10_000

/**
 * Those who place calls, in order. Calls travel through the queue as texts do. What is over before its turn, or rings
 * already (its claim ran out, or another provider has it), is not placed; other calls to the same person end first, so
 * that the phone is free.
 */
export function callSenders(callers: readonly VoiceCaller[], needs: DialNeeds): Sender[] {
  const { calls, prompts, write, settings } = needs
  return callers.map((caller) => ({
    name: caller.name,
    sendMs: (caller.placeMs ?? TO_PLACE_MS) + TO_HANG_UP_MS,
    async send({ to, body }, signal) {
      const { callId, language, extension } = JSON.parse(body) as Dial
      const call = await calls.find(callId)
      const prompt = call && (await prompts.find(call.promptId))
      if (!call || call.providerId !== undefined || call.state.at !== 'ringing' || prompt?.state !== 'open') return

      await endOthers(callers, needs, call)
      const ringSeconds = settings.current()['call.ring_seconds']
      const { providerId } = await caller.place({ id: callId, to, extension, language, ringSeconds }, signal)
      // A provider that did not answer may have placed it all the same, and one phone rings once.
      if (!(await write((stores) => stores.calls.bind(callId, providerId))))
        await endAt([caller], needs, { providerId, provider: caller.name })
    },
  }))
}

async function endOthers(callers: readonly VoiceCaller[], needs: DialNeeds, call: PlacedCall): Promise<void> {
  const since = new Date(needs.clock.now().getTime() - LONGEST_CALL_MS)
  const ringing = await needs.calls.stillRinging(call, since)
  if (ringing.length === 0) return
  const enough = Promise.withResolvers<void>()
  const timer = setTimeout(enough.resolve, TO_HANG_UP_MS)
  await Promise.race([Promise.all(ringing.map((other) => endAt(callers, needs, other))), enough.promise])
  clearTimeout(timer)
}

/** At whoever placed it. While that is not written down each is told: a name of another provider's is none to them. */
async function endAt(callers: readonly VoiceCaller[], { log }: DialNeeds, call: RingingCall): Promise<void> {
  const owners = callers.filter(({ name }) => call.provider === undefined || name === call.provider)
  await Promise.all(
    owners.map((owner) =>
      owner
        .hangUp(call.providerId)
        .catch((error) => log.error('A call could not be ended', { provider: owner.name }, error)),
    ),
  )
}
