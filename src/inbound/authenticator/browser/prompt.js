import { browserName } from './browser-name.js'
import { button, complain, field, h, notice, rows, stacked } from './elements.js'
import { Unreachable } from './mobile-service.js'
import { ago, timeOfDay } from './moments.js'
import { say, show } from './screen.js'

/** One question: is this you? */
export function showPrompt(app, prompt, { above } = {}) {
  const { words, company, kept } = app
  const form = h(
    'form',
    { novalidate: true },
    prompt.number &&
      field({
        id: 'number',
        label: words('number.label'),
        class: 'code',
        inputmode: 'numeric',
        autocomplete: 'off',
        maxlength: 8,
        spellcheck: 'false',
      }),
    prompt.pin &&
      field({
        id: 'pin',
        label: words('pin.label'),
        type: 'password',
        inputmode: 'numeric',
        autocomplete: 'off',
        maxlength: 64,
        class: 'short',
      }),
    stacked(h('button', { class: 'primary' }, words('prompt.approve'))),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void approve(app, prompt, form)
  })
  show({
    heading: words(`prompt.heading.${prompt.purpose}`),
    above,
    body: [
      rows(factsOf(app, prompt)),
      form,
      stacked(
        button(words('prompt.deny'), { kind: 'danger', click: () => void answer(app, prompt, { verdict: 'deny' }) }),
      ),
      h(
        'div',
        { class: 'ways' },
        h(
          'ul',
          {},
          h('li', {}, button(words('prompt.fraud'), { kind: 'plain', click: () => askWhetherFraud(app, prompt) })),
          h('li', {}, button(words('prompt.later'), { kind: 'plain', click: () => app.home() })),
        ),
      ),
    ],
    badge: kept.account.username,
    company,
    words,
  })
}

/** Who asks, in order of what a person can judge by. */
function factsOf(app, { application, address, place, browser, askedAt }) {
  const { words, company } = app
  const from = [browserName(browser ?? '', words), address].filter(Boolean).join(' · ')
  return [
    [words('prompt.to'), application, application === company ? undefined : company],
    [words('prompt.from'), placeName(words, place), from],
    [words('prompt.when'), ago(askedAt, app), timeOfDay(askedAt, app)],
  ]
}

function placeName(words, place) {
  if (place?.kind === 'named' && place.name) return place.name
  return words(`place.${place?.kind === 'private' || place?.kind === 'this-machine' ? place.kind : 'unknown'}`)
}

async function approve(app, prompt, form) {
  const { words } = app
  const typed = (id) => form.querySelector(`#${id}`)?.value.replace(/[\s\p{Pd}]/gu, '') ?? ''
  const [number, pin] = [typed('number'), typed('pin')]
  complain(form, 'number', words, undefined)
  if (prompt.number && !/^\d{2}$/.test(number)) return complain(form, 'number', words, words('number.missing'))
  if (prompt.pin && pin === '') return complain(form, 'pin', words, words('pin.missing'))
  const told = { ...(prompt.number && { number }), ...(prompt.pin && { pin }) }
  await answer(app, prompt, { verdict: 'approve', ...told }, form)
}

/** Sent once; while it is on its way a second press does nothing. */
async function answer(app, prompt, verdict, form) {
  const { words, service } = app
  const content = document.getElementById('content')
  if (content.hasAttribute('data-sent')) return
  content.setAttribute('data-sent', '')
  app.opened('answering')
  try {
    const told = await service.answer({ prompt: prompt.id, challenge: prompt.challenge, ...verdict })
    const { outcome, ...more } = told.ok ? told.value : { outcome: 'gone' }
    if (outcome === 'wrong-pin' && form) {
      app.opened(prompt.id)
      form.querySelector('#pin').value = ''
      return complain(form, 'pin', words, words('pin.wrong', { count: more.attemptsLeft }))
    }
    app.settled(prompt.id)
    showOutcome(app, outcome, more)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    app.opened(prompt.id)
    showPrompt(app, prompt, { above: notice('bad', words('prompt.unreachable')) })
  } finally {
    content.removeAttribute('data-sent')
  }
}

/** What came of it. `gone`: answered elsewhere, replaced or too late; the server does not tell which. */
export function showOutcome(app, outcome, { blocked = false } = {}) {
  const { words, company, kept } = app
  app.opened('outcome')
  const key = outcome === 'reported' && blocked ? 'reported.blocked' : outcome
  show({
    heading: words(`outcome.${key}.heading`),
    lede: words(`outcome.${key}.text`),
    above: h('p', { class: `outcome ${toneOf(outcome)}`, 'aria-hidden': 'true' }),
    body: stacked(
      button(words('done'), { kind: outcome === 'approved' ? 'primary' : 'second', click: () => app.home() }),
    ),
    badge: kept.account.username,
    company,
    words,
  })
  say(words(`outcome.${key}.heading`))
}

function toneOf(outcome) {
  if (outcome === 'approved') return 'good'
  return outcome === 'denied' || outcome === 'reported' ? 'calm' : 'bad'
}

function askWhetherFraud(app, prompt) {
  const { words, company, kept } = app
  show({
    heading: words('fraud.heading'),
    lede: words('fraud.lede', { company }),
    body: stacked(
      button(words('fraud.button'), { kind: 'danger', click: () => void answer(app, prompt, { verdict: 'fraud' }) }),
      button(words('back'), { kind: 'second', click: () => showPrompt(app, prompt) }),
    ),
    badge: kept.account.username,
    company,
    words,
  })
}
