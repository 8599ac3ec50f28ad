import { printable } from '../config/mistake.ts'
import type { Output } from '../contract/contract.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { told } from './told.ts'
import { Told } from './user.ts'

type Which = { manufacturer?: string | undefined }

/** `sallyport token list`. */
export async function tokenList(
  { user, unassigned, ...installation }: { user?: string; unassigned?: boolean } & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    console.log(columns(['serial', 'kind', 'state', 'added', 'last used', 'user', 'maker, model']))
    let after = ''
    for (let more = true; more; ) {
      const input = { which: unassigned ? 'unassigned' : 'all', username: user, after } as const
      const page = told(await api.listTokens(operator, input))
      for (const token of page.tokens) console.log(tokenLine(token))
      more = page.more
      after = page.tokens.at(-1)?.id ?? ''
    }
  })
}

export function tokenLine(token: Output<'listTokens'>['tokens'][number]): string {
  const { serial, manufacturer, model, kind, username = '-', state, addedAt, usedAt = '-' } = token
  const made = [manufacturer, model].filter(Boolean).join(', ') || '-'
  return columns([serial, kind, state, addedAt.slice(0, 10), usedAt.slice(0, 10), username, made])
}

/** What is of one width comes first: a terminal has 80 columns, and names have what they have. */
const WIDTHS = [12, 4, 8, 10, 10, 12]

/** Names are what somebody wrote into a file or a directory. */
function columns(fields: readonly string[]): string {
  return printable(fields.map((field, i) => field.padEnd(WIDTHS[i] ?? 0)).join('  '))
}

/** `sallyport token assign SERIAL USER`. */
export async function tokenAssign(
  serial: string,
  username: string,
  { manufacturer, ...installation }: Which & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    told(await api.assignToken(operator, { serial, manufacturer, username }))
    console.log(printable(`Token ${serial} is ${username}'s.`))
  })
}

/** `sallyport token unassign SERIAL` and `token revoke SERIAL`. */
export function takingAway(verb: 'unassignToken' | 'revokeToken') {
  return async (serial: string, { manufacturer, ...installation }: Which & Installation, env: NodeJS.ProcessEnv) => {
    await atHand(installation, env, async ({ engine: { api } }) => {
      const { username, stranded } = told(await api[verb](operator, { serial, manufacturer }))
      console.log(printable(`Token ${serial} is ${verb === 'revokeToken' ? 'revoked' : "nobody's"}.`))
      if (stranded)
        console.log(printable(`${username} has no second step left, and cannot sign in before getting another.`))
    })
  }
}

/** `sallyport token resync SERIAL CODE CODE`. */
export async function tokenResync(
  [serial, first, second]: readonly [string, string, string],
  { manufacturer, ...installation }: Which & Installation,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await atHand(installation, env, async ({ engine: { api } }) => {
    const { outcome } = told(await api.resyncTokenOf(operator, { serial, manufacturer, first, second }))
    if (outcome === 'wrong')
      throw new Told('These are not two codes in a row of that token, or one of them was used before.')
    console.log(printable(`Token ${serial} is in step again; its next code is taken.`))
  })
}
