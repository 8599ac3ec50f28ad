import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from '../../src/storage/sql/query.ts'
import { sqlite } from '../../src/storage/sql/sqlite.ts'

const WRITER = fileURLToPath(new URL('./durability.writer.ts', import.meta.url))

test('a SQLite process that is killed loses nothing of what it had acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-killed-'))
  try {
    const file = join(folder, 'sallyport.db')
    const acknowledged = await killedAfter(500, file)

    const db = sqlite(file)
    const kept = new Set((await db.rows(sql`SELECT id FROM token`)).map((row) => String(row.id)))
    await db.close()

    assert.ok(acknowledged.length >= 500)
    assert.deepEqual(
      acknowledged.filter((id) => !kept.has(id)),
      [],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** Lets the writer write, kills it in the middle, and gives the ids that it had printed. */
async function killedAfter(lines: number, file: string): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    if (printed.split('\n').length > lines) writer.kill('SIGKILL')
  })
  const [code, signal] = await once(writer, 'close')
  assert.equal(signal, 'SIGKILL', `the writer ended by itself, with ${code}`)
  // What follows the last line break is a line cut short.
  return printed.split('\n').slice(0, -1)
}
