export type Element = { name: string; attributes: Record<string, string>; elements: Element[]; text: string }

/** The verbs and attributes of https://www.twilio.com/docs/voice/twiml that we have a use for. */
const known: Record<string, readonly string[]> = {
  Response: [],
  Say: ['language', 'voice', 'loop'],
  Play: ['loop', 'digits'],
  Pause: ['length'],
  Hangup: [],
  Redirect: ['method'],
  Gather: ['input', 'action', 'method', 'timeout', 'finishOnKey', 'numDigits', 'actionOnEmptyResult'],
}

const token = /<\?xml[^?]*\?>|<\/(\w+)\s*>|<(\w+)((?:\s+\w+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy

/** Reads a document strictly, so that what Twilio would refuse is refused. Answers the elements in `<Response>`. */
export function readTwiml(document: string): Element[] {
  const open: Element[] = [{ name: '', attributes: {}, elements: [], text: '' }]
  let at = 0
  for (const match of document.matchAll(token)) {
    at = match.index + match[0].length
    const [, closed, opened, attributes = '', empty, text] = match
    const top = open.at(-1) ?? fail('nothing is open')
    if (closed !== undefined) {
      if (closed !== top.name) fail(`</${closed}> closes <${top.name}>`)
      open.pop()
    } else if (opened !== undefined) {
      const element = { name: opened, attributes: attributesIn(opened, attributes), elements: [], text: '' }
      top.elements.push(element)
      if (empty === '') open.push(element)
    } else if (text !== undefined) top.text += unescaped(text)
  }
  const [root] = open
  const [response, ...others] = root?.elements ?? []
  if (at !== document.length || open.length !== 1) fail(`not well-formed at ${at}`)
  if (response?.name !== 'Response' || others.length > 0) fail('not one <Response>')
  return response?.elements ?? []
}

function attributesIn(name: string, text: string): Record<string, string> {
  const allowed = known[name] ?? fail(`<${name}> is no verb`)
  const attributes: Record<string, string> = {}
  for (const [, key = '', value = ''] of text.matchAll(/(\w+)="([^"]*)"/g)) {
    if (!allowed.includes(key)) fail(`<${name}> has no attribute ${key}`)
    attributes[key] = unescaped(value)
  }
  return attributes
}

function unescaped(text: string): string {
  if (/&(?!#\d+;)/.test(text)) fail('a bare &')
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

function fail(why: string): never {
  throw new Error(`12100 Document parse failure: ${why}`)
}
