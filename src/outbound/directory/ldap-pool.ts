import type { Session } from './ldap-session.ts'

/** A place for one session: whoever comes while it is being opened waits for the same. */
export type Slot = { opening: Promise<Session>; session?: Session; users: number; served: boolean }

export type Pool = {
  /** An idle session, a new one while there is room, else the one with the fewest users. Give it back. */
  take(): Slot
  give(slot: Slot): void
  /** Takes a session out for good, and all others at its server: it has died, and they may not know yet. */
  discard(slot: Slot): void
  close(): Promise<void>
}

const IDLE_MS = 60_000

/** Sessions that are opened when they are needed; all but one are ended after a while without use. */
export function sessionPool(open: () => Promise<Session>, most: number): Pool {
  const slots = new Set<Slot>()

  function add(): Slot {
    const slot: Slot = { opening: open(), users: 0, served: false }
    slots.add(slot)
    slot.opening.then(
      (session) => {
        slot.session = session
        if (!slots.has(slot)) endUnused(slot)
      },
      () => slots.delete(slot),
    )
    return slot
  }

  function end(slot: Slot): void {
    slots.delete(slot)
    slot.session?.client.unbind().catch(() => {})
  }

  function endUnused(slot: Slot): void {
    if (slot.users === 0) end(slot)
  }

  return {
    take() {
      const [best] = [...slots].sort((one, another) => one.users - another.users)
      const slot = !best || (best.users > 0 && slots.size < most) ? add() : best
      slot.users++
      return slot
    },

    give(slot) {
      slot.users--
      if (!slots.has(slot)) return endUnused(slot)
      setTimeout(() => slots.size > 1 && endUnused(slot), IDLE_MS).unref()
    },

    discard(slot) {
      const { server } = slot.session ?? {}
      end(slot)
      for (const other of slots) {
        if (server === undefined || other.session?.server.url !== server.url) continue
        slots.delete(other)
        endUnused(other)
      }
    },

    async close() {
      const all = [...slots]
      slots.clear()
      const sessions = await Promise.all(all.map(({ opening }) => opening.catch(() => undefined)))
      await Promise.all(sessions.map((session) => session?.client.unbind().catch(() => {})))
    },
  }
}
