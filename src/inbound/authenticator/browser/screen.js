import { h } from './elements.js'

const content = document.getElementById('content')
const card = content.parentElement
/** Heard by screen readers whatever is shown; a part of the page before anything is said. */
const said = h('p', { class: 'vh', role: 'status', id: 'said' })
document.getElementById('main').append(said)

/**
 * Shows one question. The focus goes to its heading, so that it is read out and the keyboard starts there; `focus` is an
 * element to take it instead.
 */
export function show({ heading, lede, above, body, badge, company, failed, words, focus }) {
  const title = h('h1', { tabindex: '-1' }, heading)
  content.replaceChildren(
    ...[above, title, lede !== undefined && h('p', { class: 'lede' }, lede), body].flat().filter(Boolean),
  )
  document.title = `${failed ? `${words('error')} ` : ''}${heading} – ${company}`
  said.textContent = ''
  showBadge(badge)
  window.scrollTo(0, 0)
  ;(focus ?? title).focus({ preventScroll: true })
}

/** The language of what is shown, where the page around it is in another. */
export function speak(language) {
  for (const part of [content, said]) part.lang = language
}

/** Read out without moving the focus. The same sentence twice is said twice. */
export function say(sentence) {
  said.textContent = ''
  setTimeout(() => {
    said.textContent = sentence
  }, 100)
}

/** Whose app this is, beside the brand. */
function showBadge(name) {
  const top = card.querySelector('.door-top')
  top.querySelector('.tag')?.remove()
  if (name !== undefined) top.append(h('span', { class: 'tag' }, name))
}
