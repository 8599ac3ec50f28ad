import type { Answer } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import type { DirectoryChallenge } from '../directory.ts'
import type { From } from '../gate.ts'
import type { Clock, Ids, Random, Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { newToken, tokenHash } from '../sessions/tokens.ts'
import type { UserStore } from '../users/user.ts'

/** What a directory asked back, kept until its one reply. `address`: where the try that led to it was counted. */
export type KeptChallenge = {
  id: string
  tokenHash: string
  sealed: string
  address: string | undefined
  expiresAt: Date
}

export interface DirectoryChallengeStore {
  insert(challenge: KeptChallenge): Promise<void>
  find(tokenHash: string, now: Date): Promise<KeptChallenge | undefined>
  /** For exactly one caller: a State is given back once. */
  take(tokenHash: string, now: Date): Promise<KeptChallenge | undefined>
}

export type AskBackNeeds = {
  write: Write<{ directoryChallenges: DirectoryChallengeStore; audit: AuditLog }>
  directoryChallenges: Pick<DirectoryChallengeStore, 'find'>
  users: Pick<UserStore, 'findByKey'>
  sealing: Sealing
  clock: Clock
  random: Random
  ids: Ids
}

/** Servers forget what they have asked after a minute or a few, and some say when. */
const ANSWERED_WITHIN_SECONDS = 5 * 60
/** In characters, whole ones; a page shows it. */
const LONGEST_MESSAGE = 1_000

/** Keeps what the directory asked back, and gives out the token that alone can answer it. Opens nothing else. */
export async function askBack(
  { write, users, sealing, clock, random, ids }: AskBackNeeds,
  key: string | undefined,
  { message, echo, seconds = ANSWERED_WITHIN_SECONDS, state }: DirectoryChallenge,
  { address, userAgent }: From,
): Promise<Answer<'beginSignIn'>> {
  const now = clock.now()
  const id = ids.next()
  const token = newToken('dc', random)
  const shown = { message: [...message].slice(0, LONGEST_MESSAGE).join(''), echo }
  const kept = { key, ...shown, state: Buffer.from(state).toString('base64') }
  // The name as well: people type passwords into its box, and a server may ask back before it looks at anything.
  const sealed = sealing.seal(JSON.stringify(kept), placeOf(id))
  const expiresAt = new Date(now.getTime() + Math.min(seconds, ANSWERED_WITHIN_SECONDS) * 1000)
  const user = key === undefined ? undefined : await users.findByKey(key)
  await write(async ({ directoryChallenges, audit }) => {
    await directoryChallenges.insert({ id, tokenHash: tokenHash(token), sealed, address, expiresAt })
    await audit.write({ what: 'directory.challenged', at: now, userId: user?.id, address, userAgent })
  })
  return { ok: true, value: { outcome: 'challenged', challenge: token } }
}

export type Asked = Pick<DirectoryChallenge, 'message' | 'echo' | 'state'> & {
  key: string | undefined
  address: string | undefined
}

export async function readDirectoryChallenge(
  { directoryChallenges, sealing, clock }: Pick<AskBackNeeds, 'directoryChallenges' | 'sealing' | 'clock'>,
  token: string,
): Promise<Answer<'readDirectoryChallenge'>> {
  const kept = await directoryChallenges.find(tokenHash(token), clock.now())
  if (!kept) return { ok: true, value: { outcome: 'gone' } }
  const { message, echo } = opened(sealing, kept)
  return { ok: true, value: { outcome: 'asked', message, echo } }
}

/** Undefined: answered, too late, or never asked. */
export async function takeChallenge(
  { write, directoryChallenges, sealing, clock }: AskBackNeeds,
  token: string,
): Promise<Asked | undefined> {
  const [hash, now] = [tokenHash(token), clock.now()]
  // Read first: whoever makes tokens up causes no write.
  if (!(await directoryChallenges.find(hash, now))) return undefined
  const kept = await write(({ directoryChallenges }) => directoryChallenges.take(hash, now))
  return kept && opened(sealing, kept)
}

function opened(sealing: Sealing, { id, sealed, address }: KeptChallenge): Asked {
  const { key, message, echo, state } = JSON.parse(Buffer.from(sealing.open(sealed, placeOf(id))).toString())
  return { key, message, echo: echo === true, state: Buffer.from(state, 'base64'), address }
}

function placeOf(id: string): string {
  return `directory_challenge.sealed:${id}`
}
