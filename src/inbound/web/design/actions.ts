import { attributes, type Html, html, type Piece } from '../html.ts'
import type { Frame } from '../http.ts'

/** primary: the one answer to the page's question. danger: undoes or removes. plain: looks like a link. */
export type ButtonKind = 'primary' | 'second' | 'danger' | 'plain'

export type ButtonView = {
  label: string
  kind?: ButtonKind
  name?: string
  value?: string
  disabled?: boolean
  /** The script keeps it disabled for so many seconds; without script it works at once, so the handler must mind the time itself. */
  wakesAfterSeconds?: number
  /** Added for screen readers where the label alone does not say of what: "Remove" + "Bob's Pixel 9". */
  object?: string
}

export function button({
  label,
  kind = 'primary',
  name,
  value,
  disabled,
  wakesAfterSeconds,
  object,
}: ButtonView): Html {
  return html`<button${attributes({ type: 'submit', class: kind, name, value, disabled, 'data-wakes-after': wakesAfterSeconds })}>${label}${object && html`<span class="vh"> ${object}</span>`}</button>`
}

/** Prints the page; appears only with script. The browser's own menu does the same. */
export function printButton(label: string): Html {
  return html`<button type="button" class="second" hidden data-prints>${label}</button>`
}

export type LinkView = { label: string; to: string; kind?: 'primary' | 'second' | 'plain'; object?: string }

/** A link; as `primary` or `second` it looks like a button. `to` is a whole address: `frame.to('/account')`. */
export function link({ label, to, kind = 'plain', object }: LinkView): Html {
  return html`<a${attributes({ href: to, class: kind === 'plain' ? undefined : `button ${kind}` })}>${label}${object && html`<span class="vh"> ${object}</span>`}</a>`
}

/** The row of buttons under a form. `stacked`: each as wide as the card, as on door pages. */
export function actions(buttons: readonly Piece[], { stacked = false } = {}): Html {
  return html`<div class="actions${stacked && ' stack'}">${buttons}</div>`
}

export type FormView = {
  /** Path below the site: '/sign-in'. */
  to: string
  body: Piece
  id?: string
  /** `inline`: a form that is just its button, in running text or a row. */
  shape?: 'block' | 'inline'
  /** For a script: names that begin with `data-`. */
  data?: Readonly<Record<`data-${string}`, string>>
}

/** A POST form with its token. The browser does not validate (its messages are not in our words): the handler does. */
export function postForm(frame: Frame, { to, body, id, shape = 'block', data = {} }: FormView): Html {
  return html`<form${attributes({ method: 'post', action: frame.to(to), id, class: shape === 'inline' ? 'inline' : undefined, novalidate: true, 'data-once': true, ...data })}><input type="hidden" name="csrf" value="${frame.csrf}">${body}</form>`
}

/** Other ways out of a door page, below a line, always in the same place. `heading`: "Nothing arrived?" */
export function ways(items: readonly Piece[], { heading }: { heading?: string } = {}): Html {
  return html`<div class="ways">${heading && html`<h2>${heading}</h2>`}<ul>${items.map((item) => html`<li>${item}</li>`)}</ul></div>`
}
