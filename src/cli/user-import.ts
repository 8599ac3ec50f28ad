import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parse } from 'csv-parse'
import type { Engine } from '../app/engine.ts'
import { printable } from '../config/mistake.ts'
import type { Refusal } from '../contract/contract.ts'
import { refusals } from '../contract/refusals.ts'
import { FirstMethod } from '../contract/shapes.ts'
import { atHand, type Installation, operator } from './operator.ts'
import { terminal } from './terminal.ts'
import { Told } from './user.ts'

const columns = [
  ...['username', 'display_name', 'mail', 'phone', 'method', 'language'],
  ...['call_language', 'text_language', 'app_language', 'oath_language', 'password'],
] as const
type Column = (typeof columns)[number]
type Line = Partial<Record<Column, string>>
type Refused = { line: number; username: string; why: string }

/** Added together; their commits are shared. */
const AT_ONCE = 64

/** `sallyport user import FILE.csv`: each line stands for itself, and what is refused is told with its line. */
export async function userImport(file: string, installation: Installation, env: NodeJS.ProcessEnv): Promise<number> {
  const bytes = (await stat(file).catch(() => undefined))?.size
  if (bytes === undefined) throw new Told(`${file} cannot be read.`)
  return atHand(installation, env, async ({ engine }) => {
    const report = await importLines(engine, file, bytes)
    for (const { line, username, why } of report.refused)
      console.error(printable(`line ${line}: ${username || '(no name)'}: ${why}`))
    console.log(`${report.added} added, ${report.refused.length} refused.`)
    return report.refused.length === 0 ? 0 : 1
  })
}

async function importLines(
  { api }: Engine,
  file: string,
  bytes: number,
): Promise<{ added: number; refused: Refused[] }> {
  const lines = createReadStream(file).pipe(
    parse({
      columns: header,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
      relax_column_count: true,
      max_record_size: 64 * 1024,
    }),
  )
  const shown = terminal({ input: process.stdin, output: process.stderr }).progress()
  const refused: Refused[] = []
  const underWay = new Set<Promise<void>>()
  let added = 0

  const add = async (record: Line, line: number) => {
    const why = await addOne(api, record)
    if (why === undefined) added++
    else refused.push({ line, username: record.username ?? '', why })
  }
  try {
    for await (const { record, info } of lines as AsyncIterable<{
      record: Line
      info: { lines: number; bytes: number }
    }>) {
      const adding: Promise<void> = add(record, info.lines).finally(() => underWay.delete(adding))
      underWay.add(adding)
      if (underWay.size >= AT_ONCE) await Promise.race(underWay)
      shown.say(`${Math.floor((100 * info.bytes) / bytes)} %: ${added} added, ${refused.length} refused`)
    }
  } catch (error) {
    await Promise.allSettled(underWay)
    if (error instanceof Told) throw error
    throw new Told(`${file}: ${(error as Error).message}. ${added} users were added before.`)
  }
  await Promise.all(underWay)
  shown.end(`100 %: ${added} added, ${refused.length} refused`)
  return { added, refused: refused.sort((a, b) => a.line - b.line) }
}

async function addOne(api: Engine['api'], record: Line): Promise<string | undefined> {
  const { username = '', display_name, mail, phone, method, language, password } = record
  const given = method ? FirstMethod.safeParse(method) : undefined
  if (given && !given.success) return `The method can be ${FirstMethod.options.join(', ')}, or empty.`
  if (!username) return 'There is no user name.'
  const input = {
    username,
    displayName: display_name || undefined,
    mail: mail || undefined,
    phone: phone || undefined,
    language: language || undefined,
    languages: {
      call: record.call_language || undefined,
      text: record.text_language || undefined,
      app: record.app_language || undefined,
      oath: record.oath_language || undefined,
    },
    password: password || undefined,
  }
  const answer = await api.addUser(operator, { ...input, method: given?.data })
  return answer.ok ? undefined : refusals[answer.refusal as Refusal<'addUser'>]
}

/** The first line names the columns, in any order. */
function header(names: string[]): string[] {
  const unknown = names.filter((name) => !columns.includes(name as Column))
  if (unknown.length > 0)
    throw new Told(
      `There is no column "${unknown[0]}". The columns are ${columns.join(', ')}; only username is needed.`,
    )
  if (!names.includes('username')) throw new Told('The first line has no column "username".')
  return names
}
