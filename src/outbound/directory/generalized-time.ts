/** RFC 4517 section 3.3.13, in UTC and to the second. */
export function generalizedTime(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
}

export function readGeneralizedTime(said: string | undefined): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,]\d+)?Z$/
    .exec(said ?? '')
    ?.slice(1)
    .map(Number)
  if (!parts) return undefined
  const [year = 0, month = 1, day, hour, minute, second] = parts
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}
