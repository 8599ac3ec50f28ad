import { constants } from 'node:fs'
import { link, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../core/errors.ts'
import type { Random } from '../core/ports.ts'
import { masterKeyText, newMasterKey, parseMasterKey } from '../core/secrets/master-key.ts'

export const MASTER_KEY_FILE = 'master.key'

type Where = {
  /** The data folder; it exists. */
  folder: string
  /** SALLYPORT_MASTER_KEY. Set and not empty, it counts and the file is not looked at. */
  env: string | undefined
  /** At a first start only: a new key beside a database with sealed secrets would open none of them. */
  mayCreate: boolean
  random: Pick<Random, 'bytes'>
}

/**
 * The master key, 32 bytes: from the environment, from `master.key` in the data folder, or made now and kept there.
 *
 * Throws AppError: `config.wrong` for an environment variable that is no key, `key.wrong` for such a file,
 * `key.exposed` when others may read the file, `key.missing` when it is not there (or not for us to read) and may not
 * be made, `database.unwritable` when it cannot be made.
 */
export async function masterKey({ folder, env, mayCreate, random }: Where): Promise<Uint8Array> {
  if (env?.trim()) return fromEnvironment(env)

  const file = join(folder, MASTER_KEY_FILE)
  const found = await read(file)
  if (found) return found
  if (!mayCreate) throw new AppError('key.missing', { detail: file })

  await create(file, random)
  // Read back, and not kept from above: of two starting at once, both use the key of the one who was first.
  const made = await read(file)
  if (!made) throw new AppError('key.missing', { detail: file })
  return made
}

function fromEnvironment(text: string): Uint8Array {
  const parsed = parseMasterKey(text)
  if (!parsed.ok) throw new AppError('config.wrong', { detail: `SALLYPORT_MASTER_KEY: ${parsed.complaint}` })
  return parsed.key
}

/** Undefined when there is no such file. */
async function read(file: string): Promise<Uint8Array | undefined> {
  const handle = await open(file, 'r').catch((cause) => {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new AppError('key.missing', { detail: `${file} cannot be read`, cause })
  })
  if (!handle) return undefined

  try {
    // Asked of the open file, so that it cannot be another by the time it is read. Windows has no such bits.
    const { mode } = await handle.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new AppError('key.exposed', { detail: file })
    const parsed = parseMasterKey(await handle.readFile('utf8'))
    if (!parsed.ok) throw new AppError('key.wrong', { detail: `${file}: ${parsed.complaint}` })
    return parsed.key
  } finally {
    await handle.close()
  }
}

/**
 * Written under another name and then linked: the file is there whole or not at all, after a power cut too, and a link
 * never replaces a file that is there.
 */
async function create(file: string, random: Pick<Random, 'bytes'>): Promise<void> {
  const draft = `${file}.${Buffer.from(random.bytes(8)).toString('hex')}`
  try {
    await writeDurably(draft, `${masterKeyText(newMasterKey(random))}\n`)
    try {
      await link(draft, file)
    } finally {
      await unlink(draft)
    }
    await syncFolderOf(file)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return
    throw new AppError('database.unwritable', { detail: file, cause })
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The name is durable when its folder is. Windows cannot open a folder, and need not. */
async function syncFolderOf(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(join(file, '..'), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
