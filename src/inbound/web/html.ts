/** Markup we made, as opposed to text we were given. Only `html` and `attributes` make it. */
export class Html {
  readonly #markup: string

  private constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }

  static join(parts: readonly string[], values: readonly Piece[]): Html {
    let markup = parts[0] ?? ''
    for (let i = 1; i < parts.length; i++) markup += render(values[i - 1]) + (parts[i] ?? '')
    return new Html(markup)
  }
}

/** What a hole takes. Text and numbers are escaped; `false` and `undefined` are nothing, so `condition && html\`…\`` works. */
export type Piece = Html | string | number | false | undefined | readonly Piece[]

/**
 * The only way to write markup. Safe in text and in quoted attributes: write `href="${to}"`, never `href=${to}`,
 * and put no hole into `<script>` or `<style>` (the content security policy forbids both inline anyway).
 */
export function html(parts: TemplateStringsArray, ...values: Piece[]): Html {
  return Html.join(parts, values)
}

/** Attributes with a leading space each: true is the bare name, false and undefined leave it out. Names come from our code only. */
export function attributes(values: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  const parts = ['']
  const pieces: Piece[] = []
  for (const [name, value] of Object.entries(values)) {
    if (!/^[a-z][a-z-]*$/.test(name)) throw new TypeError(`not the name of an attribute: ${name}`)
    if (value === false || value === undefined) continue
    if (value === true) parts.push(`${parts.pop() ?? ''} ${name}`)
    else {
      parts.push(`${parts.pop() ?? ''} ${name}="`, '"')
      pieces.push(value)
    }
  }
  return Html.join(parts, pieces)
}

function render(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (piece instanceof Html) return piece.toString()
  if (isList(piece)) return piece.map(render).join('')
  return escaped(String(piece))
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(piece: Piece): piece is readonly Piece[] {
  return Array.isArray(piece)
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}
