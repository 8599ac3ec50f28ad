import { languageOf, languages } from '../../../i18n/catalogue.ts'
import { attributes, type Html, html, type Piece } from '../html.ts'
import type { Frame } from '../http.ts'
import { postForm } from './actions.ts'
import { type Look, mark } from './look.ts'

export type PageView = {
  /** The question, or what the page is: the h1, and the title unless `title` says otherwise. */
  heading: string
  title?: string
  lede?: Piece
  /** Before the heading: a notice, the stepper, the error summary. */
  above?: Piece
  body: Piece
  /** The form came back with complaints: the title begins with "Error:". */
  failed?: boolean
  /** Heading and text in the middle, as while waiting. */
  centred?: boolean
  /** Path of an event stream: on its event `changed` the page renews itself, on `go` it moves on. Without script it reloads. */
  live?: string
  /** Seconds until a live page reloads itself where there is no script; 5 unless a form is being filled in. */
  refreshSeconds?: number
  /** Names of further assets of the look to load as scripts. */
  scripts?: readonly string[]
  /** Further lines of the head: a manifest, scripts from elsewhere on the site. */
  head?: Piece
}

export type DoorView = PageView & {
  /** For more than one question's width, as the phone form. */
  wide?: boolean
  /** Beside the brand: whose sign-in this is. */
  badge?: string
}

/** Before sign-in is complete: the brand in the card, no navigation, no way but through or back. */
export function doorPage(frame: Frame, view: DoorView): Html {
  const { wide, badge } = view
  const body = html`<main id="main"${liveAt(frame, view)}><div class="card${wide && ' wide'}"><div class="door-top">${brand(frame.look, frame)}${badge && html`<span class="tag">${badge}</span>`}</div>${region(view)}</div></main>`
  return page(frame, view, 'door', body)
}

export type NavItem = { label: string; to: string; current?: boolean }
export type NavGroup = { heading?: string; items: readonly NavItem[] }

export type SiteView = PageView & {
  /** The name of the person who is signed in. */
  who: string
  /** `card`: one question. `page`: sections. */
  shape?: 'card' | 'page'
  nav?: readonly NavGroup[]
}

/** After sign-in: the bar with brand, name and "Sign out" (POST /sign-out), and pages beside it where there are any. */
export function sitePage(frame: Frame, view: SiteView): Html {
  const { who, shape = 'page', nav } = view
  const bar = html`<header class="bar">${brand(frame.look, frame)}<div class="who"><span>${who}</span>${signOut(frame)}</div></header>`
  const main = html`<main id="main"${liveAt(frame, view)}><div class="${shape === 'card' ? 'card wide' : 'page'}">${region(view)}</div></main>`
  const content = nav ? html`<div class="shell">${navigation(frame, nav)}${main}</div>` : main
  return page(frame, view, 'site', html`${bar}${content}`)
}

function page(frame: Frame, view: PageView, kind: 'door' | 'site', body: Html): Html {
  const { t, look, language } = frame
  const { dir } = languageOf(language)
  const title = t('frame.title', { page: view.title ?? view.heading, company: look.company })
  const file = (name: string) => frame.to(`/assets/${name}`)
  return html`<!DOCTYPE html>
<html lang="${language}" dir="${dir}">
<head>
<meta charset="utf-8">
<title>${view.failed && `${t('frame.error')} `}${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${look.styles.map((name) => html`<link rel="stylesheet" href="${file(name)}">\n`)}<link rel="icon" href="${file(look.icon)}" type="image/svg+xml">
${[...look.scripts, ...(view.scripts ?? [])].map((name) => html`<script type="module" src="${file(name)}"></script>\n`)}${view.live && html`<noscript><meta http-equiv="refresh" content="${view.refreshSeconds ?? 5}"></noscript>\n`}${view.head}</head>
<body class="${kind}">
<a class="skip" href="#main">${t('frame.skip')}</a>
${body}
${footer(frame)}
</body>
</html>
`
}

function region({ above, heading, lede, body, centred, live }: PageView): Html {
  const frame = attributes({
    class: centred ? 'content centred' : 'content',
    id: 'content',
    'data-live-region': live !== undefined,
  })
  return html`<div${frame}>${above}<h1>${heading}</h1>${lede && html`<p class="lede">${lede}</p>`}${body}</div>`
}

function liveAt(frame: Frame, { live }: PageView): Html {
  return attributes({ 'data-live': live && frame.to(live) })
}

function brand(look: Look, frame: Frame): Html {
  const logo = look.logo ? html`<img src="${frame.to(`/assets/${look.logo}`)}" alt="">` : mark
  return html`<a class="brand" href="${frame.to('/')}">${logo}<span>${look.company}</span></a>`
}

function signOut(frame: Frame): Html {
  return postForm(frame, {
    to: '/sign-out',
    shape: 'inline',
    body: html`<button type="submit" class="plain">${frame.t('frame.sign-out')}</button>`,
  })
}

function navigation({ t }: Frame, groups: readonly NavGroup[]): Html {
  const item = ({ label, to, current }: NavItem) =>
    html`<li><a${attributes({ href: to, 'aria-current': current && 'page' })}>${label}</a></li>`
  const group = ({ heading, items }: NavGroup) =>
    html`${heading && html`<h2>${heading}</h2>`}<ul>${items.map(item)}</ul>`
  return html`<nav${attributes({ 'aria-label': t('frame.navigation') })}>${groups.map(group)}</nav>`
}

function footer(frame: Frame): Html {
  const { t, look } = frame
  const { line, href } = look.help
  return html`<footer><div>${languageChoice(frame)}${href && html`<a href="${href}">${t('frame.help')}</a>`}</div>${line && html`<span>${line}</span>`}</footer>`
}

/** Works without script: a disclosure with one button per language. The kernel answers POST /language. */
function languageChoice(frame: Frame): Html {
  const { t, language, path } = frame
  const item = ({ code, name, dir }: (typeof languages)[number]) =>
    html`<button${attributes({ type: 'submit', class: 'plain', name: 'language', value: code, lang: code, dir, 'aria-current': code === language && 'true' })}>${name}</button>`
  return html`<details class="language"><summary><span class="vh">${t('frame.language')}: </span>${languageOf(language).name}</summary>${postForm(frame, { to: '/language', body: html`<input type="hidden" name="back" value="${path}">${languages.map(item)}` })}</details>`
}
