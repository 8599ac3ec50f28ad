import type { PushKeyStore } from '../core/methods/app/push-keys.ts'
import { text } from './columns.ts'
import type { Database } from './sql/database.ts'
import { sql } from './sql/query.ts'

export function pushKeyStore(database: Database): PushKeyStore {
  return {
    async find() {
      const [row] = await database.rows(sql`SELECT * FROM push_key WHERE name = 'vapid'`)
      return row && { publicKey: text(row.public_key), sealedPrivateKey: text(row.sealed_private_key) }
    },
    async insert({ publicKey, sealedPrivateKey }, now) {
      await database.write((tx) =>
        tx.rows(sql`
          INSERT INTO push_key (name, public_key, sealed_private_key, created_at)
          VALUES ('vapid', ${publicKey}, ${sealedPrivateKey}, ${now.getTime()})
          ON CONFLICT (name) DO NOTHING`),
      )
    },
  }
}
