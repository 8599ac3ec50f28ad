import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startSallyport } from './children.ts'
import type { Figure } from './figures.ts'
import { type Bench, bareRound } from './rounds.ts'

/** So many people, without passwords, into a folder that holds nothing yet; the bare server makes as many updates. */
export async function importUsers(bench: Bench, folder: string, count: number): Promise<Figure[]> {
  const file = join(folder, 'people.csv')
  const lines = Array.from({ length: count }, (_, i) => `user${i},User ${i},user${i}@example.com`)
  writeFileSync(file, `username,display_name,mail\n${lines.join('\n')}\n`)

  const began = performance.now()
  const program = startSallyport(['user', 'import', file, '--data', join(folder, 'data')])
  const code = await program.ended
  if (code !== 0) throw new Error(`user import ended with ${code}: ${program.said()}`)
  const ours = (performance.now() - began) / 1_000
  const bare = count / (await bareRound(bench, count)).rate
  const name = `user import, ${count.toLocaleString('en')} lines`
  return [{ name, unit: 's', ours, bare, better: 'less' }]
}
