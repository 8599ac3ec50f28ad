import { type LanguagesApart, speaking } from '../contract/languages.ts'
import type { FirstMethod } from '../contract/shapes.ts'
import { likenessOf } from '../core/users/likeness.ts'
import type { DirectoryKind, LocalPasswords, User, UserStore } from '../core/users/user.ts'
import { dateOrNone, number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'
import { modesOf, userLookup } from './user-lookup.ts'

export function userStore(db: Rows): UserStore {
  const { hold, findByKey, findByUid } = userLookup(db, fromRow)
  return {
    async find(id) {
      const [row] = await db.rows(sql`SELECT * FROM users WHERE id = ${id}`)
      return row && fromRow(row)
    },
    hold,
    findByKey,
    findByDirectoryUid: findByUid,
    async alike(likeness, most) {
      const rows = await db.rows(sql`SELECT * FROM users WHERE likeness = ${likeness} ORDER BY id LIMIT ${most}`)
      return rows.map(fromRow)
    },
    async insert(user) {
      const { id, directory, username, key, createdAt } = user
      const rows = await db.rows(sql`
        INSERT INTO users (id, directory, directory_uid, username, username_key, likeness, display_name, mail, language,
          call_language, text_language, app_language, oath_language, method, preset_method, phone, password_hash,
          enrolled_at, created_at)
        VALUES (${id}, ${directory}, ${orNull(user.directoryUid)}, ${username}, ${key}, ${likenessOf(key)},
          ${orNull(user.displayName)}, ${orNull(user.mail)}, ${orNull(user.language)}, ${orNull(user.languages.call)},
          ${orNull(user.languages.text)}, ${orNull(user.languages.app)}, ${orNull(user.languages.oath)},
          ${orNull(user.method)}, ${orNull(user.preset)}, ${orNull(user.phone)}, ${orNull(user.passwordHash)},
          ${user.method ? createdAt.getTime() : null}, ${createdAt.getTime()})
        ON CONFLICT DO NOTHING RETURNING id`)
      return rows.length === 1
    },
    async bindToDirectory(id, directory, uid) {
      const rows = await db.rows(sql`
        UPDATE users SET directory = ${directory}, directory_uid = ${uid}
        WHERE id = ${id} AND directory_uid IS NULL RETURNING id`)
      return rows.length === 1
    },
    async refresh(id, { username, key, displayName, mail }) {
      const rows = await db.rows(sql`
        UPDATE users SET username = ${username}, username_key = ${key}, likeness = ${likenessOf(key)},
          display_name = ${orNull(displayName)}, mail = ${orNull(mail)}
        WHERE id = ${id} AND NOT EXISTS (SELECT 1 FROM users other WHERE other.username_key = ${key} AND other.id <> ${id})
        RETURNING id`)
      return rows.length === 1
    },
    async spendAnswer(id, { tries, lockMs, budget }, now) {
      const at = now.getTime()
      const [row] = await db.rows(sql`
        UPDATE users SET failures = failures + 1,
          locked_until = CASE WHEN (failures + 1) % ${tries} = 0 THEN CAST(${at + lockMs} AS bigint) ELSE locked_until END
        WHERE id = ${id} AND failures < ${budget} AND (locked_until IS NULL OR locked_until <= ${at}) AND disabled_at IS NULL
          AND (blocked_until IS NULL OR blocked_until <= ${at})
        RETURNING *`)
      return row && fromRow(row)
    },
    async returnAnswer(id, { tries }) {
      await db.rows(sql`
        UPDATE users SET failures = failures - 1,
          locked_until = CASE WHEN failures % ${tries} = 0 THEN NULL ELSE locked_until END
        WHERE id = ${id} AND failures > 0`)
    },
    async clearFailures(id, now) {
      await db.rows(
        sql`UPDATE users SET failures = 0, locked_until = NULL, passed_at = ${now.getTime()} WHERE id = ${id}`,
      )
    },
    async setPhone(id, phone, extension) {
      await db.rows(sql`UPDATE users SET phone = ${phone}, phone_extension = ${orNull(extension)} WHERE id = ${id}`)
    },
    async setBackupPhone(id, phone, extension) {
      await db.rows(sql`
        UPDATE users SET backup_phone = ${orNull(phone)}, backup_extension = ${orNull(extension)} WHERE id = ${id}`)
    },
    async block(id, until) {
      await db.rows(sql`UPDATE users SET blocked_until = ${until.getTime()} WHERE id = ${id}`)
    },
    async unblock(id) {
      await db.rows(sql`UPDATE users SET blocked_until = NULL WHERE id = ${id}`)
    },
    async disable(id, now) {
      const rows = await db.rows(sql`
        UPDATE users SET disabled_at = coalesce(disabled_at, ${now.getTime()}), disabled_why = NULL
        WHERE id = ${id} AND (disabled_at IS NULL OR disabled_why IS NOT NULL) RETURNING id`)
      return rows.length === 1
    },
    async enable(id) {
      const rows = await db.rows(sql`
        UPDATE users SET disabled_at = NULL, disabled_why = NULL WHERE id = ${id} AND disabled_at IS NOT NULL RETURNING id`)
      return rows.length === 1
    },
    async remove(id) {
      await db.rows(sql`DELETE FROM users WHERE id = ${id}`)
    },
    async setMethod(id, method) {
      await db.rows(sql`UPDATE users SET method = ${method} WHERE id = ${id}`)
    },
    async setMode(id, method, mode) {
      await db.rows(sql`
        UPDATE users SET
          call_mode = CASE WHEN ${method} = 'call' THEN ${orNull(mode)} ELSE call_mode END,
          text_mode = CASE WHEN ${method} = 'text' THEN ${orNull(mode)} ELSE text_mode END,
          app_mode = CASE WHEN ${method} = 'app' THEN ${orNull(mode)} ELSE app_mode END,
          oath_mode = CASE WHEN ${method} = 'oath' THEN ${orNull(mode)} ELSE oath_mode END
        WHERE id = ${id}`)
    },
    async setLanguage(id, language) {
      await db.rows(sql`UPDATE users SET language = ${language} WHERE id = ${id}`)
    },
    async setLanguageOf(id, what, language) {
      await db.rows(sql`
        UPDATE users SET
          call_language = CASE WHEN ${what} = 'call' THEN ${orNull(language)} ELSE call_language END,
          text_language = CASE WHEN ${what} = 'text' THEN ${orNull(language)} ELSE text_language END,
          app_language = CASE WHEN ${what} = 'app' THEN ${orNull(language)} ELSE app_language END,
          oath_language = CASE WHEN ${what} = 'oath' THEN ${orNull(language)} ELSE oath_language END
        WHERE id = ${id}`)
    },
    async enrol(id, method, now) {
      const rows = await db.rows(sql`
        UPDATE users SET method = ${method}, enrolled_at = ${now.getTime()}
        WHERE id = ${id} AND method IS NULL RETURNING id`)
      return rows.length === 1
    },
    async setPasswordHash(id, hash) {
      await db.rows(sql`UPDATE users SET password_hash = ${hash} WHERE id = ${id}`)
    },
  }
}

/** Whether anybody could sign in. */
export async function hasUsers(db: Rows): Promise<boolean> {
  return (await db.rows(sql`SELECT id FROM users LIMIT 1`)).length === 1
}

export function localPasswords(db: Rows): LocalPasswords {
  return {
    async find(key) {
      const [row] = await db.rows(sql`
        SELECT id, username, display_name, mail, password_hash, disabled_at FROM users
        WHERE username_key = ${key} AND directory = 'local'`)
      if (!row) return undefined
      const person = {
        uid: text(row.id),
        username: text(row.username),
        displayName: textOrNone(row.display_name),
        mail: textOrNone(row.mail),
      }
      return { person, hash: textOrNone(row.password_hash) }
    },
  }
}

function fromRow(row: Row): User {
  return {
    id: text(row.id),
    directory: text(row.directory) as DirectoryKind,
    directoryUid: textOrNone(row.directory_uid),
    username: text(row.username),
    key: text(row.username_key),
    displayName: textOrNone(row.display_name),
    mail: textOrNone(row.mail),
    language: textOrNone(row.language),
    languages: languagesOf(row),
    enabled: row.disabled_at === null,
    synchronised: row.sync_item !== null,
    method: textOrNone(row.method) as FirstMethod | undefined,
    preset: textOrNone(row.preset_method) as FirstMethod | undefined,
    modes: modesOf(row),
    phone: textOrNone(row.phone),
    phoneExtension: textOrNone(row.phone_extension),
    backupPhone: textOrNone(row.backup_phone),
    backupExtension: textOrNone(row.backup_extension),
    failures: number(row.failures),
    lockedUntil: dateOrNone(row.locked_until),
    blockedUntil: dateOrNone(row.blocked_until),
  }
}

function languagesOf(row: Row): LanguagesApart {
  const set = speaking.flatMap((method) => {
    const language = textOrNone(row[`${method}_language`])
    return language === undefined ? [] : [[method, language]]
  })
  return Object.fromEntries(set)
}
