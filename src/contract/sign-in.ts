import { z } from 'zod'
import { operation } from './operation.ts'
import {
  AppPrompt,
  AskedText,
  Gone,
  Locked,
  Method,
  None,
  PhoneCall,
  Question,
  SecondStepVerdict,
  Session,
  TextedCode,
  TextMode,
  Time,
  Typed,
  TypedMethod,
  Wait,
} from './shapes.ts'

/** What is asked of a person as the second step, right now. */
export const SecondStep = z.object({
  purpose: z
    .enum(['sign-in', 'step-up'])
    .meta({ description: 'step-up: a signed-in person proves it again before a change' }),
  displayName: z.string(),
  method: Method,
  otherWays: z.array(Method),
  pin: z.boolean().meta({ description: 'the PIN is typed beside the code' }),
  /** How the text is answered, where the method is `text`. */
  textMode: TextMode.optional(),
  /** The newest text that asks for a reply, where that is the mode. */
  reply: AskedText.optional(),
  /** The open text whose code is typed, where that is the mode and one was sent. */
  text: TextedCode.optional(),
  /** The newest call, where the method is `call`. */
  call: PhoneCall.optional(),
  /** The newest prompt of the mobile app, where the method is `app`. */
  app: AppPrompt.optional(),
  /** What is asked, where the method is `questions`. */
  questions: z.array(Question).optional(),
  locked: z.object({ until: Time.optional() }).optional(),
  /** Changes whenever anything above does; what `awaitSecondStep` compares. */
  stamp: z.string(),
})

const Begun = z.object({
  outcome: z.literal('begun'),
  session: Session,
  next: z.enum(['second-step', 'user-setup']),
})
/** The directory asks back before it lets anybody in: `readDirectoryChallenge`, then `answerDirectoryChallenge`. */
const Challenged = z.object({ outcome: z.literal('challenged'), challenge: Session })
const Asked = z.object({ outcome: z.literal('asked'), message: z.string(), echo: z.boolean() })
/** The password was right and opens nothing before it is changed: by `changeExpiredPassword`, where it can be changed here. */
const MustChange = z.object({
  outcome: z.literal('must-change'),
  why: z.enum(['expired', 'reset']),
  changeable: z.boolean(),
})

export const signIn = {
  beginSignIn: operation({
    summary: 'Checks user name and password and tells what comes next. Texts or calls, where that is the method.',
    callers: ['anyone'],
    input: z.object({ username: z.string().max(256), password: z.string().max(1024) }),
    output: z.discriminatedUnion('outcome', [Begun, Challenged, MustChange, Wait]),
    refusals: ['credentials.wrong', 'sign-in.off', 'sign-in.hours', 'enrolment.off'],
  }),
  beginIntegratedSignIn: operation({
    summary: 'In place of the password: a trusted proxy has proven who it is. The second step is owed as after one.',
    callers: ['proven elsewhere'],
    input: z.object({}),
    output: Begun,
    refusals: ['credentials.wrong', 'sign-in.off', 'enrolment.off'],
  }),
  changeExpiredPassword: operation({
    summary:
      "Changes a password that the directory wants changed, by the old one and the directory's rules, and comes to what `beginSignIn` does with the new one. Of a password that need not be changed it changes nothing.",
    callers: ['anyone'],
    input: z.object({
      username: z.string().max(256),
      password: z.string().max(1024),
      chosen: z.string().max(1024),
    }),
    output: z.discriminatedUnion('outcome', [Begun, Challenged, MustChange, Wait]),
    refusals: [
      'credentials.wrong',
      'sign-in.off',
      'sign-in.hours',
      'enrolment.off',
      'password.unfit',
      'password.same',
      'password.rules',
      'password.not-here',
    ],
  }),
  readDirectoryChallenge: operation({
    summary:
      'What the directory asked back, in its own words: to be shown as text. `echo`: the reply may be seen while it is typed.',
    callers: ['anyone'],
    input: z.object({ challenge: Session }),
    output: z.discriminatedUnion('outcome', [Asked, Gone]),
    refusals: [],
  }),
  answerDirectoryChallenge: operation({
    summary:
      'The one reply to what the directory asked back. Comes to what `beginSignIn` does; another question may follow.',
    callers: ['anyone'],
    input: z.object({ challenge: Session, reply: z.string().max(1024) }),
    output: z.discriminatedUnion('outcome', [Begun, Challenged, MustChange, Wait, Gone]),
    refusals: ['credentials.wrong', 'sign-in.off', 'sign-in.hours', 'enrolment.off'],
  }),
  readSecondStep: operation({
    summary: 'What is asked as the second step, and how far it is.',
    callers: ['half signed in', 'signed in'],
    input: z.object({ way: Method.optional() }),
    output: SecondStep,
    refusals: ['way-in.none'],
  }),
  awaitSecondStep: operation({
    summary: 'Answers when the second step has changed since `stamp`, at the latest after `seconds`.',
    callers: ['half signed in', 'signed in'],
    input: z.object({ way: Method.optional(), stamp: z.string().max(200), seconds: z.int().min(1).max(25) }),
    output: SecondStep,
    refusals: ['way-in.none'],
  }),
  sendText: operation({
    summary:
      'Texts a new code to type for the second step; earlier ones are dead from then on. Where the mode is to reply, `startPrompt` does it.',
    callers: ['half signed in', 'signed in'],
    input: None,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('texted'), text: TextedCode }),
      Wait,
      Locked,
    ]),
    refusals: ['method.unavailable'],
  }),
  answerSecondStep: operation({
    summary: 'Judges the code that a person typed. Passing ends the old token and gives a new one.',
    callers: ['half signed in', 'signed in'],
    input: z.object({
      method: TypedMethod,
      code: Typed,
      pin: Typed.optional().meta({ description: "beside the code, where the person's mode asks for it" }),
    }),
    output: SecondStepVerdict,
    refusals: ['method.unavailable'],
  }),
  signOut: operation({
    summary: 'Ends this session or sign-in, everywhere and at once; `all` ends the other sessions of the person too.',
    callers: ['half signed in', 'setting up', 'choosing a PIN', 'signed in'],
    input: z.object({ all: z.boolean().default(false) }),
    output: z.object({ ended: z.int() }),
    refusals: [],
  }),
} as const
