import type { Answer, Output } from '../../../contract/contract.ts'
import type { Clock } from '../../ports.ts'
import type { PromptStore, SeenPrompt } from '../../prompts/prompt.ts'
import { stampOf } from '../../second-step/view.ts'
import type { SettingsSource } from '../../settings/settings.ts'
import { isAllowed, type UserStore } from '../../users/user.ts'
import type { AppAsk, AppAskStore, Device, DeviceStore } from './device.ts'
import { placeOf } from './place.ts'
import type { DeviceWho } from './who.ts'

export type QuestionNeeds = {
  users: UserStore
  devices: DeviceStore
  prompts: PromptStore
  asks: AppAskStore
  settings: SettingsSource
  clock: Clock
}
type Question = Output<'listPrompts'>['prompts'][number]

/** What a device is asked now: at most one question, since a person is asked one at a time. */
export async function questionsFor(needs: QuestionNeeds, who: DeviceWho): Promise<Output<'listPrompts'>> {
  const now = needs.clock.now()
  const prompt = await needs.prompts.openOf(who.userId, 'app', now)
  const device = prompt && (await needs.devices.find(who.deviceId))
  const user = device && (await needs.users.find(who.userId))
  const ask = prompt && (await needs.asks.find(prompt.id))
  const isAsked = device && user && ask && isAllowed(user, now) && mayAnswer(device, prompt)
  const prompts = isAsked ? [questionOf(needs, prompt, ask)] : []
  return { prompts, stamp: stampOf(prompts), at: now.toISOString() }
}

export async function listPrompts(needs: QuestionNeeds, who: DeviceWho): Promise<Answer<'listPrompts'>> {
  return { ok: true, value: await questionsFor(needs, who) }
}

/** A device of a User Setup answers for that alone, and one on the account everything else. */
export function mayAnswer(device: Device, prompt: SeenPrompt): boolean {
  return prompt.purpose === 'app-proof' ? device.setupId === prompt.transactionId : device.setupId === undefined
}

function questionOf({ settings }: QuestionNeeds, prompt: SeenPrompt, ask: AppAsk): Question {
  const current = settings.current()
  return {
    id: prompt.id,
    challenge: ask.challenge,
    purpose: ask.purpose,
    application: current['company.name'],
    address: ask.address,
    place: placeOf(ask.address, current['company.places']),
    browser: ask.userAgent,
    askedAt: prompt.createdAt.toISOString(),
    expiresAt: prompt.expiresAt.toISOString(),
    number: ask.wantsNumber,
    pin: prompt.mode === 'pin',
  }
}
