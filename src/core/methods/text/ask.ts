import type { AuditLog } from '../../audit/audit.ts'
import { type DeliveryQueue, deliveryPlace, type NewDelivery } from '../../delivery/queue.ts'
import type { From } from '../../gate.ts'
import { modeNow } from '../../pin/mode-now.ts'
import type { PinStore } from '../../pin/pin.ts'
import { isReplyMode, type ReplyMode } from '../../policy/modes.ts'
import type { Write } from '../../ports.ts'
import { newNumber } from '../../prompts/number.ts'
import type { Prompt, PromptPurpose, PromptStore } from '../../prompts/prompt.ts'
import type { Started, Starter } from '../../prompts/start.ts'
import { spendAll } from '../../throttle/spend-all.ts'
import type { ThrottleStore } from '../../throttle/throttle.ts'
import { languageFor } from '../../users/languages.ts'
import type { User } from '../../users/user.ts'
import type { AskedTextStore } from './asked-text.ts'
import { replyMac } from './read-reply.ts'
import { newCode, type SendCodeNeeds, textBudgets } from './send-code.ts'

type Stores = {
  prompts: PromptStore
  askedTexts: AskedTextStore
  deliveries: DeliveryQueue
  throttle: ThrottleStore
  audit: AuditLog
}
export type AskNeeds = Omit<SendCodeNeeds, 'write' | 'host'> & { write: Write<Stores> }
type Request = {
  user: User
  transactionId: string
  purpose: Exclude<PromptPurpose, 'app-proof'>
  mode: ReplyMode
  phone: string
  from: From
}

/** Texts a question that is answered by a text; what was asked of this person before is dead. */
export async function askByText(needs: AskNeeds, request: Request): Promise<Started> {
  const { write, sealing, settings, random, nudge } = needs
  const { user, from, mode, purpose } = request
  const attemptsLeft = settings.current()['code.tries']
  const prompt = promptOf(needs, request)
  const code = mode === 'two-way-number' ? undefined : newCode(random)
  const codeMac = code === undefined ? undefined : replyMac(sealing, prompt.id, code)
  const delivery = deliveryOf(needs, request, { code, prompt })
  const { id: promptId, createdAt: now } = prompt

  const started = await write(async ({ prompts, askedTexts, deliveries, throttle, audit }): Promise<Started> => {
    const record = (what: 'text.asked' | 'text.wait' | 'phone.proof-asked') => {
      const { address, userAgent } = from
      return audit.write({ what, at: now, userId: user.id, address, userAgent, facts: { prompt: promptId, mode } })
    }
    const until = await spendAll(throttle, textBudgets(request), now)
    if (until) {
      await record('text.wait')
      return { outcome: 'wait', until }
    }
    await prompts.open(prompt)
    await askedTexts.insert({ promptId, codeMac, attemptsLeft, deliveryId: delivery.id })
    await deliveries.enqueue(delivery)
    await record(purpose === 'phone-proof' ? 'phone.proof-asked' : 'text.asked')
    return { outcome: 'started' }
  })
  if (started.outcome === 'started') nudge()
  return started
}

/** Texts the person's own phone, where their mode is to reply. */
export function textStarter(needs: AskNeeds & { pins: PinStore }): Starter {
  return async ({ user, transactionId, from }) => {
    const mode = await modeNow(needs, 'text', user)
    if (!isReplyMode(mode) || !user.phone) return undefined
    return askByText(needs, { user, transactionId, purpose: 'second-step', mode, phone: user.phone, from })
  }
}

function promptOf({ settings, clock, random, ids }: AskNeeds, request: Request): Prompt {
  const { user, transactionId, purpose, mode, phone } = request
  const now = clock.now()
  return {
    id: ids.next(),
    userId: user.id,
    transactionId,
    purpose,
    method: 'text',
    mode,
    phone,
    number: newNumber(random),
    createdAt: now,
    expiresAt: new Date(now.getTime() + settings.current()['code.minutes'] * 60_000),
  }
}

function deliveryOf(
  { sealing, settings, wording, ids }: AskNeeds,
  { user, from, phone, mode, purpose }: Request,
  { code, prompt }: { code: string | undefined; prompt: Prompt },
): NewDelivery {
  const current = settings.current()
  const id = ids.next()
  const language = languageFor('text', user, current, from)
  const about = { language, company: current['company.name'], code, pin: mode === 'two-way-pin' }
  const body = wording.askForReply({ ...about, proof: purpose === 'phone-proof' })
  return {
    id,
    kind: 'text',
    to: phone,
    sealedBody: sealing.seal(body, deliveryPlace(id)),
    deadline: prompt.expiresAt,
    createdAt: prompt.createdAt,
  }
}
