import { alertsSection } from './alerts.js'
import { codeAt, grouped, secondsLeft } from './codes.js'
import { button, h, notice, rows } from './elements.js'
import { askWhetherToLeave } from './leave.js'
import { ago } from './moments.js'
import { say, show } from './screen.js'

/** What is asked, the code of the moment, and what this device is. `prompts` as the server lists them. */
export function showHome(app, { prompts, above }) {
  const { words, company, kept, clock } = app
  const many = prompts.length
  show({
    heading: many === 0 ? words('home.heading') : words('home.waiting', { count: many }),
    lede: many === 0 ? words('home.lede') : undefined,
    above: [above, app.offline && notice('warn', words('home.offline')), clock.isFarOff() && farOff(app)],
    body: [
      many > 0 &&
        h(
          'ul',
          { class: 'links' },
          prompts.map((prompt) => h('li', {}, opening(app, prompt))),
        ),
      codeSection(app),
      alertsSection(app),
      deviceSection(app),
    ],
    badge: kept.account.username,
    company,
    words,
  })
}

function opening(app, prompt) {
  const { words } = app
  const when = ago(prompt.askedAt, app)
  return button(words('home.open', { application: prompt.application, when }), {
    kind: 'second',
    click: () => app.open(prompt.id),
  })
}

function farOff({ words, clock, formats }) {
  const minutes = Math.max(1, Math.round(Math.abs(clock.ahead()) / 60_000))
  const unit = { style: 'unit', unit: minutes < 120 ? 'minute' : 'hour', unitDisplay: 'long' }
  const time = new Intl.NumberFormat(formats, unit).format(minutes < 120 ? minutes : Math.round(minutes / 60))
  return notice('warn', words(clock.ahead() > 0 ? 'clock.ahead' : 'clock.behind', { time }))
}

/** The code without a network. It is read out when asked for, and not each time it changes. */
function codeSection(app) {
  const { words, kept, clock } = app
  const { oath } = kept
  const shown = h('p', { class: 'otp', id: 'otp' })
  const left = h('p', { class: 'hint', id: 'otp-left' })
  const bar = h('progress', { max: oath.period, value: oath.period, 'aria-hidden': 'true' })
  let now = ''
  const tick = async () => {
    const seconds = secondsLeft(oath, clock.now())
    bar.value = seconds
    left.textContent = words('otp.left', { count: seconds })
    const code = await codeAt(oath, clock.now())
    if (code !== now) shown.textContent = grouped(code)
    now = code
  }
  void tick()
  const timer = setInterval(() => (shown.isConnected ? void tick() : clearInterval(timer)), 1_000)
  const copy = button(words('otp.copy'), {
    kind: 'second',
    click: async () => {
      await navigator.clipboard.writeText(now)
      say(words('otp.copied'))
      copy.textContent = words('otp.copied')
      setTimeout(() => {
        copy.textContent = words('otp.copy')
      }, 3_000)
    },
  })
  return h(
    'section',
    { class: 'section' },
    h('header', {}, h('h2', {}, words('otp.heading')), copy),
    h('div', { class: 'section-body' }, h('p', { class: 'hint' }, words('otp.lede')), shown, bar, left),
  )
}

function deviceSection(app) {
  const { words, kept, company } = app
  const lines = [
    [words('device.account'), kept.account.displayName, `${kept.account.username} · ${company}`],
    [words('device.name'), kept.device.name],
  ]
  return h(
    'section',
    { class: 'section' },
    h('header', {}, h('h2', {}, words('device.heading'))),
    rows(lines),
    h(
      'div',
      { class: 'section-body' },
      button(words('leave.open'), { kind: 'plain', click: () => askWhetherToLeave(app) }),
    ),
  )
}
