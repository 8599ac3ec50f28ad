import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { masterKeyText, newMasterKey, parseMasterKey } from '../src/core/secrets/master-key.ts'
import { masterKey } from '../src/storage/master-key-file.ts'

const key = Buffer.from('fbef00112233445566778899aabbccddeeff00112233445566778899aabbccff', 'hex')

describe('a master key as text', () => {
  test('is base64 of 32 bytes or 64 hexadecimal digits', () => {
    for (const text of [
      key.toString('base64'),
      key.toString('base64').replace('=', ''),
      key.toString('base64url'),
      key.toString('hex'),
      key.toString('hex').toUpperCase(),
      `  ${key.toString('base64')}\n`,
    ]) {
      assert.deepEqual(parseMasterKey(text), { ok: true, key }, text)
    }
  })

  test('is nothing else, and the complaint does not repeat it', () => {
    const base64 = key.toString('base64')
    for (const text of [
      '',
      'canary',
      base64.slice(1),
      `A${base64}`,
      base64.replace('A', ' '),
      base64.replace('A', '!'),
      base64.replace(/.=$/, '9='), // stray bits
      `${base64}=`,
      key.subarray(1).toString('base64'),
      key.toString('hex').slice(1),
      key.toString('hex').replace('f', 'g'),
      `0x${key.toString('hex')}`,
    ]) {
      const parsed = parseMasterKey(text)
      assert.equal(parsed.ok, false, text)
      assert.ok(!JSON.stringify(parsed).includes(text || '\0'))
    }
  })

  test('of a new key reads back', () => {
    const made = newMasterKey({ bytes: randomBytes })
    assert.equal(made.length, 32)
    assert.deepEqual(parseMasterKey(masterKeyText(made)), { ok: true, key: made })
  })
})

describe('the master key of a data folder', () => {
  test('is made at the first start, for our eyes only, and read from then on', async () => {
    const { folder, file, get } = await world()
    const made = await get({ mayCreate: true })

    assert.equal(made.length, 32)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    assert.equal(await readFile(file, 'utf8'), `${Buffer.from(made).toString('base64')}\n`)
    assert.deepEqual(await readdir(folder), ['master.key'], 'no draft is left')
    assert.deepEqual(await get({ mayCreate: true }), made)
    assert.deepEqual(await get({ mayCreate: false }), made)
  })

  test('is one when several start at once', async () => {
    const { folder, get } = await world()
    const made = await Promise.all(Array.from({ length: 10 }, () => get({ mayCreate: true })))

    assert.equal(new Set(made.map((key) => Buffer.from(key).toString('hex'))).size, 1)
    assert.deepEqual(await readdir(folder), ['master.key'])
  })

  test('of whoever was quicker is used, and never replaced', async () => {
    const { folder, file } = await world()
    // Another start makes the file after we looked for it and before we write ours.
    const bytes = (count: number) => {
      writeFileSync(file, key.toString('base64'), { mode: 0o600 })
      return randomBytes(count)
    }

    assert.deepEqual(await masterKey({ folder, env: undefined, mayCreate: true, random: { bytes } }), key)
    assert.equal(await readFile(file, 'utf8'), key.toString('base64'))
    assert.deepEqual(await readdir(folder), ['master.key'])
  })

  test('is not made where secrets wait for the one that is missing', async () => {
    const { folder, get } = await world()

    await assert.rejects(get({ mayCreate: false }), { code: 'key.missing' })
    assert.deepEqual(await readdir(folder), [])
  })

  test('is refused when group or others may do anything with the file', async () => {
    const { file, get } = await world()
    const made = await get({ mayCreate: true })

    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o666, 0o440]) {
      await chmod(file, mode)
      await assert.rejects(get({ mayCreate: true }), { code: 'key.exposed' }, mode.toString(8))
    }
    for (const mode of [0o600, 0o400]) {
      await chmod(file, mode)
      assert.deepEqual(await get({ mayCreate: false }), made)
    }
  })

  test('is not replaced when the file holds something else', async () => {
    const { file, get } = await world()
    for (const text of ['', 'canary', `${key.toString('hex')}00`]) {
      await writeFile(file, text, { mode: 0o600 })
      await assert.rejects(
        get({ mayCreate: true }),
        (error: Error & { code?: string }) => error.code === 'key.wrong' && !error.message.includes('canary'),
      )
      assert.equal(await readFile(file, 'utf8'), text)
    }
  })

  test('comes from the environment when it is set there, and nothing is written', async () => {
    const { folder, get } = await world()

    assert.deepEqual(await get({ mayCreate: false, env: key.toString('hex') }), key)
    assert.deepEqual(await get({ mayCreate: true, env: key.toString('base64') }), key)
    assert.deepEqual(await readdir(folder), [])
    await assert.rejects(
      get({ mayCreate: true, env: 'canary' }),
      (error: Error & { code?: string }) => error.code === 'config.wrong' && !error.message.includes('canary'),
    )
    await assert.rejects(get({ mayCreate: false, env: '' }), { code: 'key.missing' })
  })

  test('cannot be made in a folder that is not there', async () => {
    const { folder, get } = await world()
    await rm(folder, { recursive: true })

    await assert.rejects(get({ mayCreate: true }), { code: 'database.unwritable' })
  })
})

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** An empty data folder. */
async function world() {
  const folder = await mkdtemp(join(tmpdir(), 'master-key-'))
  folders.push(folder)
  const get = ({ mayCreate, env }: { mayCreate: boolean; env?: string }) =>
    masterKey({ folder, env, mayCreate, random: { bytes: randomBytes } })
  return { folder, file: join(folder, 'master.key'), get }
}
