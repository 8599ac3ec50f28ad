import type { Link } from '../core/audit/chain.ts'
import { auditBreaks, verifyAudit } from '../core/audit/verify.ts'
import type { Keyring } from '../core/secrets/keyring.ts'
import { sealedLog } from '../storage/audit-chain-store.ts'
import type { Database } from '../storage/sql/database.ts'

type Needs = {
  database: Database
  keyring: Pick<Keyring, 'macMatches'>
  /** `<position>:<hash>`, as an earlier run printed it and the operator kept it elsewhere. */
  known?: string | undefined
  print?: (line: string) => void
}

/** `sallyport audit verify`: whether the audit log is as it was written. Returns the exit code: 0, or 1 when it is not; 2 for a note it cannot read. */
export async function auditVerify({ database, keyring, known, print = console.log }: Needs): Promise<number> {
  const noted = known === undefined ? undefined : readNote(known)
  if (known !== undefined && !noted) {
    print('The note is not of the form <position>:<hash> that this command prints.')
    return 2
  }
  const { sealed, checkpoints, unsealed, head, broken } = await verifyAudit(
    { log: sealedLog(database), keyring },
    { known: noted },
  )
  if (broken) {
    print(`The audit log is BROKEN at entry ${broken.position}: ${auditBreaks[broken.why]}.`)
    print(`The ${sealed} entries before it hold, with ${checkpoints} checkpoints.`)
    return 1
  }
  print(`The audit log is whole: ${sealed} entries, ${checkpoints} checkpoints.`)
  print(`Not sealed yet: ${unsealed} entries of the last moments.`)
  if (sealed > 0) print(`To know later that nothing was cut off, keep this elsewhere: ${head.position}:${head.hash}`)
  return 0
}

function readNote(text: string): Link | undefined {
  const [, position, hash] = /^([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? []
  return position === undefined || hash === undefined ? undefined : { position: Number(position), hash }
}
