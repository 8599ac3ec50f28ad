import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../dev/hosts/port.ts'
import { openEngineAt } from './at.ts'
import { startSallyport, usageOf } from './children.ts'
import type { Figure } from './figures.ts'
import { account, otpAt } from './otp.ts'
import { addPeople } from './people.ts'
import { type Bench, peopleFor } from './rounds.ts'
import { signInPage } from './sign-in-page.ts'

const READY_WITHIN_MS = 30_000

/**
 * `sallyport serve`, as an operator starts it, on a data folder that has people: how soon it is ready, what it answers,
 * and what memory it holds before and after.
 */
export async function served(bench: Bench, folder: string, users: number): Promise<Figure[]> {
  const people = await addPeople({ folder }, peopleFor(bench))
  await addAccount(folder)
  const [portal, sdk, health] = [await freePort(), await freePort(), await freePort()]

  const began = performance.now()
  const program = startSallyport(['serve', '--data', folder], environment({ portal, sdk, health }))
  try {
    await ready(`http://127.0.0.1:${health}/readyz`, program)
    const seconds = (performance.now() - began) / 1_000
    const name = `serve, start to ready with ${users.toLocaleString('en')} users`
    const start = { ...figure(name, 's', seconds), bare: bench.bareStart }
    const before = memoryOf(program.pid)
    const ca = readFileSync(join(folder, 'tls.pem'), 'utf8')
    const door = { pid: program.pid, origin: `https://127.0.0.1:${sdk}`, ca }
    const figures = [
      ...(await otpAt(bench, people, 'OTP over HTTPS', door)),
      ...(await signInPage(bench, { pid: program.pid, url: `http://127.0.0.1:${portal}/MultiFactorAuth/` })),
    ]
    const bare = memoryOf(bench.bare.pid)
    const memory = [
      { ...figure('serve, memory after start', 'MiB', before), bare },
      { ...figure('serve, memory after the load', 'MiB', memoryOf(program.pid)), bare },
    ]
    return [...figures, start, ...memory]
  } finally {
    await program.stop()
  }
}

function environment({ portal, sdk, health }: Record<'portal' | 'sdk' | 'health', number>) {
  return {
    SALLYPORT_PORTAL_LISTEN: `127.0.0.1:${portal}`,
    // The bare server speaks plain HTTP too; what TLS costs shows at the SDK.
    SSL_REQUIRED: 'false',
    SALLYPORT_PORTAL_TRUSTED_PROXIES: '127.0.0.1',
    SALLYPORT_SDK_LISTEN: `127.0.0.1:${sdk}`,
    SALLYPORT_HEALTH_LISTEN: `127.0.0.1:${health}`,
    SALLYPORT_LOG_LEVEL: 'warn',
  }
}

async function addAccount(folder: string): Promise<void> {
  const engine = await openEngineAt({ folder })
  await engine.api.setServiceAccount({ console: true }, account)
  await engine.close()
}

async function ready(url: string, { ended, said }: ReturnType<typeof startSallyport>): Promise<void> {
  let running = true
  void ended.finally(() => {
    running = false
  })
  const deadline = performance.now() + READY_WITHIN_MS
  while (running && performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await wait(10)
  }
  throw new Error(`serve was not ready: ${said()}`)
}

function memoryOf(pid: number): number {
  return (usageOf(pid)?.memory ?? Number.NaN) / 1_048_576
}

function figure(name: string, unit: string, ours: number): Figure {
  return { name, unit, ours, bare: undefined, better: 'less' }
}
