import type { Facts } from '../ports.ts'
import type { EventName } from './events.ts'

export type AuditEvent = {
  what: EventName
  at: Date
  userId?: string | undefined
  /** The person's network address, as far as known. */
  address?: string | undefined
  userAgent?: string | undefined
  /** Codes, ids and numbers. Never what a person typed, never a secret. */
  facts?: Facts | undefined
}

export type RecordedEvent = AuditEvent & { id: string; seq: number }

/** Append-only. Writing happens in the unit of work of what it records: neither is there without the other. */
export interface AuditLog {
  write(event: AuditEvent): Promise<void>
}

export interface AuditReader {
  /** Newest first, `most` at a time, older than the event with sequence `before`. */
  ofUser(
    userId: string,
    whats: readonly EventName[],
    before: number | undefined,
    most: number,
  ): Promise<RecordedEvent[]>
}
