// The engine called in its own process, without a network.
import { openEngineAt } from './at.ts'
import { serveParent } from './children.ts'
import type { Loaded } from './load.ts'
import { home } from './people.ts'

export type Calls = { callers: number; steps: readonly { session: string; code: string }[] }
export type Called = Loaded & { cpu: number }

const [folder = '', databaseUrl] = process.argv.slice(2)
const engine = await openEngineAt({ folder, databaseUrl })

async function callAll({ callers, steps }: Calls): Promise<Called> {
  const times: number[] = []
  const answers: Record<string, number> = {}
  let next = 0

  async function keepCalling(): Promise<void> {
    for (let step = steps[next++]; step; step = steps[next++]) {
      const began = performance.now()
      const call = { ...home, session: step.session }
      const answer = await engine.api.answerSecondStep(call, { method: 'oath', code: step.code })
      times.push(performance.now() - began)
      const outcome = answer.ok ? answer.value.outcome : answer.refusal
      answers[outcome] = (answers[outcome] ?? 0) + 1
    }
  }

  const before = process.cpuUsage()
  const began = performance.now()
  await Promise.all(Array.from({ length: callers }, keepCalling))
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  return { seconds, times, answers, cpu: user + system }
}

serveParent({ ready: true, answer: callAll, close: () => engine.close() })
