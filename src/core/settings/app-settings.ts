import { z } from 'zod'
import { isPlace } from '../methods/app/place.ts'
import { modes } from '../policy/modes.ts'

/** Of the mobile app. */
export const appSettings = {
  'portal.allow_app': {
    schema: z.boolean(),
    standard: true,
    meaning: 'Allow users to activate mobile app, where it is among the methods.',
  },
  'portal.app_devices': {
    schema: z.int().min(1).max(10),
    standard: 1,
    meaning: 'How many devices one user may activate the mobile app on.',
  },
  'app.mode': {
    schema: z.enum(modes.app),
    standard: 'standard',
    meaning: 'What a person does in the mobile app. `standard`: approve. `pin`: approve with the PIN.',
  },
  'app.number_matching': {
    schema: z.boolean(),
    standard: true,
    meaning:
      'Whoever approves types the two digits of the waiting page, which binds the approval to it. Off: a tap is enough, and can be had from whoever is asked often enough (MITRE T1621).',
  },
  'app.seconds': {
    schema: z.int().min(30).max(300),
    standard: 120,
    meaning: 'How long a question to the app can be answered.',
  },
  'app.activation_minutes': {
    schema: z.int().min(2).max(60),
    standard: 10,
    meaning: 'How long an activation code is good.',
  },
  'company.places': {
    schema: z.array(z.string().max(120).refine(isPlace, 'a subnet and a name, such as 10.1.0.0/16 Berlin')).max(500),
    standard: [],
    meaning: 'Names of networks, for the rough place that the app shows: each a subnet and what to call it.',
  },
} as const
