import { z } from 'zod'

/** Shapes that several operations share. Times are ISO 8601 in UTC. */
export const Session = z
  .string()
  .max(200)
  .meta({ description: 'opaque token, 256 bits, with a prefix for its purpose' })
export const Time = z.iso.datetime()
export const Typed = z
  .string()
  .max(64)
  .meta({ description: 'a code as typed; spaces, dashes and full-width digits are taken' })
/** What may be asked first at sign-in, and be set up in User Setup. */
export const FirstMethod = z.enum(['text', 'call', 'app', 'oath', 'passkey'])
export type FirstMethod = z.infer<typeof FirstMethod>
/** Every way to give a second step. What is no first method is only fallen back to. */
export const Method = z.enum([...FirstMethod.options, 'questions', 'recovery'])
export type Method = z.infer<typeof Method>
/**
 * A passkey is answered by the browser, a call by phone, a prompt in the app, and questions all at once: none of them by
 * typing a code into the page.
 */
export const TypedMethod = Method.exclude(['passkey', 'call', 'app', 'questions'])

/** For calls, texts, the app and OATH, where they are to be in another language than the person's own. */
export function languagesApart<Tag extends z.ZodType>(tag: Tag) {
  return z.object({ call: tag.optional(), text: tag.optional(), app: tag.optional(), oath: tag.optional() })
}

/** Where a text message stands: `sending` until a provider took it. */
export const Sending = z.enum(['sending', 'sent', 'failed'])
export const None = z.object({})

/** A code that was texted, and what is left of it. */
export const TextedCode = z.object({
  maskedNumber: z.string(),
  digits: z.int(),
  sending: Sending,
  expiresAt: Time,
  /** When another text may be asked for. */
  againAt: Time,
})

/** How a text is answered: by typing its code into the page, or by a text back. */
export const TextMode = z.enum(['one-way', 'one-way-pin', 'two-way', 'two-way-pin', 'two-way-number'])

/** A text that asks for a reply, and what came of it. */
export const AskedText = z.object({
  maskedNumber: z.string(),
  mode: TextMode.extract(['two-way', 'two-way-pin', 'two-way-number']),
  number: z.string().optional().meta({ description: 'to be texted back, where the mode asks for it' }),
  sending: Sending,
  state: z.enum(['waiting', 'approved', 'over']),
  outcome: z.enum(['wrong-reply', 'expired', 'replaced']).optional().meta({ description: 'where it is over' }),
  attemptsLeft: z
    .int()
    .optional()
    .meta({ description: 'after a reply that was not right: how many more are looked at' }),
  expiresAt: Time,
  /** When another text may be asked for. */
  againAt: Time,
})

/** A call for a second step or a proof, and what came of it. */
export const PhoneCall = z.object({
  maskedNumber: z.string(),
  backup: z.boolean().meta({ description: 'the backup phone rings, since the other was not answered' }),
  number: z.string().optional().meta({ description: 'to be keyed in by phone, where the mode asks for it' }),
  pin: z.boolean().meta({ description: 'the PIN is keyed in by phone' }),
  state: z.enum(['calling', 'failing', 'ringing', 'answered', 'approved', 'over']),
  outcome: z
    .enum([
      'wrong-pin',
      'wrong-number',
      'fraud',
      'hung-up',
      'no-answer',
      'busy',
      'unreachable',
      'declined',
      'expired',
      'replaced',
    ])
    .optional()
    .meta({ description: 'where it is over' }),
  expiresAt: Time,
  /** When another call may be asked for. */
  againAt: Time,
})

/** A question to the mobile app for a second step or a proof, and what came of it. */
export const AppPrompt = z.object({
  devices: z.array(z.string()).meta({ description: 'the names of those that may answer; the first answer counts' }),
  number: z
    .string()
    .optional()
    .meta({ description: 'two digits, to be typed in the app, where number matching is on' }),
  pin: z.boolean().meta({ description: 'the app asks for the PIN too' }),
  state: z.enum(['waiting', 'approved', 'over']),
  outcome: z
    .enum(['denied', 'fraud', 'wrong-number', 'locked', 'expired', 'replaced'])
    .optional()
    .meta({ description: 'where it is over' }),
  expiresAt: Time,
  /** When another prompt may be asked for. */
  againAt: Time,
})

/** A security question: by its id it is answered. */
export const Question = z.object({ id: z.string(), question: z.string() })

export const Wait = z.object({ outcome: z.literal('wait'), until: Time })
export const Wrong = z.object({ outcome: z.literal('wrong'), attemptsLeft: z.int().min(0) })
/** Expired, used, replaced by a newer one, or never there: one outcome, since telling them apart tells which ids are real. */
export const Gone = z.object({ outcome: z.literal('gone') })
/** `until` is missing when only an administrator, or another proven factor, opens it again. */
export const Locked = z.object({ outcome: z.literal('locked'), until: Time.optional() })
export const Done = z.object({ outcome: z.literal('done') })
/** Both steps were right, and a PIN must be chosen before anything opens: `choosePin` with this token ends the sign-in. */
export const NewPin = z.object({ outcome: z.literal('new-pin'), session: Session })

/** What any way of giving the second step ends in. */
export const SecondStepVerdict = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('passed'), session: Session }),
  NewPin,
  Wrong,
  Gone,
  Locked,
])
