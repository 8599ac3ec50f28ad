import { z } from 'zod'
import { operation } from './operation.ts'
import { None, Time } from './shapes.ts'

export const service = {
  readSite: operation({
    summary: 'What the sign-in page shows before anyone is known.',
    callers: ['anyone'],
    input: None,
    output: z.object({
      companyName: z.string(),
      accent: z.string(),
      logo: z.string().optional().meta({ description: 'a data: URL of an SVG or PNG picture' }),
      helpLine: z.string().optional(),
      logInAllowed: z.boolean(),
      passkeySignIn: z.boolean().meta({ description: 'a passkey alone may sign in' }),
      language: z.string(),
      timeZone: z.string(),
      appUrl: z.string().optional().meta({ description: 'of the mobile app; missing where no address is configured' }),
    }),
    refusals: [],
  }),
  readMe: operation({
    summary: 'How far the person is whose token came along.',
    callers: ['anyone'],
    input: None,
    output: z.object({ level: z.enum(['anyone', 'half signed in', 'setting up', 'choosing a PIN', 'signed in']) }),
    refusals: [],
  }),
  readServer: operation({
    summary: 'That the server is there, its version and its time.',
    callers: ['service account'],
    input: None,
    output: z.object({ version: z.string(), at: Time }),
    refusals: [],
  }),
} as const
