import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * What is counted. All names start with `sallyport_`; `process_` and `nodejs_` are the usual ones of the client library.
 * Each label has a known set of values, so that nobody can fill the memory by making names up.
 */
const table = {
  signIns: {
    name: 'sallyport_sign_ins_total',
    help: 'Sign-ins by how the password was met.',
    labels: { outcome: ['right', 'wrong', 'slowed', 'failed'] },
  },
  secondSteps: {
    name: 'sallyport_second_steps_total',
    help: 'Answers to second steps.',
    labels: {
      method: ['call', 'text', 'app', 'oath', 'questions', 'passkey', 'recovery'],
      outcome: ['passed', 'wrong', 'locked', 'expired'],
    },
  },
  texts: {
    name: 'sallyport_texts_total',
    help: 'Text messages by what the provider did with them.',
    labels: { provider: [], outcome: ['taken', 'failed', 'expired'] },
  },
  up: {
    name: 'sallyport_provider_up',
    help: 'Whether a provider is asked in its turn: 0 from when it is set aside until it takes a message again.',
    labels: { kind: ['text', 'call', 'mail', 'push'], provider: [] },
  },
  receipts: {
    name: 'sallyport_text_receipts_total',
    help: 'What providers told of texts that they had taken.',
    labels: { provider: [], outcome: ['delivered', 'failed'] },
  },
  replies: {
    name: 'sallyport_text_replies_total',
    help: 'Texts that people sent back.',
    labels: { provider: [] },
  },
  turnedAway: {
    name: 'sallyport_callbacks_turned_away_total',
    help: 'Calls of providers, or of strangers, that changed nothing. signature: mostly a wrong public address.',
    labels: { why: ['unsigned', 'form', 'signature', 'secret', 'call'] },
  },
  requests: {
    name: 'sallyport_http_requests_total',
    help: 'Requests answered, by door and HTTP status.',
    labels: { door: ['portal', 'sdk', 'mobile', 'console', 'simulator', 'callbacks'], status: [] },
  },
  seconds: {
    name: 'sallyport_http_seconds',
    help: 'How long requests took.',
    labels: { door: ['portal', 'sdk', 'mobile', 'console', 'simulator', 'callbacks'] },
  },
} as const

type Label<
  Row extends keyof typeof table,
  Name extends keyof (typeof table)[Row]['labels'],
> = (typeof table)[Row]['labels'][Name] extends readonly (infer Value)[] ? Value : never

export type Metrics = {
  signIn(outcome: Label<'signIns', 'outcome'>): void
  secondStep(method: Label<'secondSteps', 'method'>, outcome: Label<'secondSteps', 'outcome'>): void
  /** `provider` is one of the names given at the start; any other counts as `other`. */
  text(provider: string, outcome: Label<'texts', 'outcome'>): void
  provider(change: { kind: Label<'up', 'kind'>; provider: string; open: boolean }): void
  receipt(provider: string, outcome: Label<'receipts', 'outcome'>): void
  reply(provider: string): void
  turnedAway(why: Label<'turnedAway', 'why'>): void
  request(door: Label<'requests', 'door'>, status: number, seconds: number): void
  /** Prometheus's text format. */
  page(): Promise<string>
  readonly contentType: string
}

type Wish = {
  /** Names of the configured providers of text messages, and of calls. */
  texts: readonly string[]
  calls?: readonly string[] | undefined
  /** Memory, CPU, event loop and the like of this process. Default: yes. */
  process?: boolean | undefined
}

// From a page out of the cache to a password hash behind a queue.
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Counters of this process, in a registry of their own: several servers in one process do not mix. */
export function createMetrics({ texts: providers, calls = [], process = true }: Wish): Metrics {
  const registry = new Registry()
  if (process) collectDefaultMetrics({ register: registry })
  const signIns = counter(registry, table.signIns)
  const secondSteps = counter(registry, table.secondSteps)
  const texts = counter(registry, table.texts)
  const receipts = counter(registry, table.receipts)
  const replies = counter(registry, table.replies)
  const turnedAway = counter(registry, table.turnedAway)
  const up = new Gauge({ ...head(table.up), registers: [registry] })
  const requests = counter(registry, table.requests)
  const seconds = new Histogram({
    name: table.seconds.name,
    help: table.seconds.help,
    labelNames: ['door'],
    buckets: SECONDS,
    registers: [registry],
  })
  // A counter that is not there yet has no rate: the first failure would not show.
  for (const outcome of table.signIns.labels.outcome) signIns.inc({ outcome }, 0)
  for (const provider of providers)
    for (const outcome of table.texts.labels.outcome) texts.inc({ provider, outcome }, 0)
  for (const provider of providers) up.set({ kind: 'text', provider }, 1)
  for (const provider of calls) up.set({ kind: 'call', provider }, 1)
  // Replies over HTTP go by how they came.
  const known = [...providers, 'kannel', 'http']
  const named = (provider: string) => (known.includes(provider) ? provider : 'other')

  return {
    signIn: (outcome) => signIns.inc({ outcome }),
    secondStep: (method, outcome) => secondSteps.inc({ method, outcome }),
    text: (provider, outcome) => texts.inc({ provider: providers.includes(provider) ? provider : 'other', outcome }),
    provider: ({ kind, provider, open }) => up.set({ kind, provider }, open ? 0 : 1),
    receipt: (provider, outcome) => receipts.inc({ provider: named(provider), outcome }),
    reply: (provider) => replies.inc({ provider: named(provider) }),
    turnedAway: (why) => turnedAway.inc({ why }),
    request(door, status, took) {
      requests.inc({ door, status: status >= 100 && status <= 599 ? String(status) : 'other' })
      seconds.observe({ door }, took)
    },
    page: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

type Row = { name: string; help: string; labels: Readonly<Record<string, readonly string[]>> }

function counter(registry: Registry, row: Row): Counter {
  return new Counter({ ...head(row), registers: [registry] })
}

function head({ name, help, labels }: Row): { name: string; help: string; labelNames: string[] } {
  return { name, help, labelNames: Object.keys(labels) }
}

/** `docs/reference/metrics.md`. */
export function metricsReference(): string {
  const head = `# Metrics

\`/metrics\` on the health listener (\`health.listen\`) serves these in Prometheus's text format, beside the usual
\`process_\` and \`nodejs_\` ones. This page is made from \`src/outbound/metrics.ts\`.

| Name | Labels | Meaning |
| --- | --- | --- |
`
  const rows: readonly Row[] = Object.values(table)
  return head + rows.map(({ name, help, labels }) => `| \`${name}\` | ${labelCell(labels)} | ${help} |\n`).join('')
}

function labelCell(labels: Row['labels']): string {
  return Object.entries(labels)
    .map(([name, values]) => (values.length > 0 ? `\`${name}\`: ${values.join(', ')}` : `\`${name}\``))
    .join('; ')
}
