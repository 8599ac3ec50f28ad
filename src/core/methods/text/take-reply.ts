import type { Reply, ReplySink } from '../../delivery/replies.ts'
import { AppError } from '../../errors.ts'
import { modeNow } from '../../pin/mode-now.ts'
import type { PinStore } from '../../pin/pin.ts'
import { isStill, type ProvenPin, provePin } from '../../pin/proof.ts'
import type { Log } from '../../ports.ts'
import { inBeats } from '../../second-step/beats.ts'
import { lockOf } from '../../second-step/lock.ts'
import type { PasswordHasher } from '../../secrets/password-hash.ts'
import { parsePhone } from '../../users/phone.ts'
import { isAllowed } from '../../users/user.ts'
import type { OpenText, TakenReplyStore } from './asked-text.ts'
import {
  approve,
  type ConcludeNeeds,
  type ConcludeStores,
  costsTry,
  record,
  refuse,
  type Scene,
  type Spent,
  spendTry,
} from './conclude-reply.ts'
import { matchOf, readReply } from './read-reply.ts'

type Stores = ConcludeStores & { takenReplies: TakenReplyStore; pins: PinStore }
type ReplyNeeds = ConcludeNeeds<Stores> & { pins: PinStore; hasher: PasswordHasher; log: Log }

/** Where it came from, and its digits; undefined where it is no answer. The text itself goes no further. */
type Heard = { name: Pick<Reply, 'provider' | 'providerId'>; phone: string; digits: string | undefined }
type Judging = { scene: Scene; spent: Spent; pin: string }
/** `again`: it was taken before. `unasked`: nothing waits for it, not any more, or not from that number. */
type Came = {
  came: 'again' | 'unasked' | 'approved' | 'late' | 'wrong' | 'ambiguous' | 'no-answer' | 'locked'
}

/** Whoever looks at a reply for longer has died over it. */
const LOST_AFTER_MS = 60_000

/**
 * Takes what people text back. It counts once, in time, and only from the number that was asked: whose it is says the code,
 * or the number on the screen, where people share a phone. The rows are taken in one order (reply, users by id, prompt),
 * which is the order of whoever finishes a second step.
 */
export function replySink(needs: ReplyNeeds): ReplySink {
  return {
    async take({ from, text, provider, providerId }) {
      const { write, settings, log } = needs
      const phone = parsePhone(from, settings.current()['company.country'], [])
      if (!phone.ok) return log.info('A reply is not from a phone number', { provider })
      const heard: Heard = { name: { provider, providerId }, phone: phone.e164, digits: readReply(text) }
      const { came } = await inBeats(write, {
        spend: (stores) => hear(needs, stores, heard),
        work: ({ scene, pin }: Judging) => provePin(needs, scene.user.id, pin),
        conclude: (stores, judging, proven): Promise<Came> => conclude(needs, stores, heard, { ...judging, proven }),
      })
      log.info('A reply was taken', { provider, came })
    },
  }
}

type First = { end: Came } | { spent: Judging }

async function hear(needs: ReplyNeeds, stores: Stores, heard: Heard): Promise<First> {
  const now = needs.clock.now()
  const taken = await stores.takenReplies.take(heard.name, now, new Date(now.getTime() - LOST_AFTER_MS))
  if (taken === 'settled') return { end: { came: 'again' } }
  // Acknowledged by nobody before it is settled: the provider sends it again.
  if (taken === 'under-way') throw new AppError('queue.full', { detail: 'that reply is being looked at' })

  const first = await weigh(needs, stores, heard, await scenesAt(needs, stores, heard.phone, now))
  if ('end' in first) await stores.takenReplies.settle(heard.name, now)
  return first
}

/**
 * The questions that this number was asked, each with its person, who is held until the unit of work ends: replies that
 * race are looked at one after the other, and cannot share a try.
 */
async function scenesAt(needs: ReplyNeeds, stores: Stores, phone: string, now: Date): Promise<Scene[]> {
  const open = (await stores.askedTexts.openAt(phone, now)).sort((a, b) => (a.userId < b.userId ? -1 : 1))
  const scenes: Scene[] = []
  for (const { id, userId } of open) {
    const user = await stores.users.hold(userId)
    const prompt = await openStill(stores, id)
    if (!user || !prompt || !isAllowed(user, now)) continue
    // A number that is not the person's any more answers nothing for them, and neither does what is asked otherwise by now.
    const mode = await modeNow({ ...needs, pins: stores.pins }, 'text', user)
    if (prompt.purpose === 'second-step' && (user.phone !== phone || mode !== prompt.mode)) continue
    scenes.push({ prompt, user, now })
  }
  return scenes
}

/** As it is now that its person is held. */
async function openStill({ prompts, askedTexts }: Stores, id: string): Promise<OpenText | undefined> {
  const [prompt, text] = [await prompts.find(id), await askedTexts.find(id)]
  return prompt?.state === 'open' && text ? { ...prompt, ...text } : undefined
}

async function weigh(needs: ReplyNeeds, stores: Stores, { digits }: Heard, all: Scene[]): Promise<First> {
  if (all.length === 0) return { end: { came: 'unasked' } }
  if (digits === undefined) {
    // What cannot be right is no guess, and costs no try; but somebody waits for it.
    for (const { prompt } of all) await stores.prompts.note(prompt.id, 'wrong-reply')
    return { end: { came: 'no-answer' } }
  }
  const scenes = await withoutLocked(needs, stores, all)
  if (scenes.length === 0) return { end: { came: 'locked' } }
  const matches = scenes.flatMap((scene) => {
    const match = matchOf(needs.sealing, scene.prompt, digits)
    return match ? [{ scene, ...match }] : []
  })
  const [match, another] = matches
  if (!match) return { end: await wrong(needs, stores, scenes) }
  if (another) return { end: await ambiguous(stores, matches) }
  const { scene, pin } = match
  if (pin === undefined) return { end: { came: await approve(stores, scene) } }
  // Spent, and durable, before the PIN is looked at.
  return { spent: { scene, pin, spent: await spendTry(needs, stores, scene) } }
}

async function withoutLocked({ settings }: ReplyNeeds, stores: Stores, scenes: Scene[]): Promise<Scene[]> {
  const budget = settings.current()['lock.budget']
  const isLocked = ({ prompt, user, now }: Scene) => costsTry(prompt) && lockOf(user, budget, now) !== undefined
  for (const scene of scenes.filter(isLocked)) await record(stores, scene, 'second-step.refused')
  return scenes.filter((scene) => !isLocked(scene))
}

/** Whose guess it was, nobody can tell: it costs everybody who was asked at this number a try. */
async function wrong(needs: ReplyNeeds, stores: Stores, scenes: Scene[]): Promise<Came> {
  for (const scene of scenes) await refuse(needs, stores, scene, await spendTry(needs, stores, scene))
  return { came: 'wrong' }
}

/** Right for several, by chance: it is nobody's. Whoever waits asks for another text, with another number. */
async function ambiguous(stores: Stores, matches: { scene: Scene }[]): Promise<Came> {
  for (const { scene } of matches) {
    await record(stores, scene, 'text.ambiguous')
    await stores.prompts.note(scene.prompt.id, 'wrong-reply')
  }
  return { came: 'ambiguous' }
}

async function conclude(
  needs: ReplyNeeds,
  stores: Stores,
  { name }: Heard,
  { scene: { prompt, user }, spent, proven }: Judging & { proven: ProvenPin | undefined },
): Promise<Came> {
  const now = needs.clock.now()
  await stores.takenReplies.settle(name, now)
  await stores.users.hold(user.id)
  const scene: Scene = { prompt, user, now }
  if (await isStill(stores.pins, user.id, proven)) return { came: await approve(stores, scene, spent) }
  await refuse(needs, stores, scene, spent)
  return { came: 'wrong' }
}
