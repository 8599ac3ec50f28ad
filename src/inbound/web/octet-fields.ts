/** The fields of a form or a query in their order. Providers write values in whatever charset they like, so they are octets. */
export type OctetFields = readonly (readonly [name: string, value: Buffer])[]

/** For what providers send us: their calls are small. */
export const calledWith = { mostBytes: 16 * 1024, mostFields: 100 }

/**
 * `text` has a character for each octet. Undefined for bad escapes, a name that is missing or no UTF-8, and too many
 * fields. A name may come twice: what that means is the reader's to say.
 */
export function octetFields(text: string): OctetFields | undefined {
  const fields: [string, Buffer][] = []
  for (const pair of text === '' ? [] : text.split('&')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const [key, octets] = [utf8(unescaped(name)), unescaped(value)]
    if (!key || !octets || fields.length === calledWith.mostFields) return undefined
    fields.push([key, octets])
  }
  return fields
}

/** Undefined when it is no UTF-8. */
export function utf8(octets: Uint8Array | undefined): string | undefined {
  try {
    return octets && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return undefined
  }
}

function unescaped(part: string): Buffer | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(part)) return undefined
  const octets = part
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(octets, 'latin1')
}
