import { z } from 'zod'
import { Proven } from './factors.ts'
import { operation } from './operation.ts'
import { AppPrompt, Done, Gone, Locked, None, Time, Wait } from './shapes.ts'

/** What the person calls it. */
const Name = z.string().min(1).max(60)
const Id = z.string().max(64)
/** Base64url without padding. */
const Base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)

/** What `PushSubscription.toJSON()` gives (Push API section 8.1); `expirationTime` is not taken. */
const Subscription = z.object({
  endpoint: z.url().max(1_000),
  keys: z.object({ p256dh: Base64url.max(100), auth: Base64url.max(40) }),
})

const Account = z.object({
  company: z.string(),
  accent: z.string().meta({ description: 'a colour such as #1f4fd8' }),
  username: z.string(),
  displayName: z.string(),
  language: z.string().optional().meta({ description: 'that the person has for the app; missing: that of the device' }),
})

const OwnDevice = z.object({
  id: z.string(),
  name: z.string(),
  platform: z.string().meta({ description: 'as the app says of itself' }),
  addedAt: Time,
  seenAt: Time,
  usedAt: Time.optional().meta({ description: 'when it last approved something' }),
  push: z.boolean().meta({ description: 'it can be woken up' }),
})

/** One question, as a device may know it. The number that it must type is on the waiting page, and never here. */
const Question = z.object({
  id: z.string(),
  challenge: z.string().meta({ description: 'goes back with the answer, which is good for this question only' }),
  purpose: z.enum(['sign-in', 'step-up', 'app-proof']),
  application: z.string().meta({ description: 'what is signed in to' }),
  address: z.string().optional().meta({ description: 'the network address of whoever asks' }),
  place: z
    .object({ kind: z.enum(['named', 'private', 'this-machine']), name: z.string().optional() })
    .optional()
    .meta({ description: 'roughly where that is; missing when it is not known' }),
  browser: z.string().optional().meta({ description: 'the User-Agent of whoever asks' }),
  askedAt: Time,
  expiresAt: Time,
  number: z.boolean().meta({ description: 'two digits of the waiting page must be typed' }),
  pin: z.boolean().meta({ description: 'the PIN must be typed' }),
})
const Questions = z.object({ prompts: z.array(Question), stamp: z.string(), at: Time })

const state = z.enum(['waiting', 'used', 'over'])

/** The mobile app: activated from the portal, asked by the server, answered over the device protocol. */
export const devices = {
  offerActivation: operation({
    summary: 'Makes an activation code for one device; one that was made before in this session is dead.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: z.object({
      replaces: Id.optional().meta({ description: 'a device of the person, removed once the new one is there' }),
    }),
    output: z.object({ outcome: z.literal('offered') }),
    refusals: ['method.unavailable', 'pin.missing', 'device.too-many', 'device.unknown'],
  }),
  readActivation: operation({
    summary: 'The activation of this session, and in User Setup how far the proof of the new device is.',
    callers: ['setting up', 'signed in'],
    freshProof: true,
    input: None,
    output: z.object({
      displayName: z.string(),
      activation: z
        .object({
          state,
          code: z.string().optional().meta({ description: 'while it is waited for, in groups: K7QX-2M9D-T4WB' }),
          url: z.string().optional().meta({ description: 'of the app; missing where no address is configured' }),
          expiresAt: Time,
          device: z.object({ id: z.string(), name: z.string() }).optional().meta({ description: 'that has used it' }),
        })
        .optional(),
      proof: AppPrompt.optional(),
      stamp: z.string(),
    }),
    refusals: [],
  }),
  awaitActivation: operation({
    summary: 'Answers when the activation or its proof has changed since `stamp`, at the latest after `seconds`.',
    callers: ['setting up', 'signed in'],
    input: z.object({ stamp: z.string().max(200), seconds: z.int().min(1).max(25) }),
    output: z.object({ stamp: z.string() }),
    refusals: [],
  }),
  startAppProof: operation({
    summary: 'In User Setup: asks the device that was just activated.',
    callers: ['setting up'],
    input: None,
    output: z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('started') }), Wait, Gone]),
    refusals: ['method.unavailable'],
  }),
  finishAppProof: operation({
    summary: 'Ends User Setup with the device that has approved.',
    callers: ['setting up'],
    input: None,
    output: z.discriminatedUnion('outcome', [Proven, Gone]),
    refusals: [],
  }),
  listDevices: operation({
    summary: "The person's own devices, the oldest first, and how many one may have.",
    callers: ['signed in'],
    input: None,
    output: z.object({ devices: z.array(OwnDevice), most: z.int(), mayAdd: z.boolean() }),
    refusals: [],
  }),
  renameDevice: operation({
    summary: 'Gives a device another name.',
    callers: ['signed in'],
    freshProof: true,
    input: z.object({ id: Id, name: Name }),
    output: Done,
    refusals: ['device.unknown'],
  }),
  removeDevice: operation({
    summary: 'Takes a device off the account; it is dead from then on.',
    callers: ['signed in'],
    freshProof: true,
    input: z.object({ id: Id }),
    output: Done,
    refusals: ['device.unknown', 'way-in.last'],
  }),

  activateDevice: operation({
    summary: 'Puts a device on the account whose activation code it brings. POST /v1/activate.',
    callers: ['anyone'],
    input: z.object({
      code: z.string().max(64),
      publicKey: Base64url.max(100).meta({ description: 'a P-256 point, uncompressed, 65 bytes' }),
      proof: Base64url.max(100).meta({ description: "the key's signature over code and key" }),
      name: Name,
      platform: z.string().max(200).default(''),
      push: Subscription.optional(),
    }),
    output: z.discriminatedUnion('outcome', [
      z.object({
        outcome: z.literal('activated'),
        device: z.object({ id: z.string(), name: z.string() }),
        account: Account,
        oath: z
          .object({
            secret: z.string().meta({ description: 'base32, RFC 4648; told this once' }),
            algorithm: z.enum(['SHA1', 'SHA256', 'SHA512']),
            digits: z.int(),
            period: z.int().meta({ description: 'seconds' }),
          })
          .meta({ description: 'for codes without a network' }),
        pushKey: z.string().meta({ description: 'the applicationServerKey, RFC 8292' }),
        at: Time,
      }),
      Wait,
    ]),
    refusals: ['activation.refused', 'device.too-many'],
  }),
  readDevice: operation({
    summary: 'That this device is on the account, and what it shows of it.',
    callers: ['device'],
    signed: 'GET /v1/device',
    input: None,
    output: z.object({
      device: OwnDevice,
      account: Account,
      state: z.enum(['active', 'setting-up']).meta({ description: 'setting-up: until User Setup is finished' }),
      pushKey: z.string(),
      at: Time,
    }),
    refusals: ['clock.off'],
  }),
  listPrompts: operation({
    summary: 'What this device is asked now.',
    callers: ['device'],
    signed: 'GET /v1/prompts',
    input: None,
    output: Questions,
    refusals: ['clock.off'],
  }),
  awaitPrompts: operation({
    summary: 'Answers when what this device is asked has changed since `stamp`, at the latest after `seconds`.',
    callers: ['device'],
    signed: 'GET /v1/events',
    input: z.object({ stamp: z.string().max(200), seconds: z.int().min(1).max(25) }),
    output: Questions,
    refusals: ['clock.off'],
  }),
  answerPrompt: operation({
    summary: "Takes a device's one answer to a question.",
    callers: ['device'],
    signed: 'POST /v1/answer',
    input: z.object({
      prompt: Id,
      challenge: z.string().max(64),
      verdict: z.enum(['approve', 'deny', 'fraud']),
      number: z.string().max(8).optional(),
      pin: z.string().max(64).optional(),
    }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.enum(['approved', 'denied', 'wrong-number']) }),
      z.object({ outcome: z.literal('reported'), blocked: z.boolean() }),
      z.object({ outcome: z.literal('wrong-pin'), attemptsLeft: z.int().min(0) }),
      Gone,
      Locked,
    ]),
    refusals: ['clock.off', 'request.replayed'],
  }),
  setDevicePush: operation({
    summary: 'Sets how this device is woken up, or that it is not.',
    callers: ['device'],
    signed: 'POST /v1/push',
    input: z.object({ subscription: Subscription.nullable() }),
    output: z.object({ outcome: z.enum(['done', 'unsupported']) }),
    refusals: ['clock.off', 'request.replayed'],
  }),
  nameDevice: operation({
    summary: 'Gives this device another name.',
    callers: ['device'],
    signed: 'POST /v1/name',
    input: z.object({ name: Name }),
    output: z.object({ name: z.string() }),
    refusals: ['clock.off', 'request.replayed'],
  }),
  leaveAccount: operation({
    summary: 'Takes this device off the account.',
    callers: ['device'],
    signed: 'POST /v1/leave',
    input: None,
    output: Done,
    refusals: ['clock.off', 'request.replayed', 'way-in.last'],
  }),
} as const
