import { z } from 'zod'
import { operation } from './operation.ts'
import { Done, FirstMethod, languagesApart } from './shapes.ts'

const Tag = z.string().max(16)

const NewUser = z.object({
  username: z.string().min(1).max(256),
  displayName: z.string().max(256).optional(),
  mail: z.string().max(254).optional(),
  phone: z.string().max(64).optional().meta({ description: 'given by the operator, so it counts without a text' }),
  method: FirstMethod.optional(),
  password: z.string().max(1024).optional().meta({ description: 'for local passwords' }),
  language: Tag.optional(),
  languages: languagesApart(Tag).optional().meta({ description: 'where they differ from it' }),
})

/** What the operator does from the command line. No door to the network ever carries this level. */
export const operate = {
  addUser: operation({
    summary: 'Adds one user.',
    callers: ['console'],
    input: NewUser,
    output: z.object({ id: z.string() }),
    refusals: [
      'user.exists',
      'username.malformed',
      'mail.malformed',
      'phone.malformed',
      'phone.missing',
      'password.weak',
      'language.unknown',
    ],
  }),
  setPassword: operation({
    summary: "Sets a user's local password and ends the user's sessions.",
    callers: ['console'],
    input: z.object({ username: z.string().max(256), password: z.string().max(1024) }),
    output: Done,
    refusals: ['user.unknown', 'password.weak'],
  }),
  unlockUser: operation({
    summary: 'Opens the second step again after too many wrong answers, and lifts a block after a report of fraud.',
    callers: ['console'],
    input: z.object({ username: z.string().max(256) }),
    output: Done,
    refusals: ['user.unknown'],
  }),
  disableUser: operation({
    summary: 'The user cannot sign in any more, and is signed out everywhere. No synchronisation enables them again.',
    callers: ['console'],
    input: z.object({ username: z.string().max(256) }),
    output: Done,
    refusals: ['user.unknown'],
  }),
  enableUser: operation({
    summary:
      'The user can sign in again, whoever disabled them. Who is disabled in the directory, or gone, stays so there.',
    callers: ['console'],
    input: z.object({ username: z.string().max(256) }),
    output: Done,
    refusals: ['user.unknown'],
  }),
  removeUser: operation({
    summary: 'Removes a user with all that is theirs. Whoever has the name in the directory next is a new user.',
    callers: ['console'],
    input: z.object({ username: z.string().max(256) }),
    output: Done,
    refusals: ['user.unknown'],
  }),
  setServiceAccount: operation({
    summary: 'Adds a service account, or gives it a new password.',
    callers: ['console'],
    input: z.object({ name: z.string().regex(/^[A-Za-z0-9._@\\-]{1,64}$/), password: z.string().min(16).max(256) }),
    output: Done,
    refusals: [],
  }),
} as const
