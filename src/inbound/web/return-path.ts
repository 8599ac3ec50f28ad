const nowhere = 'https://return.invalid'

/**
 * Where to go back to, from a field or query that anyone may have written: a path of this origin ("/account?tab=2"), or
 * undefined. Parsed against a fixed base by the same rules as the browser's, then narrowed: nothing that a browser, a proxy
 * or a second decoding could read as another host.
 */
export function returnPath(wanted: string | undefined | null): string | undefined {
  if (!wanted || wanted.length > 1000 || !/^\/[!-~]*$/.test(wanted)) return undefined
  if (wanted.includes('\\') || wanted.includes('//')) return undefined
  if (!URL.canParse(wanted, nowhere)) return undefined

  // Encoded dots, slashes, backslashes, percents and control characters change meaning when decoded again.
  const [path = ''] = wanted.split(/[?#]/, 1)
  if (/%(2e|2f|5c|25|[01].|7f)/i.test(path) || !decodes(path)) return undefined

  const { origin, pathname, search } = new URL(wanted, nowhere)
  if (origin !== nowhere || pathname.startsWith('//')) return undefined
  return pathname + search
}

function decodes(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
