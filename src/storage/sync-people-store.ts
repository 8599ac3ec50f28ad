import type { FirstMethod } from '../contract/shapes.ts'
import type { Modes } from '../core/policy/modes.ts'
import type { Known, LossReason, SyncPeople } from '../core/sync/person.ts'
import { likenessOf } from '../core/users/likeness.ts'
import type { DirectoryKind } from '../core/users/user.ts'
import { number, orNull, text, textOrNone } from './columns.ts'
import type { Rows } from './sql/database.ts'
import { type Row, sql } from './sql/query.ts'
import { modesOf, userLookup } from './user-lookup.ts'

export function syncPeople(db: Rows): SyncPeople {
  return {
    ...userLookup(db, fromRow),
    async page(directory, after, most) {
      const rows = await db.rows(sql`
        SELECT * FROM users WHERE directory = ${directory} AND directory_uid > ${after} ORDER BY directory_uid LIMIT ${most}`)
      return rows.map(fromRow)
    },
    async insert(person, now) {
      const at = now.getTime()
      const { preset } = person
      const rows = await db.rows(sql`
        INSERT INTO users (id, directory, directory_uid, username, username_key, likeness, first_name, last_name, display_name,
          mail, description, user_group, language, call_language, text_language, app_language, oath_language, phone,
          phone_extension, backup_phone, backup_extension, method, enrolled_at, preset_method, preset_modes, call_mode,
          text_mode, app_mode, oath_mode, sync_item, disabled_at, created_at)
        VALUES (${person.id}, ${person.directory}, ${person.uid}, ${person.username}, ${person.key}, ${likenessOf(person.key)},
          ${orNull(person.firstName)}, ${orNull(person.lastName)}, ${orNull(person.displayName)}, ${orNull(person.mail)},
          ${orNull(person.description)}, ${orNull(person.group)}, ${orNull(person.language)},
          ${orNull(person.callLanguage)}, ${orNull(person.textLanguage)}, ${orNull(person.appLanguage)},
          ${orNull(person.oathLanguage)}, ${orNull(person.phone)},
          ${orNull(person.phoneExtension)}, ${orNull(person.backupPhone)}, ${orNull(person.backupExtension)},
          ${orNull(person.method)}, ${person.method ? at : null}, ${orNull(preset.method)}, ${textOfModes(preset.modes)},
          ${orNull(preset.modes.call)}, ${orNull(preset.modes.text)}, ${orNull(preset.modes.app)}, ${orNull(preset.modes.oath)},
          ${person.item}, ${person.enabled ? null : at}, ${at})
        ON CONFLICT DO NOTHING RETURNING id`)
      return rows.length === 1
    },
    async update(id, to) {
      const rows = await db.rows(sql`
        UPDATE users SET username = ${to.username}, username_key = ${to.key}, likeness = ${likenessOf(to.key)},
          first_name = ${orNull(to.firstName)}, last_name = ${orNull(to.lastName)}, display_name = ${orNull(to.displayName)}, mail = ${orNull(to.mail)},
          description = ${orNull(to.description)}, user_group = ${orNull(to.group)}, language = ${orNull(to.language)},
          call_language = ${orNull(to.callLanguage)}, text_language = ${orNull(to.textLanguage)},
          app_language = ${orNull(to.appLanguage)}, oath_language = ${orNull(to.oathLanguage)},
          phone = ${orNull(to.phone)}, phone_extension = ${orNull(to.phoneExtension)},
          backup_phone = ${orNull(to.backupPhone)}, backup_extension = ${orNull(to.backupExtension)}, sync_item = ${to.item}
        WHERE id = ${id} AND NOT EXISTS (SELECT 1 FROM users other WHERE other.username_key = ${to.key} AND other.id <> ${id})
        RETURNING id`)
      return rows.length === 1
    },
    async setPreset(id, { method, modes: preset }, modes) {
      await db.rows(sql`
        UPDATE users SET preset_method = ${orNull(method)}, preset_modes = ${textOfModes(preset)},
          call_mode = ${orNull(modes.call)}, text_mode = ${orNull(modes.text)}, app_mode = ${orNull(modes.app)},
          oath_mode = ${orNull(modes.oath)}
        WHERE id = ${id} AND method IS NULL`)
    },
    async bind(id, directory, uid) {
      const rows = await db.rows(sql`
        UPDATE users SET directory = ${directory}, directory_uid = ${uid}
        WHERE id = ${id} AND (directory_uid IS NULL OR (directory = 'radius' AND ${directory} <> 'radius'))
          AND NOT EXISTS (SELECT 1 FROM users other WHERE other.directory = ${directory} AND other.directory_uid = ${uid})
        RETURNING id`)
      return rows.length === 1
    },
    async park(id) {
      // A control character: nobody can have, or type, that name.
      await db.rows(sql`UPDATE users SET username_key = ${`\u0001${id}`} WHERE id = ${id}`)
    },
    async disable(id, why, now) {
      const [row] = await db.rows(sql`SELECT disabled_at FROM users WHERE id = ${id}`)
      await db.rows(sql`
        UPDATE users SET disabled_at = coalesce(disabled_at, ${now.getTime()}), disabled_why = ${why}
        WHERE id = ${id} AND (disabled_at IS NULL OR disabled_why IS NOT NULL)`)
      return row !== undefined && row.disabled_at === null
    },
    async enable(id) {
      await db.rows(sql`
        UPDATE users SET disabled_at = NULL, disabled_why = NULL WHERE id = ${id} AND disabled_why IS NOT NULL`)
    },
    async countOf(item) {
      const [row] = await db.rows(sql`SELECT count(*) AS people FROM users WHERE sync_item = ${item}`)
      return number(row?.people)
    },
    async release(item, most) {
      const rows = await db.rows(sql`
        UPDATE users SET sync_item = NULL
        WHERE id IN (SELECT id FROM users WHERE sync_item = ${item} ORDER BY id LIMIT ${most}) RETURNING id`)
      return rows.length
    },
  }
}

function fromRow(row: Row): Known {
  return {
    id: text(row.id),
    uid: textOrNone(row.directory_uid),
    directory: text(row.directory) as DirectoryKind,
    item: textOrNone(row.sync_item),
    username: text(row.username),
    key: text(row.username_key),
    firstName: textOrNone(row.first_name),
    lastName: textOrNone(row.last_name),
    displayName: textOrNone(row.display_name),
    mail: textOrNone(row.mail),
    description: textOrNone(row.description),
    group: textOrNone(row.user_group),
    language: textOrNone(row.language),
    callLanguage: textOrNone(row.call_language),
    textLanguage: textOrNone(row.text_language),
    appLanguage: textOrNone(row.app_language),
    oathLanguage: textOrNone(row.oath_language),
    phone: textOrNone(row.phone),
    phoneExtension: textOrNone(row.phone_extension),
    backupPhone: textOrNone(row.backup_phone),
    backupExtension: textOrNone(row.backup_extension),
    enabled: row.disabled_at === null,
    disabledWhy: textOrNone(row.disabled_why) as LossReason | undefined,
    method: textOrNone(row.method) as FirstMethod | undefined,
    preset: {
      method: textOrNone(row.preset_method) as FirstMethod | undefined,
      modes: JSON.parse(textOrNone(row.preset_modes) ?? '{}'),
    },
    modes: modesOf(row),
  }
}

function textOfModes(modes: Partial<Modes>): string | null {
  return Object.keys(modes).length > 0 ? JSON.stringify(modes) : null
}
