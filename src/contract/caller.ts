/** What a portal administrator may be granted. The console ticks them one by one. */
export const permissions = ['users.read', 'users.add', 'users.change', 'users.unlock', 'users.remove'] as const
export type Permission = (typeof permissions)[number]

/**
 * Who may call an operation: proven by the credentials that come along, never by what the input says of itself.
 *
 * - `anyone`: nothing is proven yet.
 * - `proven elsewhere`: a proxy that the operator trusts has proven who the person is, in place of the password.
 * - `half signed in`: the password was right, the second step is still owed. Opens nothing but the second step.
 * - `setting up`: the password was right and the person has no second step yet. Opens nothing but User Setup.
 * - `choosing a PIN`: both steps were right, and a PIN must be chosen before anything opens. Opens nothing but that.
 * - `signed in`: both steps are done.
 * - `administrator: P`: signed in, and granted permission P.
 * - `device`: a device of a person, activated for the mobile app, by its signature over this very request.
 * - `service account`: another part of Sallyport, or another program, for itself and for no person.
 * - `console`: the operator, at the machine.
 */
export type Caller =
  | 'anyone'
  | 'proven elsewhere'
  | 'half signed in'
  | 'setting up'
  | 'choosing a PIN'
  | 'signed in'
  | `administrator: ${Permission}`
  | 'device'
  | 'service account'
  | 'console'

/** Who calls, and from where. A door fills it in; the engine alone decides what it is worth. */
export type Call = {
  /** The opaque token that the engine gave out, of a session or of a sign-in under way. */
  session?: string | undefined
  /** The service account whose password the door has checked. */
  account?: string | undefined
  /** What a device has signed: its credential, and the body word for word. The gate takes the input from that body. */
  device?: { credential: string; body: string } | undefined
  /** Only the command line sets it, in the engine's own process. */
  console?: true | undefined
  /** Whom a trusted proxy has proven. Only a portal in the engine's own process sets it: no door to the network carries it. */
  proven?: string | undefined
  /** The person's network address, for the throttle and the audit; as far as the door can know it. */
  address?: string | undefined
  /** The browser's name of itself, for the person's own activity list. */
  userAgent?: string | undefined
  /** A language the person reads, as a tag such as `en`; texts go out in it until the person has chosen one. */
  language?: string | undefined
}
