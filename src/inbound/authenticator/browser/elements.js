/**
 * An element, as `h('p', { class: 'lede' }, 'text', child)`. Children that are false or undefined are left out; text stays
 * text. A property that is a function listens: `{ click: approve }`.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...children.flat().filter((child) => child !== false && child !== undefined))
  return element
}

export function button(label, { kind = 'primary', ...properties }) {
  return h('button', { type: 'button', class: kind, ...properties }, label)
}

/** Buttons under one another, each as wide as the card. */
export function stacked(...buttons) {
  return h('div', { class: 'actions stack' }, ...buttons)
}

/** What happened, or what to mind. `tone`: good, warn or bad. */
export function notice(tone, text) {
  return h('div', { class: `notice ${tone}`, role: tone === 'bad' ? 'alert' : 'status' }, h('p', {}, text))
}

/** Facts, one line each: `[term, value, note]`. */
export function rows(lines) {
  const row = ([term, value, note]) =>
    h('div', {}, h('dt', {}, term), h('dd', {}, value, note !== undefined && note !== '' && h('small', {}, note)))
  return h('dl', { class: 'rows' }, lines.map(row))
}

/** A field with its label, a hint between, and a place for a complaint before the input. */
export function field({ id, label, hint, ...input }) {
  const hintId = hint === undefined ? undefined : `${id}-hint`
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    hint !== undefined && h('p', { class: 'hint', id: hintId }, hint),
    h('input', { id, name: id, 'aria-describedby': hintId, ...input }),
  )
}

/** Says beside the field what is wrong and what to do, and puts the focus there; nothing takes the complaint away. */
export function complain(form, id, words, text) {
  for (const old of form.querySelectorAll('.complaint')) old.remove()
  for (const bad of form.querySelectorAll('.bad.field')) bad.classList.remove('bad')
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid')
    const hint = `${input.id}-hint`
    if (form.querySelector(`#${hint}`)) input.setAttribute('aria-describedby', hint)
    else input.removeAttribute('aria-describedby')
  }
  if (text === undefined) return

  const input = form.querySelector(`#${id}`)
  const complaint = h('p', { class: 'complaint', id: `${id}-complaint` }, h('span', {}, text))
  complaint.prepend(h('span', { class: 'vh' }, `${words('error')} `))
  input.before(complaint)
  input.parentElement.classList.add('bad')
  input.setAttribute('aria-invalid', 'true')
  input.setAttribute(
    'aria-describedby',
    [input.getAttribute('aria-describedby'), complaint.id].filter(Boolean).join(' '),
  )
  input.focus()
  input.select()
}
