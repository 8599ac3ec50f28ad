/**
 * How a failure is met by whoever hears of it. `unavailable`: something we depend on is down, try later.
 * `busy`: we are full, try in a moment. `misconfigured`: an operator must act. `broken`: a defect of ours.
 */
export type ErrorKind = 'unavailable' | 'busy' | 'misconfigured' | 'broken'

type Row = { kind: ErrorKind; meaning: string; remedy: string; exit?: number }

/**
 * Every error that is an exception. Expected "no"s are refusals in the contract, not errors.
 * `exit` is the exit code where the error ends the program; `docs/reference/errors.md` is made from this table.
 */
export const errors = {
  'directory.unreachable': {
    kind: 'unavailable',
    meaning: 'The directory that checks passwords did not answer, or refused our own sign-in.',
    remedy: 'Run `sallyport directory test`; it says which step fails.',
  },
  'directory.missing': {
    kind: 'misconfigured',
    meaning: 'The directory has no such container or group, or does not show it to our account.',
    remedy: 'Look for it by `sallyport directory find`, and name it by its DN.',
  },
  'directory.untrusted': {
    kind: 'unavailable',
    meaning: "The directory's certificate is not trusted, or is for another name.",
    remedy: 'Put its CA certificate into `directory.ldap.ca`, `directory.windows.ca` or `directory.radius.tls.ca`.',
  },
  'delivery.failed': {
    kind: 'unavailable',
    meaning: 'A provider did not take a message.',
    remedy: "Look at the provider's answer in the log; check address and credentials under `sms` or `voice`.",
  },
  'delivery.unreachable': {
    kind: 'unavailable',
    meaning: 'A provider did not answer.',
    remedy: 'Check that it runs, its address under `sms` or `voice`, and what the log says of the connection.',
  },
  'delivery.refused': {
    kind: 'unavailable',
    meaning: 'A provider refused a message for good.',
    remedy: "Look at the provider's answer in the log: mostly the recipient's address or the sender's is wrong.",
  },
  'engine.unreachable': {
    kind: 'unavailable',
    meaning: 'The portal could not reach the MFA Server.',
    remedy: 'Check WEB_SERVICE_SDK_URL, the certificate and that the server runs.',
  },
  'engine.refused': {
    kind: 'unavailable',
    meaning: "The MFA Server refused the portal's service account.",
    remedy:
      'Check WEB_SERVICE_SDK_AUTHENTICATION_USERNAME and _PASSWORD; `sallyport service-account set-password` sets a new one.',
  },
  'engine.untrusted': {
    kind: 'unavailable',
    meaning: "The MFA Server's certificate is not trusted, or is not the one whose fingerprint was given.",
    remedy: 'Give its CA file (WEB_SERVICE_SDK_CA) or its fingerprint (WEB_SERVICE_SDK_FINGERPRINT).',
  },
  'engine.misunderstood': {
    kind: 'broken',
    meaning: 'The MFA Server answered in a shape that this portal does not know.',
    remedy: 'Run the same version on both machines.',
  },
  'queue.full': {
    kind: 'busy',
    meaning: 'More work is waiting than can be done in time.',
    remedy: 'Try again in a moment; if it lasts, give the server more room.',
  },
  'database.unreachable': {
    kind: 'unavailable',
    meaning: 'The database did not answer.',
    remedy: 'Check DATABASE_URL and that the database runs.',
    exit: 74,
  },
  'database.newer': {
    kind: 'misconfigured',
    meaning: 'The database was made by a newer Sallyport than this one.',
    remedy: 'Start the newer program, or restore the backup made before the upgrade.',
    exit: 65,
  },
  'database.unwritable': {
    kind: 'misconfigured',
    meaning: 'The data folder or the database file cannot be written.',
    remedy: 'Give the account that runs Sallyport the right to write there, or name another folder with --data.',
    exit: 73,
  },
  'key.missing': {
    kind: 'misconfigured',
    meaning: 'The database holds sealed secrets, but the master key is not there.',
    remedy: 'Put master.key back into the data folder, or set SALLYPORT_MASTER_KEY.',
    exit: 78,
  },
  'key.wrong': {
    kind: 'misconfigured',
    meaning: 'The master key does not open the secrets of this database.',
    remedy: 'Use the master key that belongs to this database.',
    exit: 78,
  },
  'key.exposed': {
    kind: 'misconfigured',
    meaning: 'The master key file can be read by other accounts of this machine.',
    remedy: 'chmod 600 the file.',
    exit: 78,
  },
  'secret.unreadable': {
    kind: 'broken',
    meaning: 'A sealed secret could not be opened: it was changed, moved to another row, or its key is gone.',
    remedy: 'Restore the row from a backup; the person can enrol again.',
  },
  'config.wrong': {
    kind: 'misconfigured',
    meaning: 'The configuration has mistakes.',
    remedy: 'Each is listed with its line, its value and what to do.',
    exit: 78,
  },
  'port.taken': {
    kind: 'misconfigured',
    meaning: 'Another program listens on that port.',
    remedy: 'Stop it, or choose another port.',
    exit: 69,
  },
  'port.refused': {
    kind: 'misconfigured',
    meaning: 'This machine does not let us listen there.',
    remedy: 'Choose an address of this machine, and a port above 1023 or an account that may use lower ones.',
    exit: 77,
  },
  'tls.wrong': {
    kind: 'misconfigured',
    meaning: 'The certificate or its key cannot be used.',
    remedy: 'Check that both files are PEM, belong together and can be read.',
    exit: 78,
  },
} as const satisfies Record<string, Row>

export type ErrorCode = keyof typeof errors

/** A surprise with a name. The message is for the operator's log; the public sees the kind only. */
export class AppError extends Error {
  readonly code: ErrorCode
  /** Which, where: what the meaning of the code leaves open. */
  readonly detail: string | undefined

  constructor(code: ErrorCode, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super(detail ? `${errors[code].meaning} (${detail})` : errors[code].meaning, { cause })
    this.name = 'AppError'
    this.code = code
    this.detail = detail
  }

  get kind(): ErrorKind {
    return errors[this.code].kind
  }
}
