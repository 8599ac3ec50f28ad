import { button, h } from './elements.js'
import { fromBase64url } from './keys.js'
import { say } from './screen.js'

/**
 * What is to be said of notifications: asked for by a button, with the reason, and never by itself. Nothing once they are
 * on.
 */
export function alertsSection(app) {
  const { words } = app
  const state = alertState(app)
  if (state === 'on') return undefined
  return h(
    'section',
    { class: 'section' },
    h('header', {}, h('h2', {}, words('alerts.heading'))),
    h(
      'div',
      { class: 'section-body' },
      h('p', {}, words(`alerts.${state}`)),
      state === 'off' &&
        button(words('alerts.button'), { kind: 'second', click: ({ target }) => void turnOn(app, target) }),
    ),
  )
}

function alertState({ alerts }) {
  const onApple = /iPhone|iPad/.test(navigator.userAgent)
  const installed = matchMedia('(display-mode: standalone)').matches || navigator.standalone === true
  if (!('PushManager' in window) || !('Notification' in window))
    return onApple && !installed ? 'install' : 'unsupported'
  if (Notification.permission === 'denied') return 'blocked'
  return Notification.permission === 'granted' && alerts.on ? 'on' : 'off'
}

async function turnOn(app, pressed) {
  const { words, alerts } = app
  pressed.disabled = true
  pressed.textContent = words('alerts.turning-on')
  const permission = await Notification.requestPermission()
  if (permission === 'granted') alerts.on = await subscribe(app).catch(() => false)
  app.home()
  if (alerts.on) say(words('alerts.done'))
  else if (permission === 'granted') {
    const section = document.querySelector('.section-body button.second')
    section?.before(h('p', { class: 'complaint', role: 'alert' }, h('span', {}, words('alerts.failed'))))
  }
}

/** True once the server knows how to wake this device up. */
export async function subscribe({ service, kept }) {
  const registration = await navigator.serviceWorker.ready
  const options = { userVisibleOnly: true, applicationServerKey: fromBase64url(kept.pushKey) }
  const subscription =
    (await registration.pushManager.getSubscription()) ?? (await registration.pushManager.subscribe(options))
  const { endpoint, keys } = subscription.toJSON()
  const answer = await service.setPush({ endpoint, keys })
  return answer.ok && answer.value.outcome === 'done'
}

/** At a start: the browser may have made another subscription meanwhile. Asks the person nothing. */
export async function refreshAlerts(app) {
  if (!('PushManager' in window) || Notification.permission !== 'granted') return
  app.alerts.on = await subscribe(app).catch(() => false)
}

/** Whoever looks at the app needs not be told any more. */
export async function clearNotifications() {
  const registration = await navigator.serviceWorker?.getRegistration()
  for (const notification of (await registration?.getNotifications?.()) ?? []) notification.close()
}
