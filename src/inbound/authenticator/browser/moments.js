/** "just now", "2 minutes ago", by the server's time; `iso` is a time of the server. */
export function ago(iso, { words, clock, formats }) {
  const seconds = Math.round((clock.now() - Date.parse(iso)) / 1000)
  if (seconds < 60) return words('just-now')
  const relative = new Intl.RelativeTimeFormat(formats, { numeric: 'always' })
  return relative.format(-Math.round(seconds / 60), 'minute')
}

/** The time of day on this device's clock face. */
export function timeOfDay(iso, { formats }) {
  return new Intl.DateTimeFormat(formats, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(iso),
  )
}
