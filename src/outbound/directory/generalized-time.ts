/** RFC 4517 section 3.3.13, in UTC and to the second. */
export function generalizedTime(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '')
}

/** With minutes or without, with a fraction of a second, and in UTC or by its difference (`20260101120000.5+0130`). */
export function readGeneralizedTime(said: string | undefined): Date | undefined {
  const [, date, hour = 0, minute = 0, second = 0, zone = 'Z'] =
    /^(\d{8})(\d\d)(\d\d)?(\d\d)?(?:[.,]\d+)?(Z|[+-]\d\d(?:\d\d)?)$/.exec(said ?? '') ?? []
  if (date === undefined) return undefined
  const utc = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)))
  const minutes = Number(hour) * 60 + Number(minute) - differenceOf(zone)
  return new Date(utc + minutes * 60_000 + Number(second) * 1_000)
}

function differenceOf(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3) || 0)
  return zone.startsWith('-') ? -minutes : minutes
}
