import type { z } from 'zod'
import type { AppPrompt } from '../../../contract/shapes.ts'
import { promptsOfUserKey } from '../../prompts/paces.ts'
import type { PromptPurpose, PromptStore, SeenPrompt } from '../../prompts/prompt.ts'
import { againAt, standingOf } from '../../prompts/standing.ts'
import type { PaceReader } from '../../throttle/throttle.ts'
import type { AppAskStore, Device, DeviceStore } from './device.ts'

export type AppViewNeeds = { prompts: PromptStore; asks: AppAskStore; devices: DeviceStore; paces: PaceReader }
type View = z.input<typeof AppPrompt>

/** The newest question of a sign-in or session to the app, for the page that waits. Undefined: none, or it has been used. */
export async function viewApp(
  { prompts, asks, devices, paces }: AppViewNeeds,
  transactionId: string,
  purpose: PromptPurpose,
  now: Date,
): Promise<View | undefined> {
  const prompt = await prompts.newest(transactionId, purpose)
  const ask = prompt?.method === 'app' && prompt.state !== 'used' ? await asks.find(prompt.id) : undefined
  if (!prompt || !ask) return undefined

  const stands = standingOf<NonNullable<View['outcome']>>(prompt, 'denied', now)
  return {
    devices: (await asked(devices, prompt)).map(({ name }) => name),
    ...(ask.wantsNumber && stands.state === 'waiting' && { number: prompt.number }),
    pin: prompt.mode === 'pin',
    ...stands,
    expiresAt: prompt.expiresAt.toISOString(),
    againAt: (await againAt(paces, promptsOfUserKey(prompt.userId), prompt)).toISOString(),
  }
}

async function asked(devices: DeviceStore, { userId, transactionId, purpose }: SeenPrompt): Promise<Device[]> {
  if (purpose !== 'app-proof') return devices.listOf(userId)
  const device = await devices.findOfSetup(transactionId)
  return device ? [device] : []
}
