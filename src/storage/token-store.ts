import type { OathToken, TokenStore } from '../core/methods/oath/token.ts'
import { date, dateOrNone, number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'
import { tokenOfferStore } from './token-offer-store.ts'
import { rhythmFromRow, timesOf } from './token-rhythm.ts'

export function tokenStore(db: Rows): TokenStore {
  return {
    ...tokenOfferStore(db),
    async listOf(userId) {
      const rows = await db.rows(sql`
        SELECT * FROM oath_token WHERE user_id = ${userId} AND revoked_at IS NULL ORDER BY added_at, id`)
      return rows.map(fromRow)
    },
    async findBySerial(serial) {
      const rows = await db.rows(sql`
        SELECT * FROM oath_token WHERE serial = ${serial} AND origin = 'hardware' ORDER BY manufacturer`)
      return rows.map(fromRow)
    },
    async page({ which, after, most }) {
      const query =
        which === 'all'
          ? sql`SELECT * FROM oath_token WHERE origin = 'hardware' AND id > ${after} ORDER BY id LIMIT ${most}`
          : sql`SELECT * FROM oath_token
              WHERE user_id IS NULL AND revoked_at IS NULL AND id > ${after} ORDER BY id LIMIT ${most}`
      return (await db.rows(query)).map(fromRow)
    },
    async spend({ id, userId = '' }, { first, last, drift }, now) {
      const rows = await db.rows(sql`
        UPDATE oath_token SET last_spent = ${last}, drift = ${drift}, used_at = ${now.getTime()}
        WHERE id = ${id} AND COALESCE(user_id, '') = ${userId} AND revoked_at IS NULL AND last_spent < ${first}
        RETURNING id`)
      return rows.length === 1
    },
    async insert(t) {
      const [period, drift] = timesOf(t)
      const rows = await db.rows(sql`
        INSERT INTO oath_token (id, user_id, origin, device_id, kind, serial, manufacturer, model, sealed_secret, algorithm,
          digits, period, drift, last_spent, starts_at, expires_at, added_at)
        VALUES (${t.id}, ${orNull(t.userId)}, ${t.origin}, ${orNull(t.deviceId)}, ${t.kind}, ${orNull(t.serial)},
          ${t.manufacturer ?? ''}, ${orNull(t.model)}, ${t.sealedSecret}, ${t.algorithm}, ${t.digits}, ${period}, ${drift},
          ${t.last}, ${timeOrNull(t.startsAt)}, ${timeOrNull(t.expiresAt)}, ${t.addedAt.getTime()})
        ON CONFLICT DO NOTHING RETURNING id`)
      return rows.length === 1
    },
    async assign(id, userId, now) {
      const rows = await db.rows(sql`
        UPDATE oath_token SET user_id = ${userId}, added_at = ${now.getTime()}
        WHERE id = ${id} AND origin = 'hardware' AND user_id IS NULL AND revoked_at IS NULL RETURNING id`)
      return rows.length === 1
    },
    async unassign(id, now) {
      const rows = await db.rows(sql`
        UPDATE oath_token SET user_id = NULL, added_at = ${now.getTime()}
        WHERE id = ${id} AND origin = 'hardware' AND user_id IS NOT NULL RETURNING id`)
      return rows.length === 1
    },
    async revoke(id, now) {
      const rows = await db.rows(sql`
        UPDATE oath_token SET revoked_at = ${now.getTime()}, sealed_secret = ''
        WHERE id = ${id} AND origin = 'hardware' AND revoked_at IS NULL RETURNING id`)
      return rows.length === 1
    },
    async removeApp(userId) {
      const rows = await db.rows(sql`DELETE FROM oath_token WHERE user_id = ${userId} AND origin = 'app' RETURNING id`)
      return rows.length === 1
    },
    async removeDevice(deviceId) {
      const rows = await db.rows(sql`DELETE FROM oath_token WHERE device_id = ${deviceId} RETURNING id`)
      return rows.length === 1
    },
  }
}

function timeOrNull(at: Date | undefined): number | null {
  return at?.getTime() ?? null
}

function fromRow(row: Row): OathToken {
  return {
    id: text(row.id),
    userId: textOrNone(row.user_id),
    origin: text(row.origin) as OathToken['origin'],
    deviceId: textOrNone(row.device_id),
    serial: textOrNone(row.serial),
    manufacturer: text(row.manufacturer) || undefined,
    model: textOrNone(row.model),
    sealedSecret: text(row.sealed_secret),
    algorithm: text(row.algorithm) as OathToken['algorithm'],
    digits: number(row.digits) as OathToken['digits'],
    last: number(row.last_spent),
    startsAt: dateOrNone(row.starts_at),
    expiresAt: dateOrNone(row.expires_at),
    addedAt: date(row.added_at),
    usedAt: dateOrNone(row.used_at),
    revokedAt: dateOrNone(row.revoked_at),
    ...rhythmFromRow(row),
  }
}
