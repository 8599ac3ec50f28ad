/** One instruction to Twilio. Plain text in, markup out of `twiml` only. https://www.twilio.com/docs/voice/twiml */
export type Verb = Prompt | { verb: 'gather'; gather: GatherOf; prompts: readonly Prompt[] } | Ending

/** `language` is a BCP 47 tag. `seconds`: 1 or more. */
export type Prompt =
  | { verb: 'say'; text: string; language: string }
  | { verb: 'play'; url: string }
  | { verb: 'pause'; seconds: number }

type Ending = { verb: 'redirect'; url: string } | { verb: 'hangup' }

/**
 * What was pressed is posted to `action`. `finishOnKey` is not part of it; with '' no key ends the waiting, and # is a key
 * like others. Pressed alone, `finishOnKey` is as silence: the next verb follows. `timeout` is seconds for each key.
 */
export type GatherOf = { action: string; timeout: number; finishOnKey: '#' | ''; numDigits: number }

/** The document for a callback that asks what to do. */
export function twiml(verbs: readonly Verb[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('Response', {}, verbs.map(write))}`
}

function write(verb: Verb): Markup {
  switch (verb.verb) {
    case 'say':
      return element('Say', { language: verb.language }, [verb.text])
    case 'play':
      return element('Play', {}, [verb.url])
    case 'pause':
      return element('Pause', { length: verb.seconds })
    case 'redirect':
      return element('Redirect', { method: 'POST' }, [verb.url])
    case 'hangup':
      return element('Hangup')
    case 'gather':
      return element('Gather', { input: 'dtmf', method: 'POST', ...verb.gather }, verb.prompts.map(write))
  }
}

/** Markup that we made, as opposed to text that is still to be escaped. */
class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  content: readonly (Markup | string)[] = [],
): Markup {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  const inner = content.map((piece) => (piece instanceof Markup ? piece.toString() : escaped(piece))).join('')
  const start = `<${name}${written.join('')}`
  return new Markup(inner === '' ? `${start}/>` : `${start}>${inner}</${name}>`)
}

/** XML 1.0 section 2.2: other characters cannot stand in a document, not even as references. */
const notInXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/** Line breaks and tabs as well: in an attribute they would be read as spaces (XML 1.0 section 3.3.3). */
function escaped(text: string): string {
  return text.replace(notInXml, '').replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
