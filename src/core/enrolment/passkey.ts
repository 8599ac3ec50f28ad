import type { Answer, Input } from '../../contract/contract.ts'
import { checkRegistration, type NewCredential } from '../../protocols/webauthn.ts'
import { type NoticeNeeds, tellOf } from '../delivery/notices.ts'
import type { DeliveryQueue } from '../delivery/queue.ts'
import type { From } from '../gate.ts'
import { newChallenge } from '../methods/passkey/challenge.ts'
import { readRegistration } from '../methods/passkey/credential.ts'
import { creationOptions } from '../methods/passkey/options.ts'
import {
  MOST_PASSKEYS,
  nameFrom,
  type Passkey,
  type PasskeyChallenge,
  type PasskeyChallengeStore,
  type PasskeyStore,
} from '../methods/passkey/passkey.ts'
import type { RelyingParty, RelyingPartySource } from '../methods/passkey/relying-party.ts'
import { offered } from '../policy/ways.ts'
import type { Clock, Random, Write } from '../ports.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { User, UserStore } from '../users/user.ts'
import { type Asked, type Asker, eventOf } from './asker.ts'
import { type FinishStores, finishSetup, SetupOver, unlessOver } from './finish.ts'

type Stores = FinishStores & {
  passkeys: PasskeyStore
  passkeyChallenges: PasskeyChallengeStore
  deliveries: DeliveryQueue
}
export type PasskeyNeeds = {
  write: Write<Stores>
  users: UserStore
  passkeys: PasskeyStore
  passkeyChallenges: PasskeyChallengeStore
  relyingParty: RelyingPartySource
  notices: NoticeNeeds
  settings: SettingsSource
  clock: Clock
  random: Random
}

const unavailable = { ok: false, refusal: 'method.unavailable' } as const
const gone = { ok: true, value: { outcome: 'gone' } } as const
const refused = { ok: true, value: { outcome: 'refused' } } as const

/** What the browser needs to make a passkey. The person's own are named, so that none is made twice on one device. */
export async function offerPasskey(needs: PasskeyNeeds, asker: Asker, from: From): Promise<Answer<'offerPasskey'>> {
  const { write, users, passkeys, settings, notices, random, clock } = needs
  const user = await users.find(asker.userId)
  const site = siteOf(needs, user)
  if (!user || !site) return unavailable
  const own = await passkeys.listOf(user.id)
  if (own.length >= MOST_PASSKEYS) return { ok: false, refusal: 'passkey.too-many' }

  const asked: Asked = { asker, from, now: clock.now() }
  const { transactionId, userId } = asker
  const asking = { purpose: 'register', transactionId, userId, now: asked.now } as const
  const challenge = newChallenge({ ids: notices.ids, random }, asking)
  await write(async ({ passkeyChallenges, audit }) => {
    await passkeyChallenges.open(challenge)
    await audit.write(eventOf('passkey.offered', asked))
  })
  const company = settings.current()['company.name']
  return { ok: true, value: { options: creationOptions({ ...site, company }, user, challenge.challenge, own) } }
}

/** The browser made it: checked outside of the unit of work, in which the question is then spent, once. */
export async function confirmPasskey(
  needs: PasskeyNeeds,
  asker: Asker,
  { credential, name }: Input<'confirmPasskey'>,
  from: From,
): Promise<Answer<'confirmPasskey'>> {
  const { write, users, passkeyChallenges, clock } = needs
  const site = siteOf(needs, await users.find(asker.userId))
  if (!site) return unavailable
  const asked: Asked = { asker, from, now: clock.now() }
  const challenge = await passkeyChallenges.find(asker.transactionId, 'register', asked.now)
  if (!challenge) return gone

  const made = await checked(credential, challenge, site)
  return unlessOver(() =>
    write(async (stores) => {
      const user = await stores.users.hold(asker.userId)
      if (!user || !(await stores.passkeyChallenges.take(challenge, asked.now))) return gone

      const passkey = made && { ...made, id: needs.notices.ids.next(), userId: user.id, name: nameFrom(name) }
      if (!passkey || !(await keep(stores, { ...passkey, addedAt: asked.now, usedAt: undefined }))) {
        await stores.audit.write(eventOf('passkey.proof-wrong', asked))
        return refused
      }
      return accept(needs, stores, asked)
    }),
  )
}

type Made = Pick<Passkey, 'credentialId' | 'publicKey' | 'counter' | 'transports' | 'aaguid' | 'backup'>

async function checked(text: string, { challenge }: PasskeyChallenge, site: RelyingParty): Promise<Made | undefined> {
  const answer = readRegistration(text)
  const ceremony = { challenge, origin: site.origin, rpId: site.id, userVerification: 'preferred' } as const
  const made: NewCredential | undefined = answer && (await checkRegistration(answer, ceremony))
  if (!answer || !made) return undefined
  const { id: credentialId, ...rest } = made
  return { ...rest, credentialId, transports: answer.transports }
}

/** False for one that is on an account already, and for one too many, which another window may have added. */
async function keep({ passkeys }: Stores, passkey: Passkey): Promise<boolean> {
  const own = await passkeys.listOf(passkey.userId)
  return own.length < MOST_PASSKEYS && passkeys.insert(passkey)
}

async function accept(needs: PasskeyNeeds, stores: Stores, asked: Asked): Promise<Answer<'confirmPasskey'>> {
  const { asker, from, now } = asked
  const user = await stores.users.find(asker.userId)
  if (!user) throw new SetupOver()
  await stores.audit.write(eventOf('passkey.added', asked))
  await tellOf(needs.notices, stores.deliveries, user, { kind: 'passkey-added', address: from.address }, now)
  if (!asker.setup) return { ok: true, value: { outcome: 'proven' } }

  const finish = { user, signInId: asker.transactionId, method: 'passkey', from, now } as const
  const session = await finishSetup({ ...needs, ids: needs.notices.ids }, stores, finish)
  return { ok: true, value: { outcome: 'proven', session } }
}

function siteOf({ relyingParty, settings }: PasskeyNeeds, user: User | undefined): RelyingParty | undefined {
  return user && offered(settings.current(), user).includes('passkey') ? relyingParty() : undefined
}
