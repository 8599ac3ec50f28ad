import type { TakenReplyStore } from '../core/methods/text/asked-text.ts'
import type { Rows } from './sql/database.ts'
import { sql } from './sql/query.ts'

export function takenReplyStore(db: Rows): TakenReplyStore {
  return {
    async take({ provider, providerId }, now, lost) {
      const at = now.getTime()
      const taken = await db.rows(sql`
        INSERT INTO taken_reply (provider, provider_id, taken_at) VALUES (${provider}, ${providerId}, ${at})
        ON CONFLICT (provider, provider_id) DO UPDATE SET taken_at = ${at}
          WHERE taken_reply.settled_at IS NULL AND taken_reply.taken_at <= ${lost.getTime()}
        RETURNING provider_id`)
      if (taken.length === 1) return 'new'
      const [row] = await db.rows(sql`
        SELECT settled_at FROM taken_reply WHERE provider = ${provider} AND provider_id = ${providerId}`)
      return row?.settled_at === null ? 'under-way' : 'settled'
    },
    async settle({ provider, providerId }, now) {
      await db.rows(sql`
        UPDATE taken_reply SET settled_at = ${now.getTime()}
        WHERE provider = ${provider} AND provider_id = ${providerId}`)
    },
  }
}
