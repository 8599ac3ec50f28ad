import type { Translate } from '../../../i18n/catalogue.ts'
import type { Moment } from '../../../i18n/format.ts'
import { attributes, type Html, html, type Piece } from '../html.ts'

export type Tone = 'good' | 'warn' | 'bad'

/**
 * What happened or what to mind. `focus` (after a change): the page opens with the focus here, so that it is read out.
 * `lead` is the sentence in bold.
 */
export function notice({
  tone = 'good',
  lead,
  text,
  focus,
}: {
  tone?: Tone
  lead?: string
  text?: Piece
  focus?: boolean
}): Html {
  const frame = attributes({
    class: `notice ${tone}`,
    role: tone === 'bad' ? 'alert' : 'status',
    tabindex: focus && '-1',
    autofocus: focus,
  })
  return html`<div${frame}><p>${lead && html`<strong>${lead}</strong> `}${text}</p></div>`
}

/** `field` is the field's name: the line links to it. */
export type Complaint = { field: string; text: string }

/** Above the heading when several answers are wrong; nothing when there are none. */
export function errorSummary(t: Translate, complaints: readonly Complaint[]): Html {
  if (complaints.length === 0) return html``
  const lines = complaints.map(({ field, text }) => html`<li><a href="#${field}">${text}</a></li>`)
  return html`<div class="notice bad summary" role="alert" tabindex="-1" autofocus><h2>${t('errors.heading', { count: complaints.length })}</h2><ul>${lines}</ul></div>`
}

/** Where a person is in a short journey. `current` counts from 0. */
export function stepper(t: Translate, { steps, current }: { steps: readonly string[]; current: number }): Html {
  const items = steps.map((step, i) => {
    const state = attributes({ class: i < current ? 'done' : undefined, 'aria-current': i === current && 'step' })
    return html`<li${state}>${step}${i < current && html`<span class="vh"> (${t('steps.done')})</span>`}</li>`
  })
  return html`<ol class="steps"${attributes({ 'aria-label': t('steps.label') })}>${items}</ol>`
}

export function tag(text: string, tone?: Tone): Html {
  return html`<span class="tag${tone && ` ${tone}`}">${text}</span>`
}

/** A phone number or code in running text: bold, and never broken across two lines. */
export function kept(text: string): Html {
  return html`<strong class="keep">${text}</strong>`
}

/** A moment as people say it, with the exact time for machines and in the tooltip. From i18n/format.ts `moment`. */
export function time({ text, exact, full }: Moment): Html {
  return html`<time datetime="${exact}" title="${full}">${text}</time>`
}

export type RowView = {
  term: Piece
  value: Piece
  /** A quieter second line. */
  note?: Piece
  /** `object` says of what, for screen readers: "Change" + "your phone number". A form's button may stand here instead. */
  action?: { label: string; to: string; object: string } | Html | undefined
}

/** Settings and facts: one line each, with a way to change it. */
export function rows(lines: readonly RowView[]): Html {
  return html`<dl class="rows">${lines.map(row)}</dl>`
}

function row({ term, value, note, action }: RowView): Html {
  return html`<div><dt>${term}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd>${action && html`<dd class="act">${actionOf(action)}</dd>`}</div>`
}

function actionOf(action: NonNullable<RowView['action']>): Html {
  if (!('label' in action)) return action
  return html`<a href="${action.to}">${action.label}<span class="vh"> ${action.object}</span></a>`
}

/** A titled block on a page. `id` lets links point at it. */
export function section({
  heading,
  body,
  action,
  id,
}: {
  heading: string
  body: Piece
  action?: Piece
  id?: string
}): Html {
  return html`<section${attributes({ class: 'section', id })}><header><h2>${heading}</h2>${action}</header>${body}</section>`
}

/** Running text and forms inside a `section`, with its padding. */
export function sectionBody(body: Piece): Html {
  return html`<div class="section-body">${body}</div>`
}

/** What few need, behind its summary; without script as well. `open`: something in it wants to be seen. */
export function disclosure({ summary, body, open = false }: { summary: string; body: Piece; open?: boolean }): Html {
  return html`<details${attributes({ class: 'more', open })}><summary>${summary}</summary><div>${body}</div></details>`
}

/** What the page waits for, and the number to type into the phone if there is one. Announced when it changes. */
export function wait({ text, number, numberLabel }: { text: Piece; number?: string; numberLabel?: string }): Html {
  return html`<div class="wait">${number && html`<p class="number">${numberLabel && html`<span class="vh">${numberLabel} </span>`}${number}</p>`}<p role="status"><span class="pulse" aria-hidden="true"><i></i><i></i><i></i></span> ${text}</p></div>`
}

/** A secret or code that is shown to be read or copied, in groups of `group` characters. */
export function shownCode(text: string, { group = 4 } = {}): Html {
  const groups = text.match(new RegExp(`.{1,${group}}`, 'gu')) ?? []
  return html`<p class="shown-code"><code>${groups.map((part, i) => html`${i > 0 && ' '}<span>${part}</span>`)}</code></p>`
}

/** Codes to be kept: one a line, so that they can be copied or printed as they are. */
export function codeList(codes: readonly string[], label: string): Html {
  return html`<ol${attributes({ class: 'code-list', 'aria-label': label })}>${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>`
}

/** An SVG picture made elsewhere (a QR code), shown as an image so that nothing in it can run. */
export function svgPicture(svg: string, alt: string): Html {
  return html`<img class="picture" alt="${alt}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`
}

export type TableView = {
  caption: string
  captionHidden?: boolean
  columns: readonly { label: string; numeric?: boolean }[]
  rows: readonly (readonly Piece[])[]
  /** Said in place of rows when there are none. */
  empty?: string
}

/** People or events. On a narrow screen each row becomes a block with its column names. */
export function table({ caption, captionHidden, columns, rows: lines, empty }: TableView): Html {
  const cell = (piece: Piece, i: number) =>
    html`<td${attributes({ 'data-label': columns[i]?.label, class: columns[i]?.numeric ? 'num' : undefined })}>${piece}</td>`
  const body =
    lines.length === 0 && empty
      ? html`<tr><td${attributes({ colspan: columns.length })}>${empty}</td></tr>`
      : lines.map((line) => html`<tr>${line.map(cell)}</tr>`)
  const heads = columns.map(
    ({ label, numeric }) => html`<th${attributes({ scope: 'col', class: numeric ? 'num' : undefined })}>${label}</th>`,
  )
  return html`<div class="table"><table><caption${attributes({ class: captionHidden ? 'vh' : undefined })}>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`
}
