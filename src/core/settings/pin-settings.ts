import { z } from 'zod'

/** Of PINs. */
export const pinSettings = {
  'pin.min_length': {
    schema: z.int().min(4).max(14),
    standard: 4,
    meaning: 'How many digits a PIN has at least; the most are 16.',
  },
  'pin.refuse_weak': {
    schema: z.boolean(),
    standard: true,
    meaning:
      'Refuse the PINs that are guessed first: runs, repetitions, years, parts of own phone numbers, the most common.',
  },
  'pin.expiry_days': {
    schema: z.int().min(0).max(3650),
    standard: 0,
    meaning: 'After how long a PIN must be changed; 0: never, as NIST SP 800-63B advises.',
  },
  'pin.history': {
    schema: z.int().min(0).max(24),
    standard: 5,
    meaning: 'How many PINs before it a new one may not be.',
  },
} as const
