import type { Config } from '../config/config.ts'
import { printable } from '../config/mistake.ts'
import type { Refusal } from '../contract/contract.ts'
import { refusals } from '../contract/refusals.ts'
import type { FirstMethod } from '../contract/shapes.ts'
import { systemRandom } from '../system.ts'
import { type LanguagesGiven, languagesGiven } from './languages-given.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { terminal } from './terminal.ts'

type Person = { displayName?: string; mail?: string; phone?: string; method?: FirstMethod } & LanguagesGiven
type How = { passwordStdin?: boolean; generate?: boolean }

/** `sallyport user add NAME`. */
export async function userAdd(
  username: string,
  { displayName, mail, phone, method, ...given }: Person & How & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { language, ...how } = given
  const wanted = how.passwordStdin || how.generate
  const password = wanted ? await passwordFrom(how, username) : undefined
  await atHand(how, env, async ({ engine, config }) => {
    const input = {
      username,
      displayName,
      mail,
      phone,
      method,
      language,
      languages: languagesGiven(given),
      password: password?.text,
    }
    const answer = await engine.api.addUser(operator, input)
    if (!answer.ok) throw refused(answer.refusal)
    console.log(printable(`Added ${username}.${password?.made ? ` Password: ${password.text}` : ''}`))
    if (password) tellWhoChecks(config)
  })
}

/** `sallyport user set-password NAME`. */
export async function userSetPassword(
  username: string,
  how: How & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const password = await passwordFrom(how, username)
  await atHand(how, env, async ({ engine, config }) => {
    const answer = await engine.api.setPassword(operator, { username, password: password.text })
    if (!answer.ok) throw refused(answer.refusal)
    const made = password.made ? ` Password: ${password.text}` : ''
    console.log(printable(`${username} has a new password, and was signed out everywhere.${made}`))
    tellWhoChecks(config)
  })
}

/** Somebody at a help desk would hand out what opens nothing. */
function tellWhoChecks({ directory: { kind } }: Pick<Config, 'directory'>): void {
  if (kind !== 'local')
    console.error(
      `It opens nothing while directory.kind is ${kind}: the directory checks passwords, and keeps its own.`,
    )
}

/** `sallyport user unlock NAME`. */
export async function userUnlock(username: string, installation: Installation, env: NodeJS.ProcessEnv): Promise<void> {
  await atHand(installation, env, async ({ engine }) => {
    const answer = await engine.api.unlockUser(operator, { username })
    if (!answer.ok) throw refused(answer.refusal)
    console.log(printable(`The second step of ${username} is open again.`))
  })
}

const standings = {
  disable: { operation: 'disableUser', said: 'is disabled, and was signed out everywhere.' },
  enable: {
    operation: 'enableUser',
    said: 'can sign in again. Who is still gone from the directory, or disabled there, is disabled by the next run.',
  },
  remove: {
    operation: 'removeUser',
    said: 'is removed, with all that was theirs. Whoever has the name in the directory next is a new user.',
  },
} as const

/** `sallyport user disable|enable|remove NAME`. */
export async function userStanding(
  what: keyof typeof standings,
  username: string,
  installation: Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    const { operation, said } = standings[what]
    const answer = await api[operation](operator, { username })
    if (!answer.ok) throw refused(answer.refusal)
    console.log(printable(`${username} ${said}`))
  })
}

/** What a person at the terminal is told when it did not work; no defect. */
export class Told extends Error {}

export function refused(refusal: Refusal<'addUser' | 'setPassword' | 'unlockUser' | 'setServiceAccount'>): Told {
  return new Told(refusals[refusal])
}

/** Typed twice, read from a pipe, or made. Never an argument: those are seen by every account of the machine. */
export async function passwordFrom(
  { passwordStdin, generate }: How,
  name: string,
): Promise<{ text: string; made: boolean }> {
  if (generate) return { text: newPassword(), made: true }
  const { secret } = terminal({ input: process.stdin, output: process.stderr })
  const text = await secret(`New password for ${name}:`)
  const again = passwordStdin || !process.stdin.isTTY ? text : await secret('Once more:')
  if (!text) throw new Told('No password came.')
  if (text !== again) throw new Told('The two passwords are not the same.')
  return { text, made: false }
}

/** 24 characters of base64url: 144 bits. */
function newPassword(): string {
  return Buffer.from(systemRandom.bytes(18)).toString('base64url')
}
