import { z } from 'zod'
import { speaking } from './languages.ts'
import { operation } from './operation.ts'
import { Done, FirstMethod, languagesApart, None, Time } from './shapes.ts'
import { TokenKind } from './tokens.ts'

const Activity = z.object({
  id: z.string(),
  at: Time,
  event: z.string().meta({ description: 'a name of the audit table' }),
  method: z.string().optional(),
  address: z.string().optional(),
  userAgent: z.string().optional(),
})

/** A token of the organisation's that the person was given. */
const HardwareToken = z.object({
  serialEnd: z.string().meta({ description: 'the last characters of its serial number' }),
  model: z.string().optional(),
  kind: TokenKind,
  addedAt: Time,
  usedAt: Time.optional(),
  live: z.boolean().meta({ description: 'false outside of the time that its maker gave it' }),
})

export const account = {
  readAccount: operation({
    summary: 'The account page of the person who is signed in.',
    callers: ['signed in'],
    input: None,
    output: z.object({
      username: z.string(),
      displayName: z.string(),
      mail: z.string().optional(),
      method: FirstMethod,
      methods: z.array(FirstMethod).meta({ description: 'what the person may choose now' }),
      mayChoose: z.boolean(),
      language: z.string().optional(),
      languages: languagesApart(z.string()).meta({ description: 'where they differ from it' }),
      mayChooseLanguage: z.boolean(),
      phone: z.string().optional().meta({ description: 'in the grouping of its country' }),
      phoneExtension: z.string().optional(),
      mayChangePhone: z.boolean(),
      backupPhone: z.string().optional(),
      backupExtension: z.string().optional(),
      mayCall: z.boolean().meta({ description: 'may prove a phone by a call' }),
      token: z
        .object({ kind: TokenKind, addedAt: Time, usedAt: Time.optional() })
        .optional()
        .meta({ description: "an authenticator app, or a token of the person's own" }),
      hardwareTokens: z.array(HardwareToken),
      mayAddToken: z.boolean(),
      passkeys: z.int().meta({ description: 'how many' }),
      mayAddPasskey: z.boolean(),
      questions: z
        .int()
        .optional()
        .meta({ description: 'how many are answered; absent where there are none to be had' }),
      recoveryCodes: z
        .object({ made: z.int(), unused: z.int() })
        .optional()
        .meta({ description: 'how many; absent where there are none to be had' }),
      prompted: z
        .array(z.enum(['backup-phone', 'token']))
        .meta({ description: 'what User Setup asks for at its end, and is not there yet' }),
      pin: z.object({ setAt: Time }).optional(),
      pinAsked: z.boolean().meta({ description: 'a mode of the person asks for a PIN' }),
      proofFresh: z.boolean(),
    }),
    refusals: [],
  }),
  listActivity: operation({
    summary: "The person's own recent activity, newest first, a page at a time.",
    callers: ['signed in'],
    input: z.object({ before: z.string().max(64).optional(), most: z.int().min(1).max(100).default(20) }),
    output: z.object({ events: z.array(Activity), more: z.boolean() }),
    refusals: [],
  }),
  chooseLanguage: operation({
    summary: "Sets the person's language; calls, texts, the app and OATH come in it too, unless one of them is named.",
    callers: ['signed in'],
    input: z.object({
      language: z.string().max(16).optional().meta({ description: 'missing with `of`: as the person’s own' }),
      of: z.enum(speaking).optional().meta({ description: 'of this alone' }),
    }),
    output: Done,
    refusals: ['language.unknown'],
  }),
} as const
