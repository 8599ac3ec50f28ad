import type { Cursor, PeopleSource, Scope, SourcePerson } from '../../src/core/sync/source.ts'

/** What somebody has who keeps up with the directory by its changes alone. */
export function follower(source: PeopleSource, scope: Scope) {
  const people = new Map<string, SourcePerson>()
  let cursor: Cursor | undefined
  return {
    people,
    async catchUp({ whole = false } = {}) {
      let read = 0
      const take = async (page: readonly SourcePerson[]) => {
        read += page.length
        for (const person of page) people.set(person.uid, person)
      }
      const reading = await source.read(scope, whole ? undefined : cursor, take)
      cursor = reading.cursor
      for (const uid of people.keys()) if (!reading.present.has(uid)) people.delete(uid)
      const unknown = [...reading.present].filter((uid) => !people.has(uid))
      for (const person of await source.fetch(unknown, scope.base)) people.set(person.uid, person)
      return { read, whole: reading.whole }
    },
  }
}
