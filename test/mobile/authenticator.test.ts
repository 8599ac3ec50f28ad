import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { readActivation } from '../../src/cli/activation-link.ts'
import { listen } from '../../src/inbound/web/listen.ts'
import { codeFor } from '../app/device.ts'
import { PIN } from '../app/world.ts'
import { dialects } from '../contracts/dialects.ts'
import { root } from '../source.ts'
import { temporaryFolder, verb } from '../stories/program.ts'
import { doorWorld } from './world.ts'

describe('sallyport authenticator', () => {
  test('is activated by the link of the picture, sees what is asked, and lets the page in with its number', async () => {
    const { cli, file, activate, begin, look, finish } = await world()
    const { said, exit } = await activate()
    assert.equal(exit, 0, said)
    assert.match(said, /Activated for alice at Sallyport/)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.match((await cli(['prompts'])).said, /Nothing is asked/)

    const call = await begin()
    const { number = '' } = await look(call)
    const shown = await cli(['prompts'])
    assert.match(shown.said, /Somebody is signing in as you/)
    assert.match(shown.said, /192\.0\.2\.7/)
    const [question] = JSON.parse((await cli(['prompts', '--json'])).said)
    assert.match((await cli(['answer', question.id, 'approve', '--number', number])).said, /^Approved\.$/m)
    assert.equal(await finish(call), 'passed')
    const late = await cli(['deny', question.id])
    assert.deepEqual([late.exit, /no such question/.test(late.said)], [1, true])
  })

  test('asks for the PIN and never takes it as an argument; a wrong number is the end of the question', async () => {
    const { cli, activate, begin, look, givePin } = await world({ 'app.mode': 'pin' })
    await givePin()
    await activate()
    const call = await begin()
    const { number = '' } = await look(call)
    const wrong = await cli(['answer', 'now', 'approve', '--number', number, '--pin'], '0000\n')
    assert.match(wrong.said, /Wrong PIN; 4 tries left/)
    assert.match((await cli(['answer', 'now', 'approve', '--number', number, '--pin'], `${PIN}\n`)).said, /Approved/)
    const next = await begin()
    const other = (await look(next)).number === '42' ? '43' : '42'
    assert.match(
      (await cli(['answer', 'now', 'approve', '--number', other, '--pin'], `${PIN}\n`)).said,
      /not the number/,
    )
  })

  test('reports fraud; shows codes without a network; leaves the account', async () => {
    const { cli, file, activate, begin, look } = await world({ 'call.fraud_blocks': false })
    await activate()
    const call = await begin()
    assert.match((await cli(['fraud', 'now'])).said, /Denied and reported/)
    assert.equal((await look(call)).outcome, 'fraud')
    assert.match((await cli(['code'])).said, /^\d{6}$/m)
    assert.match((await cli(['leave'])).said, /off the account/)
    const gone = await cli(['prompts'])
    assert.deepEqual([gone.exit, /was removed/.test(gone.said)], [1, true])
    chmodSync(file, 0o644)
    assert.match((await cli(['code'])).said, /chmod 600/)
  })

  test('takes the server’s time where its own clock is off, and says so', async () => {
    const { cli, file, activate } = await world()
    await activate()
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), aheadMs: 10 * 365 * 86_400_000 }))
    const first = await cli(['prompts'])
    assert.match(first.said, /minutes off/)
    assert.match(first.said, /Nothing is asked/)
    assert.doesNotMatch((await cli(['prompts'])).said, /minutes off/)
  })

  test('listens, and asks what to answer', async () => {
    const { file, activate, begin, look, finish } = await world()
    await activate()
    const listening = started(['authenticator', 'listen', '--state', file])
    await listening.says(/Listening/)
    const call = await begin()
    await listening.says(/The number on the page/)
    listening.types(`${(await look(call)).number}\n`)
    await listening.says(/Approved\./)
    assert.equal(await finish(call), 'passed')
    const next = await begin()
    await listening.says(/The number on the page[\s\S]*The number on the page/)
    listening.types('deny\n')
    await listening.says(/Denied\./)
    assert.equal((await look(next)).outcome, 'denied')
    assert.equal(await listening.stop(), 0)
  })

  test('refuses a second device in one file, a wrong code, and a server that is not there', async () => {
    const { cli, activate, url } = await world()
    const wrong = await cli(['activate', '0000-0000-0000', '--url', url])
    assert.deepEqual([wrong.exit, /No device was activated/.test(wrong.said)], [1, true])
    await activate()
    assert.match((await activate()).said, /holds a device already/)
    const nobody = await cli(['activate', '0000-0000-0000', '--url', 'http://127.0.0.1:1', '--state', '/nonexistent/x'])
    assert.equal(nobody.exit, 69, nobody.said)
  })

  test('reads the code and the link, and sends no code over plain HTTP to other machines', () => {
    const code = '0123456789AB'
    assert.deepEqual(readActivation('https://mfa.example.org/authenticator/#activate=0123-4567-89ab'), {
      code,
      origin: 'https://mfa.example.org',
    })
    assert.deepEqual(readActivation('o123 4567 89AB', 'https://mfa.example.org/authenticator/'), {
      code,
      origin: 'https://mfa.example.org',
    })
    assert.deepEqual(readActivation(code, 'http://localhost:8080'), { code, origin: 'http://localhost:8080' })
    for (const [given, url] of [
      [code, undefined],
      [code, 'http://mfa.example.org'],
      [code, 'http://localhost.example.org'],
      [code, 'ftp://localhost'],
      ['http://mfa.example.org/#activate=0123456789AB', undefined],
      ['0123-4567', 'https://mfa.example.org'],
      ['https://mfa.example.org/#activate=', undefined],
    ] as const)
      assert.ok('problem' in readActivation(given, url), given)
  })
})

/** Alice with two devices and room for another; the service is reached on this machine. */
async function world(settings: Record<string, unknown> = {}) {
  const [first] = dialects
  assert.ok(first)
  const door = await doorWorld(await first[1](), { 'portal.app_devices': 3, ...settings })
  const listener = await listen({ app: door.app, host: '127.0.0.1', port: 0 })
  after(() => listener.close())
  const file = join(temporaryFolder(), 'device', 'authenticator.json')
  const cli = (args: string[], input?: string) => {
    const state = args.includes('--state') ? [] : ['--state', file]
    return verb(['authenticator', ...args, ...state], input === undefined ? {} : { input })
  }
  const activate = async () => {
    const link = `${listener.url}/authenticator/#activate=${await codeFor(door.api, door.session)}`
    return cli(['activate', link, '--name', 'Laptop'])
  }
  return { ...door, cli, activate, file, url: listener.url }
}

/** A program that is typed to while it runs. */
function started(args: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let text = ''
  let wake = () => {}
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more
      wake()
    })
  return {
    async says(pattern: RegExp) {
      while (!pattern.test(text)) {
        if (child.exitCode !== null) throw new Error(`ended, and said: ${text}`)
        await Promise.race([new Promise<void>((done) => (wake = done)), ended])
      }
    },
    types: (line: string) => child.stdin.write(line),
    async stop() {
      child.kill('SIGINT')
      const [code] = await ended
      return code
    },
  }
}
