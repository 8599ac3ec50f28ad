import type { Leftover, Leftovers } from '../core/housekeeping/sweep.ts'
import type { Rows } from './sql/database.ts'
import { type Query, sql } from './sql/query.ts'

export function leftovers(tx: Rows): Leftovers {
  return {
    async remove(what, before, most) {
      return (await tx.rows(removals[what](before.getTime(), most))).length
    },
  }
}

/**
 * The inner query takes a few by the index of their time. The outer condition stands for what has been renewed since
 * (PostgreSQL chooses from a snapshot); its `+` keeps SQLite from using that index there too, which would walk through
 * all that is over for each batch.
 */
const removals: Record<Leftover, (before: number, most: number) => Query> = {
  'sign-in': (before, most) => sql`
    DELETE FROM sign_in WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM sign_in WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  session: (before, most) => sql`
    DELETE FROM session WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM session WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  challenge: (before, most) => sql`
    DELETE FROM challenge WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM challenge WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  prompt: (before, most) => sql`
    DELETE FROM prompt WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM prompt WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  'taken-reply': (before, most) => sql`
    DELETE FROM taken_reply WHERE +taken_at <= ${before} AND (provider, provider_id) IN (
      SELECT provider, provider_id FROM taken_reply WHERE taken_at <= ${before} ORDER BY taken_at LIMIT ${most})
    RETURNING provider_id`,
  'token-offer': (before, most) => sql`
    DELETE FROM token_offer WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM token_offer WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  'passkey-challenge': (before, most) => sql`
    DELETE FROM passkey_challenge WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM passkey_challenge WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  'directory-challenge': (before, most) => sql`
    DELETE FROM directory_challenge WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM directory_challenge WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  activation: (before, most) => sql`
    DELETE FROM activation WHERE +expires_at <= ${before} AND id IN (
      SELECT id FROM activation WHERE expires_at <= ${before} ORDER BY expires_at LIMIT ${most}) RETURNING id`,
  'unsettled-device': (before, most) => sql`
    DELETE FROM device WHERE setup_id IS NOT NULL AND id IN (
      SELECT id FROM device WHERE setup_id IS NOT NULL AND added_at <= ${before} ORDER BY added_at LIMIT ${most})
    RETURNING id`,
  throttle: (before, most) => sql`
    DELETE FROM throttle WHERE +forget_at <= ${before} AND key IN (
      SELECT key FROM throttle WHERE forget_at <= ${before} ORDER BY forget_at LIMIT ${most}) RETURNING key`,
  'known-address': (before, most) => sql`
    DELETE FROM known_address WHERE +seen_at <= ${before} AND (username_key, place) IN (
      SELECT username_key, place FROM known_address WHERE seen_at <= ${before} ORDER BY seen_at LIMIT ${most})
    RETURNING place`,
  delivery: (before, most) => sql`
    DELETE FROM delivery WHERE +ended_at <= ${before} AND id IN (
      SELECT id FROM delivery WHERE ended_at <= ${before} ORDER BY ended_at LIMIT ${most}) RETURNING id`,
}
