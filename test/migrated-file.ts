import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { migrate } from '../src/storage/migrate.ts'
import { sqlite } from '../src/storage/sql/sqlite.ts'

let model: Promise<string> | undefined
let folder: string | undefined
after(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

/** Puts a SQLite database with our tables there: a copy of one that is made once a process, at a tenth of the work. */
export async function putMigrated(file: string): Promise<void> {
  model ??= makeModel()
  copyFileSync(await model, file)
}

async function makeModel(): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-model-'))
  const file = join(folder, 'sallyport.db')
  const database = sqlite(file)
  await migrate({ database, clock: { now: () => new Date() } })
  // Whoever closes last puts the write-ahead log into the file.
  await database.close()
  return file
}
