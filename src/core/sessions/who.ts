import type { Who } from '../gate.ts'
import type { Clock, Write } from '../ports.ts'
import type { Settings, SettingsSource } from '../settings/settings.ts'
import type { SessionStore, SignIn, SignInStore } from './session.ts'
import { purposeOf, tokenHash } from './tokens.ts'

type Needs = {
  signIns: SignInStore
  sessions: SessionStore
  write: Write<{ sessions: SessionStore }>
  settings: SettingsSource
  clock: Clock
}

const TOUCH_EVERY_MS = 60_000
const nobody: Who = { level: 'anyone' }

/** Whom a token belongs to now. Asked at every call, so that what was ended a moment ago opens nothing. */
export function whoHolds({ signIns, sessions, write, settings, clock }: Needs) {
  return async (token: string): Promise<Who> => {
    const now = clock.now()
    switch (purposeOf(token)) {
      case undefined:
      case 'dc':
        return nobody
      case 'si': {
        const signIn = await signIns.findOpen(tokenHash(token), now)
        if (!signIn) return nobody
        return pendingOf(signIn)
      }
      case 'se': {
        const session = await sessions.findOpen(tokenHash(token), now, idleSince(settings.current(), now))
        if (!session) return nobody
        if (now.getTime() - session.seenAt.getTime() > TOUCH_EVERY_MS)
          await write(({ sessions }) => sessions.touch(session.id, now))
        const { id, userId, provenAt } = session
        return { level: 'signed in', userId, sessionId: id, provenAt, permissions: new Set() }
      }
    }
  }
}

function pendingOf({ id: signInId, userId, stage }: SignIn): Who {
  switch (stage) {
    case 'second-step':
      return { level: 'half signed in', userId, signInId }
    case 'user-setup':
      return { level: 'setting up', userId, signInId }
    case 'new-pin':
    case 'new-pin-fallback':
      return { level: 'choosing a PIN', userId, signInId, fallback: stage === 'new-pin-fallback' }
  }
}

function idleSince(settings: Settings, now: Date): { own: Date; fallback: Date } {
  const since = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  const idle = settings['session.idle_minutes']
  return { own: since(idle), fallback: since(Math.min(idle, settings['portal.oath_fallback_minutes'])) }
}
