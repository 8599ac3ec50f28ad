import type { Answer, Input } from '../../contract/contract.ts'
import type { AuditLog } from '../audit/audit.ts'
import { type OathToken, secretPlace, type TokenStore } from '../methods/oath/token.ts'
import type { Clock, Ids, Write } from '../ports.ts'
import type { Sealing } from '../secrets/sealing.ts'
import { type User, type UserStore, usernameKey } from '../users/user.ts'
import { enrolWithToken } from './enrol.ts'

type Stores = { users: UserStore; tokens: TokenStore; audit: AuditLog }
export type ImportNeeds = {
  write: Write<Stores>
  users: UserStore
  tokens: TokenStore
  sealing: Sealing
  clock: Clock
  ids: Ids
}
type NewToken = Input<'importTokens'>['tokens'][number]
type Ready = { token: Parameters<TokenStore['insert']>[0]; owner: User | undefined }

/**
 * Takes in a batch of hardware tokens in one unit of work. A token that is here already, revoked or not, stays as it is. Its
 * owner is not told by text: a file of thousands would be as many texts.
 */
export async function importTokens(
  needs: ImportNeeds,
  { dryRun, tokens }: Input<'importTokens'>,
): Promise<Answer<'importTokens'>> {
  const now = needs.clock.now()
  const owners = await ownersOf(needs.users, tokens)
  const ready = tokens.map((token) => readyOf(needs, token, owners.get(token.owner ?? ''), now))
  const unowned = placesWhere(tokens, ({ owner = '' }) => owner !== '' && !owners.has(owner))
  const taken = dryRun
    ? await placesHere(needs.tokens, ready)
    : await needs.write(async (stores) => {
        const refused: number[] = []
        for (const [place, each] of ready.entries()) if (!(await takeIn(stores, each, now))) refused.push(place)
        return refused
      })
  const fresh = ready.filter((_, place) => !taken.includes(place))
  const assigned = fresh.filter(({ owner }) => owner).length
  return { ok: true, value: { imported: fresh.length, assigned, taken, unowned } }
}

function placesWhere<T>(items: readonly T[], is: (item: T) => boolean): number[] {
  return items.flatMap((item, place) => (is(item) ? [place] : []))
}

async function ownersOf(users: UserStore, tokens: readonly NewToken[]): Promise<Map<string, User>> {
  const found = new Map<string, User>()
  for (const name of new Set(tokens.map(({ owner = '' }) => owner))) {
    const key = name === '' ? undefined : usernameKey(name)
    const user = key === undefined ? undefined : await users.findByKey(key)
    if (user) found.set(name, user)
  }
  return found
}

function readyOf({ sealing, ids }: ImportNeeds, given: NewToken, owner: User | undefined, now: Date): Ready {
  const id = ids.next()
  const { serial, manufacturer, model, secret, algorithm, digits, startsAt, expiresAt } = given
  const common = {
    id,
    userId: owner?.id,
    origin: 'hardware',
    serial,
    manufacturer,
    model,
    sealedSecret: sealing.seal(Buffer.from(secret, 'hex'), secretPlace(id)),
    algorithm,
    digits,
    startsAt: startsAt === undefined ? undefined : new Date(startsAt),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    addedAt: now,
  } as const
  const token =
    given.kind === 'hotp'
      ? ({ ...common, kind: 'hotp', last: given.counter - 1 } as const)
      : ({ ...common, kind: 'totp', period: given.period, drift: given.drift, last: -1 } as const)
  return { token, owner }
}

async function takeIn({ users, tokens, audit }: Stores, { token, owner }: Ready, now: Date): Promise<boolean> {
  if (!(await tokens.insert(token))) return false
  const { serial, manufacturer } = token
  const facts = { serial, manufacturer, by: 'operator' }
  await audit.write({ what: 'token.imported', at: now, facts })
  if (owner) {
    await audit.write({ what: 'token.assigned', at: now, userId: owner.id, facts })
    await enrolWithToken({ users, audit }, owner.id, now)
  }
  return true
}

async function placesHere(tokens: TokenStore, ready: readonly Ready[]): Promise<number[]> {
  const places: number[] = []
  for (const [place, { token }] of ready.entries()) {
    const alike = await tokens.findBySerial(token.serial ?? '')
    if (alike.some((each: OathToken) => (each.manufacturer ?? '') === token.manufacturer)) places.push(place)
  }
  return places
}
