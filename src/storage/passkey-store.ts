import type {
  Passkey,
  PasskeyChallenge,
  PasskeyChallengeStore,
  PasskeyPurpose,
  PasskeyStore,
} from '../core/methods/passkey/passkey.ts'
import { date, dateOrNone, number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'

export function passkeyStore(db: Rows): PasskeyStore {
  return {
    async listOf(userId) {
      const rows = await db.rows(sql`SELECT * FROM passkey WHERE user_id = ${userId} ORDER BY added_at, id`)
      return rows.map(passkeyFromRow)
    },
    async findByCredential(credentialId) {
      const [row] = await db.rows(sql`SELECT * FROM passkey WHERE credential_id = ${credentialId}`)
      return row && passkeyFromRow(row)
    },
    async insert(p) {
      const rows = await db.rows(sql`
        INSERT INTO passkey (id, user_id, credential_id, public_key, counter, transports, name, aaguid, backup, added_at)
        VALUES (${p.id}, ${p.userId}, ${p.credentialId}, ${p.publicKey}, ${p.counter}, ${p.transports.join(' ')}, ${p.name},
          ${p.aaguid}, ${p.backup}, ${p.addedAt.getTime()})
        ON CONFLICT (credential_id) DO NOTHING RETURNING id`)
      return rows.length === 1
    },
    async spendCounter({ id, userId }, { counter, backup }, now) {
      const rows = await db.rows(sql`
        UPDATE passkey SET counter = ${counter}, backup = ${backup}, used_at = ${now.getTime()}
        WHERE id = ${id} AND user_id = ${userId}
          AND (counter < ${counter} OR (counter = 0 AND CAST(${counter} AS bigint) = 0))
        RETURNING id`)
      return rows.length === 1
    },
    async rename(userId, id, name) {
      const rows = await db.rows(
        sql`UPDATE passkey SET name = ${name} WHERE id = ${id} AND user_id = ${userId} RETURNING id`,
      )
      return rows.length === 1
    },
    async remove(userId, id) {
      const rows = await db.rows(sql`DELETE FROM passkey WHERE id = ${id} AND user_id = ${userId} RETURNING id`)
      return rows.length === 1
    },
  }
}

export function passkeyChallengeStore(db: Rows): PasskeyChallengeStore {
  return {
    async open(c) {
      await db.rows(sql`
        INSERT INTO passkey_challenge (id, purpose, transaction_id, user_id, challenge, expires_at)
        VALUES (${c.id}, ${c.purpose}, ${c.transactionId}, ${orNull(c.userId)}, ${c.challenge}, ${c.expiresAt.getTime()})
        ON CONFLICT (transaction_id, purpose) DO UPDATE SET id = excluded.id, user_id = excluded.user_id,
          challenge = excluded.challenge, expires_at = excluded.expires_at`)
    },
    async find(transactionId, purpose, now) {
      const [row] = await db.rows(sql`
        SELECT * FROM passkey_challenge
        WHERE transaction_id = ${transactionId} AND purpose = ${purpose} AND expires_at > ${now.getTime()}`)
      return row && challengeFromRow(row)
    },
    async take({ id, transactionId, purpose }, now) {
      const rows = await db.rows(sql`
        DELETE FROM passkey_challenge
        WHERE id = ${id} AND transaction_id = ${transactionId} AND purpose = ${purpose} AND expires_at > ${now.getTime()}
        RETURNING id`)
      return rows.length === 1
    },
  }
}

function passkeyFromRow(row: Row): Passkey {
  return {
    id: text(row.id),
    userId: text(row.user_id),
    credentialId: text(row.credential_id),
    publicKey: text(row.public_key),
    counter: number(row.counter),
    transports: text(row.transports).split(' ').filter(Boolean),
    name: text(row.name),
    aaguid: text(row.aaguid),
    backup: text(row.backup) as Passkey['backup'],
    addedAt: date(row.added_at),
    usedAt: dateOrNone(row.used_at),
  }
}

function challengeFromRow(row: Row): PasskeyChallenge {
  return {
    id: text(row.id),
    purpose: text(row.purpose) as PasskeyPurpose,
    transactionId: text(row.transaction_id),
    userId: textOrNone(row.user_id),
    challenge: text(row.challenge),
    expiresAt: date(row.expires_at),
  }
}
