import type {
  Activation,
  ActivationStore,
  AppAsk,
  AppAskStore,
  Device,
  DeviceStore,
} from '../core/methods/app/device.ts'
import { date, dateOrNone, number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function deviceStore(db: Rows): DeviceStore {
  return {
    async find(id) {
      const [row] = await db.rows(sql`SELECT * FROM device WHERE id = ${id}`)
      return row && deviceFromRow(row)
    },
    async listOf(userId) {
      const rows = await db.rows(sql`
        SELECT * FROM device WHERE user_id = ${userId} AND setup_id IS NULL ORDER BY added_at, id`)
      return rows.map(deviceFromRow)
    },
    async findOfSetup(setupId) {
      const [row] = await db.rows(sql`SELECT * FROM device WHERE setup_id = ${setupId}`)
      return row && deviceFromRow(row)
    },
    async insert(d, most) {
      const rows = await db.rows(sql`
        INSERT INTO device (id, user_id, setup_id, name, platform, public_key, sealed_push, sealed_seed, signed_at, added_at, seen_at)
        SELECT ${d.id}, users.id, ${orNull(d.setupId)}, ${d.name}, ${d.platform}, ${d.publicKey}, ${orNull(d.sealedPush)},
          ${orNull(d.sealedSeed)},          CAST(${d.signedAt} AS bigint), CAST(${d.addedAt.getTime()} AS bigint), CAST(${d.seenAt.getTime()} AS bigint)
        FROM users WHERE users.id = ${d.userId}
          AND (SELECT count(*) FROM device WHERE user_id = ${d.userId} AND setup_id IS NULL) < CAST(${most} AS bigint)
        RETURNING id`)
      return rows.length === 1
    },
    async settle(setupId) {
      await db.rows(sql`UPDATE device SET setup_id = NULL, sealed_seed = NULL WHERE setup_id = ${setupId}`)
    },
    async removeUnsettled(userId) {
      await db.rows(sql`DELETE FROM device WHERE user_id = ${userId} AND setup_id IS NOT NULL`)
    },
    async spendTime(id, time) {
      const rows = await db.rows(sql`
        UPDATE device SET signed_at = ${time} WHERE id = ${id} AND signed_at < ${time} RETURNING id`)
      return rows.length === 1
    },
    async touch(id, now) {
      await db.rows(sql`UPDATE device SET seen_at = ${now.getTime()} WHERE id = ${id} AND seen_at < ${now.getTime()}`)
    },
    async use(id, now) {
      await db.rows(sql`UPDATE device SET used_at = ${now.getTime()} WHERE id = ${id}`)
    },
    async setPush(id, sealedPush) {
      await db.rows(sql`UPDATE device SET sealed_push = ${orNull(sealedPush)} WHERE id = ${id}`)
    },
    async rename(userId, id, name) {
      const rows = await db.rows(sql`
        UPDATE device SET name = ${name} WHERE id = ${id} AND user_id = ${userId} RETURNING id`)
      return rows.length === 1
    },
    async remove(userId, id) {
      const rows = await db.rows(sql`DELETE FROM device WHERE id = ${id} AND user_id = ${userId} RETURNING id`)
      return rows.length === 1
    },
  }
}

export function activationStore(db: Rows): ActivationStore {
  return {
    async offer(a) {
      await db.rows(sql`DELETE FROM activation WHERE transaction_id = ${a.transactionId}`)
      const rows = await db.rows(sql`
        INSERT INTO activation
          (id, finder, user_id, transaction_id, setup, sealed_code, attempts_left, replaces, expires_at)
        VALUES (${a.id}, ${a.finder}, ${a.userId}, ${a.transactionId}, ${a.setup ? 1 : 0}, ${a.sealedCode},
          ${a.attemptsLeft}, ${orNull(a.replaces)}, ${a.expiresAt.getTime()})
        ON CONFLICT (finder) DO NOTHING RETURNING id`)
      return rows.length === 1
    },
    async find(transactionId) {
      const [row] = await db.rows(sql`SELECT * FROM activation WHERE transaction_id = ${transactionId}`)
      return row && activationFromRow(row)
    },
    async findOpen(finder, now) {
      const [row] = await db.rows(sql`
        SELECT * FROM activation
        WHERE finder = ${finder} AND used_at IS NULL AND expires_at > ${now.getTime()} AND attempts_left > 0`)
      return row && activationFromRow(row)
    },
    async spendAttempt(id, now) {
      const [row] = await db.rows(sql`
        UPDATE activation SET attempts_left = attempts_left - 1
        WHERE id = ${id} AND used_at IS NULL AND expires_at > ${now.getTime()} AND attempts_left > 0 RETURNING *`)
      return row && activationFromRow(row)
    },
    async use(id, deviceId, now) {
      const rows = await db.rows(sql`
        UPDATE activation SET used_at = ${now.getTime()}, device_id = ${deviceId}, sealed_code = ''
        WHERE id = ${id} AND used_at IS NULL AND expires_at > ${now.getTime()} RETURNING id`)
      return rows.length === 1
    },
  }
}

export function appAskStore(db: Rows): AppAskStore {
  return {
    async insert(a) {
      await db.rows(sql`
        INSERT INTO app_ask (prompt_id, challenge, wants_number, purpose, address, user_agent)
        VALUES (${a.promptId}, ${a.challenge}, ${a.wantsNumber ? 1 : 0}, ${a.purpose}, ${orNull(a.address)},
          ${orNull(a.userAgent)})`)
    },
    async find(promptId) {
      const [row] = await db.rows(sql`SELECT * FROM app_ask WHERE prompt_id = ${promptId}`)
      return row && askFromRow(row)
    },
    async answeredBy(promptId, deviceId) {
      await db.rows(sql`UPDATE app_ask SET device_id = ${deviceId} WHERE prompt_id = ${promptId}`)
    },
  }
}

function deviceFromRow(row: Row): Device {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    setupId: textOrNone(row.setup_id),
    name: text(row.name),
    platform: text(row.platform),
    publicKey: text(row.public_key),
    sealedPush: textOrNone(row.sealed_push),
    sealedSeed: textOrNone(row.sealed_seed),
    signedAt: number(row.signed_at),
    addedAt: date(row.added_at),
    seenAt: date(row.seen_at),
    usedAt: dateOrNone(row.used_at),
  }
}

function activationFromRow(row: Row): Activation {
  return {
    id: text(row.id),
    finder: text(row.finder),
    userId: text(row.user_id),
    transactionId: text(row.transaction_id),
    setup: number(row.setup) === 1,
    sealedCode: text(row.sealed_code),
    attemptsLeft: number(row.attempts_left),
    replaces: textOrNone(row.replaces),
    expiresAt: date(row.expires_at),
    deviceId: textOrNone(row.device_id),
  }
}

function askFromRow(row: Row): AppAsk {
  return {
    promptId: text(row.prompt_id),
    challenge: text(row.challenge),
    wantsNumber: number(row.wants_number) === 1,
    purpose: text(row.purpose) as AppAsk['purpose'],
    address: textOrNone(row.address),
    userAgent: textOrNone(row.user_agent),
    deviceId: textOrNone(row.device_id),
  }
}
