import type { From } from '../gate.ts'
import type { Ids, Random } from '../ports.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { KnownAddressStore } from '../sign-in/known-address.ts'
import { addressKey } from '../throttle/throttle.ts'
import type { User } from '../users/user.ts'
import { openSession } from './open.ts'
import type { SessionStore, SignInStore } from './session.ts'
import { newToken } from './tokens.ts'

type Needs = { ids: Ids; random: Random; settings: SettingsSource }
type Stores = { signIns: SignInStore; sessions: SessionStore; known: KnownAddressStore }
type Entering = { user: User; signInId: string; from: From; now: Date; fallback: boolean }

/** Ends a sign-in with a session. Undefined: it had ended already, by another answer or in time. */
export async function letIn(
  { ids, random, settings }: Needs,
  { signIns, sessions, known }: Stores,
  { user, signInId, from, now, fallback }: Entering,
): Promise<string | undefined> {
  if (!(await signIns.close(signInId, now))) return undefined
  const token = newToken('se', random)
  await openSession({ ids, settings, sessions }, { userId: user.id, token, from, now, fallback })
  await known.remember(user.key, addressKey(from.address), now)
  return token
}
