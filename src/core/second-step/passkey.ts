import type { Answer } from '../../contract/contract.ts'
import type { NoticeNeeds } from '../delivery/notices.ts'
import type { From } from '../gate.ts'
import { newChallenge } from '../methods/passkey/challenge.ts'
import { claimOf, spendClaim } from '../methods/passkey/judge.ts'
import { requestOptions } from '../methods/passkey/options.ts'
import type { PasskeyChallengeStore, PasskeyStore } from '../methods/passkey/passkey.ts'
import type { RelyingPartySource } from '../methods/passkey/relying-party.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { UserStore } from '../users/user.ts'
import { answerWith } from './answer.ts'
import type { AnswerStores, Verdict } from './asked.ts'
import { lockOf } from './lock.ts'
import type { Transaction } from './view.ts'

export type PasskeyAnswerStores = AnswerStores & { passkeys: PasskeyStore; passkeyChallenges: PasskeyChallengeStore }
type Needs = {
  write: Write<PasskeyAnswerStores>
  users: UserStore
  passkeys: PasskeyStore
  passkeyChallenges: PasskeyChallengeStore
  relyingParty: RelyingPartySource
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
  ids: Ids
}

const unavailable = { ok: false, refusal: 'method.unavailable' } as const

/** Asks for one of the person's own passkeys, in this sign-in or session; what was asked there before is dead. */
export async function askPasskey(needs: Needs, { userId, id }: Transaction): Promise<Answer<'askPasskey'>> {
  const { write, users, passkeys, relyingParty, settings, clock } = needs
  const site = relyingParty()
  const user = await users.find(userId)
  const own = await passkeys.listOf(userId)
  if (!site || !user || own.length === 0) return unavailable

  const now = clock.now()
  const locked = lockOf(user, settings.current()['lock.budget'], now)
  if (locked) return { ok: true, value: { outcome: 'locked', ...locked } }

  const challenge = newChallenge(needs, { purpose: 'second-step', transactionId: id, userId, now })
  await write(({ passkeyChallenges }) => passkeyChallenges.open(challenge))
  return { ok: true, value: { outcome: 'asked', options: requestOptions(site, challenge.challenge, own, 'preferred') } }
}

/** Judges the passkey's answer by the way of every method: the try, the judgement, the end. */
export async function answerPasskey(
  needs: Needs,
  transaction: Transaction,
  { credential }: { credential: string },
  from: From,
): Promise<Verdict> {
  const { passkeyChallenges, relyingParty, notices, clock } = needs
  const site = relyingParty()
  if (!site) return unavailable

  const now = clock.now()
  const challenge = await passkeyChallenges.find(transaction.id, 'second-step', now)
  const claim = challenge && (await claimOf(needs, { challenge, credential, relyingParty: site }))
  return answerWith(needs, transaction, { method: 'passkey', from }, async (stores, user) => ({
    judgement: claim ? await spendClaim(stores, claim, { notices, user, from, now }) : 'gone',
  }))
}
