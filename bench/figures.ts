/** What one round of a load was like. Times are milliseconds; `cpu` microseconds of the server for each answer. */
export type Round = { rate: number; p50: number; p99: number; cpu: number | undefined }

/** One line of the table: a figure of ours, and the same figure of the bare server in the same run. */
export type Figure = { name: string; unit: string; ours: number; bare: number | undefined; better: 'more' | 'less' }

export function roundOf(seconds: number, times: Float64Array, cpu: number | undefined): Round {
  const sorted = times.toSorted()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { rate: sorted.length / seconds, p50: at(0.5), p99: at(0.99), cpu: cpu && cpu / sorted.length }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * The medians of rounds that took turns with rounds of the bare server. The ratio is the table's; with the machine's
 * load changing from round to round, only rounds side by side can be compared.
 */
export function figuresOf(name: string, unit: string, ours: readonly Round[], bare: readonly Round[]): Figure[] {
  const of = (rounds: readonly Round[], key: keyof Round) => median(rounds.map((round) => round[key] ?? Number.NaN))
  const figure = (label: string, in_: string, key: keyof Round, better: Figure['better']): Figure => ({
    name: `${name}, ${label}`,
    unit: in_,
    ours: of(ours, key),
    bare: of(bare, key),
    better,
  })
  return [
    figure('throughput', `${unit}/s`, 'rate', 'more'),
    figure('p50', 'ms', 'p50', 'less'),
    figure('p99', 'ms', 'p99', 'less'),
    figure('CPU each', 'µs', 'cpu', 'less'),
  ]
}

/** As Markdown, which is also readable on a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, ours, bare, better }) => [
    name,
    `${shown(ours)} ${unit}`,
    bare === undefined ? '' : `${shown(bare)} ${unit}`,
    bare === undefined ? '' : `${(ours / bare).toFixed(2)} (${better} is better)`,
  ])
  const all = [['figure', 'Sallyport', 'bare server', 'ratio'], ...rows]
  const widths = all[0]?.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = all
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n')
}

function shown(value: number): string {
  if (Number.isNaN(value)) return '-'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}
