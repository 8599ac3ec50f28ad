/** `to` as the network saw it, `text` decoded. */
export type ReceivedText = { to: string; text: string }

type Part = { to: string; text: string; series: string | undefined; place: number; total: number }

/** From what Kannel's fakesmsc prints to texts. */
export function joinedTexts(lines: readonly string[]): ReceivedText[] {
  const whole: ReceivedText[] = []
  const open = new Map<string, Part[]>()
  for (const part of partsIn(lines)) {
    if (part.series === undefined) {
      whole.push({ to: part.to, text: part.text })
      continue
    }
    const series = `${part.to} ${part.series}`
    const parts = [...(open.get(series) ?? []), part]
    open.set(series, parts)
    if (parts.length < part.total) continue
    open.delete(series)
    whole.push({
      to: part.to,
      text: parts
        .sort((a, b) => a.place - b.place)
        .map(({ text }) => text)
        .join(''),
    })
  }
  return whole
}

/** A plain text with line breaks is printed as one "message" a line; only the first has the number, the rest belong to it. */
function partsIn(lines: readonly string[]): Part[] {
  const parts: Part[] = []
  for (const line of lines) {
    const [, printed] = /Got message \d+: <(.*)>$/s.exec(line) ?? []
    if (printed === undefined) continue
    const [, to, kind, rest = ''] = /^\S+ (\+?\d+) (text|ucs-2|data|udh) (.*)$/s.exec(printed) ?? []
    const last = parts.at(-1)
    if (to !== undefined) parts.push(partOf(to, kind ?? '', rest))
    else if (last) last.text += `\n${printed}`
  }
  return parts
}

function partOf(to: string, kind: string, rest: string): Part {
  if (kind === 'text') return { to, text: rest, series: undefined, place: 1, total: 1 }
  if (kind === 'udh') {
    const [header = '', , data = ''] = rest.split(' ')
    // 3GPP TS 23.040 section 9.2.3.24.1: concatenated short messages, 8-bit reference.
    const [, , , reference, total = 1, place = 1] = bytesOf(header)
    return { to, text: ucs2(data), series: String(reference), place, total }
  }
  return { to, text: ucs2(rest), series: undefined, place: 1, total: 1 }
}

function ucs2(data: string): string {
  return bytesOf(data).subarray(0).swap16().toString('utf16le')
}

function bytesOf(data: string): Buffer<ArrayBuffer> {
  const bytes = (data.match(/%[0-9A-Fa-f]{2}|./gs) ?? []).map((unit) => {
    if (unit === '+') return 0x20
    return unit.length === 3 ? Number.parseInt(unit.slice(1), 16) : unit.charCodeAt(0)
  })
  return Buffer.from(bytes)
}
