import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import { freePort } from '../../dev/hosts/port.ts'
import { type Seen, type Visitor, visitor } from '../portal/world.ts'
import { press, window } from './browser.ts'
import { bobsPhone, codeAfter, heading, signIn } from './first-sign-in.ts'
import {
  configuration,
  type Gateway,
  type Program,
  sallyport,
  smsGateway,
  temporaryFolder,
  throughGateway,
  verb,
} from './program.ts'

const password = 'sallyport-demo'
const rounds = 4
/** Of anything but that this installation has no mail server. */
const complaint = /"level":"(error|warn)"(?![^\n]*No mail server is configured)/

describe('everything in one program, on an empty folder', { timeout: 600_000 }, () => {
  test('a person enrols across two kills, in the same session and with the same code; then it stops when asked', async () => {
    const { portal, start, gateway, add } = await world()
    const first = await start()
    assert.match(first.said(), /There are no users yet[\s\S]*user add NAME --generate/)
    await add('bob')
    const page = await (await window({ ignoreCertificate: true })).newPage()
    await page.goto(portal)
    await signIn(page, 'bob', password)
    await page.getByLabel('Text message').check()
    await press(page, 'Continue')
    await page.getByLabel('Phone number').fill('206 555 0177')
    const place = { portal, codes: gateway.codes, erinsSecret: '' }
    const code = await codeAfter(place, bobsPhone, () => press(page, 'Text Me Now to Authenticate'))
    await heading(page, 'Enter the code we sent')

    await kill(first)
    const second = await start()
    await page.getByLabel('6-digit code').fill(code)
    await press(page, 'Continue')
    await page.getByText('You’re set up.').waitFor()

    await kill(second)
    const third = await start()
    await page.reload()
    await heading(page, 'Your account')
    await page.getByText('+1 206 555 0177').waitFor()

    await press(page, 'Sign out')
    await page.getByText('You are signed out.').waitFor()
    await codeAfter(place, bobsPhone, () => signIn(page, 'bob', password))
    await page.getByText('We sent a text message to').waitFor()
    third.signal('SIGTERM')
    assert.equal(await third.ended, 0, 'with a page that waits still open')
    assert.doesNotMatch(third.said(), complaint)
  })

  test(`killed ${rounds} times at random moments of an enrolment, it loses nothing that was acknowledged`, async () => {
    const { browser, start, gateway, add } = await world()
    const people = Array.from({ length: rounds }, (_, i) => ({ name: `person${i}`, number: `+1206555018${i}` }))
    let running = await start()
    await add(...people.map(({ name }) => name))

    for (const person of people) {
      const them = browser()
      const after = randomInt(0, 500)
      const enrolling = enrol(them, person, gateway)
      await sleep(after)
      await kill(running)
      const acknowledged = await enrolling
      running = await start()

      const about = `${person.name}, killed after ${after} ms, ${JSON.stringify(acknowledged)}`
      await holds(them, acknowledged, about)
      await finish(them, person, gateway)
      assert.ok((await them.get('/account')).text.includes(`+1 206 555 018${person.number.at(-1)}`), about)
    }
    running.signal('SIGTERM')
    assert.equal(await running.ended, 0)
  })
})

type Person = { name: string; number: string }
/** What was sent, and what of it was answered. */
type Acknowledged = { signedIn: boolean; texted: boolean; codeSent: boolean; done: boolean }

/** As far as the server lives. */
async function enrol(them: Visitor, { name, number }: Person, gateway: Gateway): Promise<Acknowledged> {
  const so: Acknowledged = { signedIn: false, texted: false, codeSent: false, done: false }
  try {
    so.signedIn = (await them.post('/sign-in', { username: name, password })).location === '/setup'
    so.texted = (await them.post('/setup/phone', { country: 'US', number })).location === '/setup/phone/code'
    const code = await newestCode(gateway, number, 1_000)
    const csrf = await them.token()
    so.codeSent = true
    so.done = (await them.post('/setup/phone/code', { csrf, code })).location === '/account?done=setup'
  } catch {
    // Killed. What the person then sees is the browser's own page.
  }
  return so
}

async function holds(them: Visitor, { signedIn, texted, codeSent, done }: Acknowledged, about: string): Promise<void> {
  const { location } = await them.get('/')
  if (done) assert.equal(location, '/account', about)
  else if (signedIn && !codeSent) assert.equal(location, '/setup', about)
  if (texted && !codeSent) assert.match((await them.get('/setup/phone/code')).text, /id="code"/, about)
}

/** From wherever they are, as pages lead. */
async function finish(them: Visitor, { name, number }: Person, gateway: Gateway): Promise<void> {
  const tried: string[] = []
  const code = async () => {
    // One that was being sent when the program was killed is sent again a quarter of a minute later.
    const untried = await newestCode(gateway, number, 60_000, tried)
    tried.push(untried)
    return untried
  }
  const trail: string[] = []
  for (let page = 0; page < 10; page++) {
    const { location = '', status } = await them.get('/')
    if (location === '/account') return
    const seen = await onward(location)
    trail.push(
      `${status} ${location}: ${seen.status} ${seen.location ?? seen.text.replace(/[\s\S]*<h1>|<\/h1>[\s\S]*/g, '')}`,
    )
  }
  assert.fail(`${name} never gets in: ${trail.join(', ')}`)

  async function onward(location: string): Promise<Seen> {
    if (location.startsWith('/sign-in')) return them.post('/sign-in', { username: name, password })
    if (location === '/second-step') return them.post(location, { code: await code() })
    const { text } = await them.get('/setup/phone/code')
    if (!text.includes('id="code"')) return them.post('/setup/phone', { country: 'US', number })
    return them.post('/setup/phone/code', { code: await code() })
  }
}

async function newestCode({ codes }: Gateway, number: string, patienceMs: number, not: string[] = []): Promise<string> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(20)) {
    const [code] = await codes(number)
    if (code && !not.includes(code)) return code
  }
  throw new Error(`no text came to ${number}`)
}

async function kill(program: Program): Promise<void> {
  program.signal('SIGKILL')
  assert.equal(await program.ended, null)
}

/** An installation that has not been started yet. */
async function world() {
  const gateway = await smsGateway()
  const port = await freePort()
  const folder = temporaryFolder()
  const config = configuration(folder, 'data', {
    portal: { listen: `127.0.0.1:${port}` },
    health: { listen: '127.0.0.1:0' },
    sms: throughGateway(gateway),
    log: { format: 'json' },
  })
  const agent = new Agent({ connect: { rejectUnauthorized: false } })
  after(() => agent.destroy())
  const send = async (path: string, init: RequestInit) =>
    (await fetch(`https://localhost:${port}${path}`, {
      ...(init as object),
      dispatcher: agent,
      redirect: 'manual',
    })) as unknown as Response

  return {
    portal: `https://localhost:${port}/MultiFactorAuth/`,
    gateway,
    browser: () => visitor(send),
    async start() {
      const program = sallyport(['serve', '--config', config])
      await program.says(/Sallyport serves/)
      // A start after a crash needs no repair, and nobody to look at it.
      assert.doesNotMatch(program.said(), complaint)
      return program
    },
    async add(...names: string[]) {
      const file = join(folder, 'people.csv')
      writeFileSync(file, ['username,password', ...names.map((name) => `${name},${password}`)].join('\n'))
      const added = await verb(['user', 'import', file, '--config', config])
      assert.equal(added.exit, 0, added.said)
    },
  }
}
