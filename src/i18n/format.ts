import { type LanguageCode, languageOf } from './languages.ts'

/** How one reader sees times and numbers: his language, his time zone (IANA name), and the moment that is "now". */
export type Reader = { language: LanguageCode; timeZone: string; now: Date }

/** A moment for a person, and the same moment for a machine (ISO 8601, UTC) for `<time datetime>`. */
export type Moment = { text: string; exact: string; full: string }

/** "today, 08:41", "yesterday, 17:02", else "12 May 2026". `full` has date, time and zone, for a tooltip. */
export function moment(date: Date, { language, timeZone, now }: Reader): Moment {
  const { formats } = languageOf(language)
  const write = (options: Intl.DateTimeFormatOptions) => formatter(formats, { timeZone, ...options }).format(date)

  const daysAgo = dayNumber(now, timeZone) - dayNumber(date, timeZone)
  const time = write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = write({ dateStyle: 'long' })
  const relative = new Intl.RelativeTimeFormat(formats, { numeric: 'auto' })

  return {
    text: daysAgo === 0 || daysAgo === 1 ? `${relative.format(-daysAgo, 'day')}, ${time}` : day,
    exact: date.toISOString(),
    full: `${day}, ${write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' })}`,
  }
}

/** "3 March 2027". */
export function longDate(date: Date, { language, timeZone }: Pick<Reader, 'language' | 'timeZone'>): string {
  return formatter(languageOf(language).formats, { timeZone, dateStyle: 'long' }).format(date)
}

/** "1,284" or "1.284". */
export function count(value: number, language: LanguageCode): string {
  return new Intl.NumberFormat(languageOf(language).formats).format(value)
}

/** "5 minutes", "90 seconds": whole minutes are said in minutes. */
export function duration(seconds: number, language: LanguageCode): string {
  const inMinutes = seconds >= 60 && seconds % 60 === 0
  return new Intl.NumberFormat(languageOf(language).formats, {
    style: 'unit',
    unit: inMinutes ? 'minute' : 'second',
    unitDisplay: 'long',
  }).format(inMinutes ? seconds / 60 : seconds)
}

/** "A, B and C". */
export function list(items: readonly string[], language: LanguageCode): string {
  return new Intl.ListFormat(languageOf(language).formats, { type: 'conjunction' }).format(items)
}

/** The calendar day in the zone, counted, so that midnight and daylight saving do not blur "today". */
function dayNumber(date: Date, timeZone: string): number {
  const parts = formatter('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(date)
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / 86_400_000)
}

// Making an Intl formatter costs more than using one.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formatters.set(key, made)
  return made
}
