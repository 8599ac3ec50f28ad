import type { Call, Caller, Permission } from '../contract/caller.ts'
import {
  type Answer,
  type Api,
  type Contract,
  contract,
  type Input,
  type Name,
  perOperation,
} from '../contract/contract.ts'
import type { Operation } from '../contract/operation.ts'
import type { Clock } from './ports.ts'

/** Somebody whose password was right and who owes the second step, or is in User Setup. */
export type Pending = { level: 'half signed in' | 'setting up'; userId: string; signInId: string }
/** Both steps were right; `fallback`: the second by the OATH token, in place of the person's own method. */
export type Choosing = { level: 'choosing a PIN'; userId: string; signInId: string; fallback: boolean }
export type SignedIn = {
  level: 'signed in'
  userId: string
  sessionId: string
  /** When the second step was last given. */
  provenAt: Date
  permissions: ReadonlySet<Permission>
}
export type Who =
  | { level: 'anyone' }
  | { level: 'proven elsewhere'; username: string }
  | { level: 'half signed in'; userId: string; signInId: string }
  | { level: 'setting up'; userId: string; signInId: string }
  | Choosing
  | SignedIn
  /** A device, by its signature over this very call. `signedAt`: in milliseconds of its own clock. */
  | { level: 'device'; deviceId: string; userId: string; signedAt: number }
  | { level: 'service account'; account: string }
  | { level: 'console' }

/** An operation for the signed-in gets someone who is: the compiler says so, not a check in each handler. */
export type WhoFor<C extends Caller> = C extends 'anyone'
  ? Who
  : C extends `administrator: ${string}`
    ? SignedIn
    : Extract<Who, { level: C }>

/** What a handler may know of the call besides who and what. */
export type From = Pick<Call, 'address' | 'userAgent' | 'language'>

export type Handler<N extends Name> = (
  who: WhoFor<Contract[N]['callers'][number]>,
  input: Input<N>,
  from: From,
) => Promise<Answer<N>>
export type Handlers = { [N in Name]: Handler<N> }

type Needs = {
  handlers: Handlers
  /** Whom a token belongs to now, read anew at every call: what was ended a moment ago opens nothing. */
  whoHolds(token: string): Promise<Who>
  /** Which device has signed this call, read anew at every call as well. */
  whoSigned(signed: { credential: string; body: string; route: string }): Promise<Who | 'clock.off' | undefined>
  clock: Clock
  freshMinutes(): number
}

/** The one way into the engine. Every door calls it, so none can forget who may call or what an input may be. */
export function gate({ handlers, whoHolds, whoSigned, clock, freshMinutes }: Needs): Api {
  const through = (name: Name) => async (call: Call, raw: unknown) => {
    const { callers, input, freshProof, signed } = contract[name] as Operation & (typeof contract)[Name]

    const is = signed ? await whoSigns(call, signed, whoSigned) : await whoIs(call, whoHolds)
    if (is === 'clock.off') return { ok: false, refusal: is }
    const who = callerAmong(callers, is, call)
    if (!who) return { ok: false, refusal: 'caller.refused' }
    if (freshProof && isStale(who, clock.now(), freshMinutes())) return { ok: false, refusal: 'proof.stale' }

    // A body that was signed is the input, whatever came beside it: nobody on the way has a say in it.
    const parsed = input.safeParse(signed?.startsWith('POST') ? jsonOf(call.device?.body) : raw)
    if (!parsed.success) return { ok: false, refusal: 'input.malformed' }

    const { address, userAgent, language } = call
    const handler = handlers[name] as (who: Who, input: unknown, from: From) => Promise<Answer<Name>>
    return handler(who, parsed.data, { address, userAgent, language })
  }
  return perOperation(through) as Api
}

async function whoIs(call: Call, whoHolds: Needs['whoHolds']): Promise<Who> {
  return call.session === undefined ? { level: 'anyone' } : whoHolds(call.session)
}

async function whoSigns({ device }: Call, route: string, whoSigned: Needs['whoSigned']): Promise<Who | 'clock.off'> {
  return (device && (await whoSigned({ ...device, route }))) ?? { level: 'anyone' }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/** The caller as the row may take it, or nothing. A service account or the console never stands in for a person. */
export function callerAmong(callers: readonly Caller[], who: Who, { account, console, proven }: Call): Who | undefined {
  for (const caller of callers) {
    if (caller === 'anyone') return who
    if (caller === 'proven elsewhere' && proven !== undefined) return { level: caller, username: proven }
    if (caller === 'console' && console) return { level: 'console' }
    if (caller === 'service account' && account !== undefined) return { level: 'service account', account }
    if (caller === who.level) return who
    if (who.level === 'signed in' && [...who.permissions].some((p) => caller === `administrator: ${p}`)) return who
  }
  return undefined
}

/** User Setup begins with the password, and does not live long: that is its proof. */
function isStale(who: Who, now: Date, freshMinutes: number): boolean {
  return who.level === 'signed in' && now.getTime() - who.provenAt.getTime() > freshMinutes * 60_000
}
