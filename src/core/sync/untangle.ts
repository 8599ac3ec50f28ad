import type { SyncStores } from './needs.ts'
import type { Known } from './person.ts'
import { planFor } from './plan.ts'
import { type About, type Result, type SettleNeeds, type Settling, settle } from './settle.ts'
import type { SourcePerson } from './source.ts'
import type { MailChanges } from './tell-mail.ts'

export type Pending = { person: SourcePerson; about: About; result: Result }
type Mover = Pending & { known: Known; key: string }

/**
 * People whose names were taken when their turn came: the holder may have another name by now, or they take each other's.
 * Whoever is known by an id may move; a name that stays somebody else's is left alone, and told.
 */
export async function untangle(
  needs: SettleNeeds,
  stores: SyncStores,
  pending: readonly Pending[],
  mails: MailChanges,
): Promise<Result[]> {
  const movers = await whoMayMove(stores, pending)
  for (const { known } of movers) await stores.people.park(known.id)
  const results: Result[] = []
  const inOrder = [...movers, ...pending.filter(({ person }) => !movers.some((mover) => mover.person === person))]
  for (const { person, about: asked } of inOrder) {
    const about = { ...asked, mails }
    const result = await settle(needs, stores, person, about)
    const isMover = movers.some((mover) => mover.person === person)
    if (isMover && result.did === 'conflict') throw new Error('A name that was free is taken within one unit of work.')
    results.push(
      result.did === 'conflict' && result.known ? await keepName(needs, stores, { person, about }, result) : result,
    )
  }
  return results
}

export async function whoMayMove(
  { people }: Pick<SyncStores, 'people'>,
  pending: readonly Pending[],
): Promise<Mover[]> {
  let movers: Mover[] = []
  for (const each of pending) {
    const { person, about } = each
    const known = await people.findByUid(about.kind, person.uid)
    const plan = known && planFor(person, known, about)
    // Whoever keeps a name needs none; parked, they would be left without.
    if (known && plan?.what === 'change' && plan.fields.includes('key'))
      movers.push({ ...each, known, key: plan.profile.key })
  }
  const holders = new Map<string, string | undefined>()
  for (const { key } of movers) holders.set(key, (await people.findByKey(key))?.id)
  for (;;) {
    const leaving = new Set(movers.map(({ known }) => known.id))
    const wanted = new Map<string, number>()
    for (const { key } of movers) wanted.set(key, (wanted.get(key) ?? 0) + 1)
    const still = movers.filter(({ key }) => {
      const holder = holders.get(key)
      return wanted.get(key) === 1 && (holder === undefined || leaving.has(holder))
    })
    if (still.length === movers.length) return movers
    movers = still
  }
}

/** The rest of what is new holds under the name from before. */
async function keepName(
  needs: SettleNeeds,
  stores: SyncStores,
  { person, about }: Pick<Pending, 'person'> & { about: Settling },
  result: Result,
): Promise<Result> {
  const { item } = about
  const follow = item.rules.follow.filter((each) => each !== 'names')
  const rest = await settle(needs, stores, person, { ...about, item: { ...item, rules: { ...item.rules, follow } } })
  return { ...result, known: rest.known }
}
