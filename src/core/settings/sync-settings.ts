import { z } from 'zod'

/** Of import and synchronisation. */
export const syncSettings = {
  'sync.automatic': {
    schema: z.boolean(),
    standard: true,
    meaning: 'Synchronise by itself, where there are items. Off: only `sallyport directory sync` does.',
  },
  'sync.minutes': {
    schema: z
      .int()
      .min(1)
      .max(24 * 60),
    standard: 60,
    meaning:
      'From the start of one synchronisation to the start of the next; one that takes longer is followed at once.',
  },
  'sync.whole_hours': {
    schema: z.int().min(1).max(168),
    standard: 24,
    meaning: 'After how long an item is read whole again, and not only who has changed.',
  },
  'sync.removals': {
    schema: z.int().min(1).max(999),
    standard: 5,
    meaning:
      'How many users one synchronisation may disable and remove, together; if it were more, all of them wait for `sallyport directory approve`, and administrators are mailed.',
  },
  'sync.mail_notices': {
    schema: z.int().min(0).max(1000),
    standard: 20,
    meaning:
      'Of how many changed mail addresses one synchronisation tells the people, at what was on the account before. If there are more, the first so many are told, and of the others administrators are mailed once. 0, for the day on which a company changes its domain: nobody is.',
  },
} as const
