import type { Input } from '../../contract/contract.ts'
import type { From } from '../gate.ts'
import { judgeTokenCode } from '../methods/oath/judge.ts'
import { liveTokens } from '../methods/oath/token.ts'
import { judgeTextedCode } from '../methods/text/judge.ts'
import { modeNow } from '../pin/mode-now.ts'
import type { PinStore } from '../pin/pin.ts'
import { isStill, type ProvenPin, provePin } from '../pin/proof.ts'
import { asksPin, isReplyMode, modeOf } from '../policy/modes.ts'
import type { Write } from '../ports.ts'
import type { PasswordHasher } from '../secrets/password-hash.ts'
import type { Sealing } from '../secrets/sealing.ts'
import type { User } from '../users/user.ts'
import { answerInBeats, type Judged } from './answer.ts'
import type { AnswerNeeds, AnswerStores, Verdict } from './asked.ts'
import { answerRecovery } from './recovery.ts'
import type { Transaction } from './view.ts'

type Needs = AnswerNeeds & {
  write: Write<AnswerStores>
  pins: PinStore
  hasher: PasswordHasher
  sealing: Sealing
}
type Typed = Omit<Input<'answerSecondStep'>, 'method'> & { method: 'text' | 'oath' }

/** Judges a code that a person typed. */
export function answerSecondStep(
  needs: Needs & Parameters<typeof answerRecovery>[0],
  transaction: Transaction,
  { method, ...typed }: Input<'answerSecondStep'>,
  from: From,
): Promise<Verdict> {
  if (method === 'recovery') return answerRecovery(needs, transaction, typed, from)
  return answerCode(needs, transaction, { method, ...typed }, from)
}

/** A code, and the PIN beside it where the person's mode asks for one: only a PIN takes a hash's work. */
function answerCode(needs: Needs, transaction: Transaction, typed: Typed, from: From): Promise<Verdict> {
  const { method, pin = '' } = typed
  return answerInBeats(
    needs,
    transaction,
    { method, from },
    {
      async atOnce(stores, user) {
        if (!isTyped(needs, method, user)) return { judgement: 'gone' }
        if (await isPinAsked({ ...needs, ...stores }, method, user)) return undefined
        return judgeCode(needs, stores, { transaction, typed, user, rest: true })
      },
      ready: (stores, { phone }) => hasQuestion(needs, stores, { transaction, method, phone }),
      work: (user) => provePin(needs, user.id, pin),
      async judge(stores, user, proven: ProvenPin | undefined) {
        const rest = await isStill(stores.pins, user.id, proven)
        return judgeCode(needs, stores, { transaction, typed, user, rest })
      },
    },
  )
}

async function isPinAsked(
  { pins, settings }: Pick<Needs, 'pins' | 'settings'>,
  method: Typed['method'],
  user: User,
): Promise<boolean> {
  return asksPin(await modeNow({ pins, settings }, method, user))
}

/** Where a text is answered by a text, its code typed into the page opens nothing, whenever it was sent. */
function isTyped({ settings }: Needs, method: Typed['method'], { modes }: User): boolean {
  return method !== 'text' || !isReplyMode(modeOf('text', modes, settings.current()))
}

type Question = { transaction: Transaction; method: Typed['method']; phone: string | undefined }

async function hasQuestion(
  { clock }: Needs,
  { challenges, tokens }: AnswerStores,
  { transaction, method, phone }: Question,
): Promise<boolean> {
  if (method === 'oath') return (await liveTokens(tokens, transaction.userId, clock.now())).length > 0
  const challenge = await challenges.findOpen(transaction.id, 'second-step', clock.now())
  return challenge !== undefined && challenge.phone === phone
}

/** `rest`: whether all else was right; if not, the code is not spent, and nothing tells which of them was wrong. */
type Answered = { transaction: Transaction; typed: Typed; user: User; rest: boolean }

async function judgeCode(
  { sealing, settings, clock }: Needs,
  stores: AnswerStores,
  { transaction, typed: { method, code }, user, rest }: Answered,
): Promise<Judged> {
  const typed = { typed: code, now: clock.now() }
  switch (method) {
    case 'text': {
      // A code that is out at a number of before, or in the hands of whoever has that number now, is dead.
      const asked = {
        ...typed,
        transactionId: transaction.id,
        sentTo: user.phone,
        purpose: 'second-step',
        rest,
      } as const
      return judgeTextedCode({ ...stores, sealing }, asked)
    }
    case 'oath': {
      if (!rest) return { judgement: 'wrong' }
      const asked = { ...typed, userId: user.id, window: settings.current()['oath.window'] }
      return { judgement: await judgeTokenCode({ ...stores, sealing }, asked) }
    }
  }
}
