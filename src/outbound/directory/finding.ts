/** What a step of a test came to, for an operator. `problem` is the same in words that do not change. */
export type Finding = {
  step: string
  ok: boolean
  /** With `ok`: sign-ins work, and something else will not. */
  problem?: Problem | undefined
  detail?: string | undefined
}

/** What there is to say of a step that went well. */
export type Said = string | Pick<Finding, 'problem' | 'detail'>

export type Problem =
  | 'name-unknown'
  | 'no-connection'
  | 'no-tls'
  | 'starttls-refused'
  | 'certificate-untrusted'
  | 'certificate-expired'
  | 'certificate-name'
  | 'bind-wrong'
  | 'bind-not-allowed'
  | 'password-expires'
  | 'base-missing'
  | 'nobody-found'
  | 'account-state'
  | 'attribute-missing'
  | 'ambiguous'
  | 'group-missing'
  | 'group-empty'
  | 'limited'
  | 'no-pages'
  | 'clock'

/** A problem that was recognised, while a step was tried. */
export class Trouble extends Error {
  readonly problem: Problem

  constructor(problem: Problem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}
