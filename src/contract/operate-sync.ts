import { z } from 'zod'
import { languages } from './languages.ts'
import { operation } from './operation.ts'
import { Done, FirstMethod, languagesApart, TextMode, Time } from './shapes.ts'

const ItemName = z.string().trim().min(1).max(64)
/** It stands in lines of a log, and in commands. */
export const NewItemName = ItemName.regex(/^\P{C}*$/u)
const Dn = z.string().min(1).max(1024)

export const ItemScope = z.object({
  base: Dn.meta({ description: 'DN of the container' }),
  group: Dn.optional().meta({ description: 'DN of a group: its members, and those of groups in it' }),
  filter: z.string().min(1).max(4096).optional().meta({ description: 'RFC 4515; beside what makes somebody a person' }),
})

export const PhoneSource = z.enum(['business', 'mobile', 'home', 'pager', 'fax', 'ip', 'custom'])
/** What follows the directory when it changes there. What is not named is only filled where it is empty. */
export const Following = z.enum(['names', 'mail', 'details', 'language', 'phone'])

export const ItemRules = z.object({
  method: FirstMethod.optional().meta({
    description:
      'of whoever has no second step yet: text and call enrol by the number that came along; else User Setup asks for it first',
  }),
  modes: z
    .object({
      text: TextMode.optional(),
      call: z.enum(['standard', 'pin', 'number']).optional(),
      app: z.enum(['standard', 'pin']).optional(),
      oath: z.enum(['otp', 'otp-pin']).optional(),
    })
    .default({})
    .meta({ description: 'how they answer; what is not named is as the settings say' }),
  phones: z
    .array(PhoneSource)
    .max(7)
    .default(['mobile', 'business'])
    .meta({ description: 'the first usable is taken' }),
  backupPhones: z
    .array(PhoneSource)
    .max(7)
    .default([])
    .meta({ description: 'the first usable that is not the phone is called where the phone is not answered' }),
  language: z.enum(languages).optional().meta({ description: 'of those of whom the directory says none' }),
  languages: languagesApart(z.enum(languages)).default({}).meta({
    description: 'the same for calls, texts, the app and OATH; of whom nothing is said they are as the language',
  }),
  group: z.string().max(256).optional().meta({ description: 'the user group of those of whom it says none' }),
  follow: z.array(Following).default(['names', 'mail', 'details']),
  vanished: z.enum(['disable', 'remove']).default('disable').meta({ description: 'whoever is in no item any more' }),
  newcomers: z
    .enum(['enabled', 'disabled'])
    .default('enabled')
    .meta({ description: 'disabled: until an operator enables them' }),
  mailNew: z.boolean().default(false).meta({ description: 'mails each new person how to begin' }),
})
export type ItemRules = z.output<typeof ItemRules>

const Item = z.object({ name: z.string(), scope: ItemScope, rules: ItemRules, people: z.int() })
const Count = z.int().min(0)
export const RunCounts = z.object({
  read: Count,
  added: Count,
  changed: Count,
  renamed: Count,
  moved: Count.meta({ description: 'to another item' }),
  enabled: Count,
  disabled: Count,
  removed: Count,
  waiting: Count.meta({ description: 'for approval, to be disabled or removed' }),
  conflicts: Count,
  unusable: Count.meta({ description: 'people, or details of theirs, that could not be taken' }),
  untold: Count.meta({
    description: 'people whose mail address changed, and who were not told: more than sync.mail_notices',
  }),
})
export type RunCounts = z.infer<typeof RunCounts>
/** What became of one person, or would. */
export const Finding = z.object({
  what: z.enum(['added', 'changed', 'enabled', 'disabled', 'removed', 'waiting', 'conflict', 'unusable']),
  username: z.string(),
  detail: z.string().optional(),
})
export type Finding = z.infer<typeof Finding>

const RunOutcome = z.enum(['done', 'waiting', 'failed'])
const Run = z.object({
  beganAt: Time,
  endedAt: Time.optional(),
  by: z.enum(['schedule', 'operator']),
  whole: z.boolean(),
  outcome: RunOutcome.optional().meta({ description: 'missing while it goes on' }),
  counts: RunCounts,
  error: z.string().optional(),
  detail: z.string().optional().meta({ description: 'which item, which server' }),
  findings: z.array(Finding).optional().meta({ description: 'of the newest 50 runs that had something to tell' }),
})
const Report = z.object({
  outcome: RunOutcome,
  counts: RunCounts,
  findings: z.array(Finding),
  error: z.string().optional(),
  detail: z.string().optional(),
})
const Busy = z.object({ outcome: z.literal('busy') })
const Ran = z.discriminatedUnion('outcome', [
  Report.extend({ outcome: z.literal('done') }),
  Report.extend({ outcome: z.literal('waiting') }),
  Report.extend({ outcome: z.literal('failed') }),
  Busy,
])
const Loss = z.object({
  username: z.string(),
  fate: z.enum(['disable', 'remove']),
  why: z.enum(['disabled there', 'gone']),
})
const WhichList = z.object({ list: z.string().min(1).max(64) })

/** Import and synchronisation of people from the directory. */
export const operateSync = {
  listSyncItems: operation({
    summary: 'Which people are imported, in order of priority: a person of several items is the first one’s.',
    callers: ['console'],
    input: z.object({}),
    output: z.object({ items: z.array(Item) }),
    refusals: [],
  }),
  addSyncItem: operation({
    summary: 'Adds an item, as the last one. Its people come with the next run.',
    callers: ['console'],
    input: z.object({ name: NewItemName, scope: ItemScope, rules: ItemRules }),
    output: Done,
    refusals: ['sync-item.exists', 'sync-item.nowhere', 'directory.unread'],
  }),
  changeSyncItem: operation({
    summary: 'Changes an item. What is given replaces what was; the next run reads it whole.',
    callers: ['console'],
    input: z.object({
      name: ItemName,
      newName: NewItemName.optional(),
      scope: ItemScope.optional(),
      rules: ItemRules.optional(),
      first: z.boolean().default(false).meta({ description: 'it goes before all others from now on' }),
    }),
    output: Done,
    refusals: ['sync-item.unknown', 'sync-item.exists', 'sync-item.nowhere'],
  }),
  removeSyncItem: operation({
    summary:
      'Removes an item. Its people stay, as users whom no synchronisation changes, unless another item has them.',
    callers: ['console'],
    input: z.object({ name: ItemName }),
    output: Done.extend({ released: z.int() }),
    refusals: ['sync-item.unknown'],
  }),
  findInDirectory: operation({
    summary: 'Containers or groups by a part of their name, for choosing a scope.',
    callers: ['console'],
    input: z.object({
      kind: z.enum(['container', 'group']),
      text: z.string().max(256),
      most: z.int().min(1).max(200).default(50),
    }),
    output: z.object({ found: z.array(z.object({ dn: z.string(), name: z.string() })), more: z.boolean() }),
    refusals: ['directory.unread'],
  }),
  previewSyncItem: operation({
    summary: 'The first people of an item, and what would become of each. Changes nothing.',
    callers: ['console'],
    input: z.object({ name: ItemName, most: z.int().min(1).max(200).default(20) }),
    output: z.object({
      people: z.array(
        z.object({
          username: z.string(),
          what: z.enum(['add', 'change', 'nothing', 'unusable']),
          displayName: z.string().optional(),
          mail: z.string().optional(),
          phone: z.string().optional(),
          backupPhone: z.string().optional(),
          language: z.string().optional(),
          languages: languagesApart(z.string()).optional(),
          group: z.string().optional(),
          of: z.string().optional().meta({ description: 'the item before this one whose settings they have' }),
          enabled: z.boolean(),
          begins: z
            .object({ how: z.enum(['asked', 'sets up']), method: FirstMethod, mode: z.string().optional() })
            .optional()
            .meta({ description: 'of whoever has no second step yet; without it they choose one in User Setup' }),
          starts: z.enum(['enabled', 'disabled']).optional().meta({ description: 'of whoever would be added' }),
          complaints: z.array(z.string()),
        }),
      ),
      more: z.boolean(),
    }),
    refusals: ['sync-item.unknown', 'directory.unread'],
  }),
  synchronise: operation({
    summary: 'Synchronises now. One node does it at a time; `busy` where another is at it.',
    callers: ['console'],
    input: z.object({
      whole: z.boolean().default(false).meta({ description: 'reads everybody, and not only who has changed' }),
      item: ItemName.optional().meta({ description: 'reads this one whole, and the others as usual' }),
      dryRun: z.boolean().default(false).meta({ description: 'only says what would come of it' }),
    }),
    output: Ran,
    refusals: ['sync-item.unknown', 'directory.unread'],
  }),
  listSyncRuns: operation({
    summary: 'The newest runs, newest first; with details, what became of whom in each.',
    callers: ['console'],
    input: z.object({ most: z.int().min(1).max(100).default(20), details: z.boolean().default(false) }),
    output: z.object({ runs: z.array(Run) }),
    refusals: [],
  }),
  readRemovals: operation({
    summary: 'Who would be disabled or removed, and waits for approval.',
    callers: ['console'],
    input: z.object({}),
    output: z.object({
      list: z.string().optional(),
      state: z.enum(['waiting', 'approved', 'rejected']).optional(),
      madeAt: Time.optional(),
      losses: z.array(Loss),
    }),
    refusals: [],
  }),
  approveRemovals: operation({
    summary: 'Approves just that list: the next run disables and removes whoever is in it and still gone by then.',
    callers: ['console'],
    input: WhichList,
    output: Done,
    refusals: ['removals.unknown'],
  }),
  rejectRemovals: operation({
    summary: 'Rejects just that list: nobody in it is disabled or removed, until others would be as well.',
    callers: ['console'],
    input: WhichList,
    output: Done,
    refusals: ['removals.unknown'],
  }),
} as const
