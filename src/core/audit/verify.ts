import type { Keyring } from '../secrets/keyring.ts'
import { type Checkpoint, firstBreak, type Link, type Sealed, signedParts, start } from './chain.ts'
import type { SealedLog } from './chain-store.ts'

/** Everything that can be wrong with the log, and what it says of it. */
export const auditBreaks = {
  'row-changed': 'the entry was changed, or put in the place of another, after it was sealed',
  'row-missing': 'the entry that was sealed here is gone',
  'chain-rewritten': 'the chain up to here is not the one that the checkpoint signed',
  'checkpoint-forged': 'the checkpoint was not signed with a key of this database',
  'checkpoint-missing': 'entries are chained from here on, but no checkpoint signs them',
  'not-as-known': 'the hash is not the one that was noted before',
} as const

export type AuditBreak = { position: number; why: keyof typeof auditBreaks }
export type AuditState = {
  /** Entries that hold, from the first on. */
  sealed: number
  /** Checkpoints that hold. */
  checkpoints: number
  /** Entries of the last moments, which the chain does not cover yet. */
  unsealed: number
  /** Where the part that holds ends. Noted elsewhere, it later proves that nothing was cut off. */
  head: Link
  /** The first that is wrong. */
  broken?: AuditBreak | undefined
}

type Needs = { log: SealedLog; keyring: Pick<Keyring, 'macMatches'> }
type Options = { known?: Link | undefined; most?: number }
type Walked = { at: Link; checkpoints: number; broken?: AuditBreak | undefined }

/**
 * Reads the whole log, a page at a time, while it goes on being written.
 *
 * A log cut at a checkpoint, and that checkpoint with what follows it, is a true log of an earlier time: only `known`,
 * a head noted before and kept elsewhere, tells that it was longer.
 */
export async function verifyAudit(needs: Needs, { known, most = 500 }: Options = {}): Promise<AuditState> {
  // What is sealed at this moment never changes again, so the pages need no moment in common.
  const { signed, chained, unsealed } = await needs.log.extent()
  const { at, checkpoints, broken } = await walk(needs, { upTo: signed, known, most })
  const end = broken ?? beyond({ signed, chained, known })
  return { sealed: at.position, checkpoints, unsealed, head: at, broken: end }
}

type Walk = { upTo: number; known: Link | undefined; most: number }

async function walk({ log, keyring }: Needs, { upTo, known, most }: Walk): Promise<Walked> {
  let at = start
  let checkpoints = 0
  while (at.position < upTo) {
    const sealed = await log.entries({ after: at.position, upTo }, most)
    const last = sealed.at(-1)
    if (!last) return { at, checkpoints, broken: { position: at.position + 1, why: 'row-missing' } }

    const signatures = await log.checkpoints({ after: at.position, upTo: last.position })
    const broken = firstOf([
      firstBreak(at, sealed),
      ...signatures.map((signature) => wrongWith(keyring, signature, sealed)),
      known && differs(sealed, known),
    ])
    if (broken) {
      const whole = sealed.findLast(({ position }) => position < broken.position) ?? at
      const held = signatures.filter(({ position }) => position < broken.position).length
      return { at: linkOf(whole), checkpoints: checkpoints + held, broken }
    }
    at = linkOf(last)
    checkpoints += signatures.length
  }
  return { at, checkpoints }
}

function wrongWith(
  keyring: Needs['keyring'],
  { mac, ...signed }: Checkpoint,
  sealed: readonly Sealed[],
): AuditBreak | undefined {
  const { position, hash } = signed
  if (!keyring.macMatches(mac, ...signedParts(signed))) return { position, why: 'checkpoint-forged' }
  const entry = sealed.find((each) => each.position === position)
  return entry?.hash === hash ? undefined : { position, why: 'chain-rewritten' }
}

function differs(sealed: readonly Sealed[], { position, hash }: Link): AuditBreak | undefined {
  const entry = sealed.find((each) => each.position === position)
  return !entry || entry.hash === hash ? undefined : { position, why: 'not-as-known' }
}

function beyond({ signed, chained, known }: { signed: number; chained: number; known: Link | undefined }) {
  if (chained > signed) return { position: signed + 1, why: 'checkpoint-missing' } as const
  if (known && known.position > signed) return { position: signed + 1, why: 'row-missing' } as const
  return undefined
}

/** Of several at one position the first in the list: what the entry itself says comes before what is said of it. */
function firstOf(breaks: readonly (AuditBreak | undefined)[]): AuditBreak | undefined {
  return breaks
    .filter((each) => each !== undefined)
    .sort((a, b) => a.position - b.position)
    .at(0)
}

function linkOf({ position, hash }: Link): Link {
  return { position, hash }
}
