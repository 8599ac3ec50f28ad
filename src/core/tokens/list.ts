import type { Answer, Input } from '../../contract/contract.ts'
import type { OathToken, TokenStore } from '../methods/oath/token.ts'
import type { Clock } from '../ports.ts'
import { type UserStore, usernameKey } from '../users/user.ts'

export type ListNeeds = { users: UserStore; tokens: TokenStore; clock: Clock }

/** Hardware tokens for the operator: never their secrets. */
export async function listTokens(
  needs: ListNeeds,
  { which, username, after, most }: Input<'listTokens'>,
): Promise<Answer<'listTokens'>> {
  const { users, tokens } = needs
  if (username !== undefined) {
    const key = usernameKey(username)
    const user = key === undefined ? undefined : await users.findByKey(key)
    if (!user) return { ok: false, refusal: 'user.unknown' }
    const own = (await tokens.listOf(user.id)).filter(({ origin }) => origin === 'hardware')
    return {
      ok: true,
      value: { tokens: own.map((token) => shown(token, user.username, needs.clock.now())), more: false },
    }
  }
  const page = await tokens.page({ which, after, most: most + 1 })
  const names = await namesOf(users, page)
  const found = page.slice(0, most).map((token) => shown(token, names.get(token.userId ?? ''), needs.clock.now()))
  return { ok: true, value: { tokens: found, more: page.length > most } }
}

async function namesOf(users: UserStore, page: readonly OathToken[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const id of new Set(page.flatMap(({ userId }) => userId ?? []))) {
    const user = await users.find(id)
    if (user) names.set(id, user.username)
  }
  return names
}

function shown(token: OathToken, username: string | undefined, now: Date) {
  const { id, serial = '', manufacturer, model, kind, addedAt, usedAt } = token
  const times = { addedAt: addedAt.toISOString(), usedAt: usedAt?.toISOString() }
  return { id, serial, manufacturer, model, kind, username, ...times, state: stateOf(token, now) }
}

function stateOf({ startsAt, expiresAt, revokedAt }: OathToken, now: Date): 'live' | 'not yet' | 'expired' | 'revoked' {
  if (revokedAt) return 'revoked'
  if (startsAt && startsAt > now) return 'not yet'
  return expiresAt && expiresAt <= now ? 'expired' : 'live'
}
