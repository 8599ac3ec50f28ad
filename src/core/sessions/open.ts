import type { From } from '../gate.ts'
import type { Ids } from '../ports.ts'
import type { SettingsSource } from '../settings/settings.ts'
import type { SessionStore } from './session.ts'
import { tokenHash } from './tokens.ts'

type Opening = { userId: string; token: string; from: From; now: Date; fallback?: boolean }

/** A session from now on, with the second step just given. */
export async function openSession(
  { ids, settings, sessions }: { ids: Ids; settings: SettingsSource; sessions: SessionStore },
  { userId, token, from, now, fallback = false }: Opening,
): Promise<void> {
  const expiresAt = new Date(now.getTime() + settings.current()['session.hours'] * 3_600_000)
  const { address, userAgent } = from
  await sessions.insert(
    { id: ids.next(), userId, provenAt: now, seenAt: now, expiresAt, address, userAgent, fallback },
    tokenHash(token),
  )
}
