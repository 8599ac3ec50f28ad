import { askForCode, askWhetherAnew, sayRemoved } from './activate.js'
import { clearNotifications, refreshAlerts } from './alerts.js'
import { serverClock } from './clock.js'
import { notice } from './elements.js'
import { showHome } from './home.js'
import { mobileService, Removed, Unreachable } from './mobile-service.js'
import { showOutcome, showPrompt } from './prompt.js'
import { say, speak } from './screen.js'
import { keep, readKept } from './store.js'
import { watchPrompts } from './watch.js'
import { languageOf, loadWords } from './words.js'

const { company, mobile: base, worker, home: scope } = document.getElementById('app').dataset

/** What the screens share. `kept` is what the store has; `service` speaks for this device once it is on an account. */
const app = {
  company,
  base,
  kept: await readKept(),
  alerts: { on: false },
  offline: false,
  home,
  open,
  opened,
  settled,
  connected,
  stop: () => watching?.stop(),
}
await speakTo(app.kept.account)
app.clock = serverClock(app.kept.ahead, (ahead) => app.kept.device && keep({ ahead }))

let prompts = []
/** The prompt on the screen; `home` and `outcome`, whose place the next one may take; `answering`; `else` where the person is at something. */
let shown = 'else'
/** A prompt that a notification led to, before the server has said anything of it. */
let wanted
/** What stands above the first screen. */
let told
let watching

registerWorker()
window.addEventListener('hashchange', followLink)
navigator.serviceWorker?.addEventListener('message', ({ data }) => lookFor(data?.open))
if (app.kept.device) begin()
if (!followLink()) app.kept.device ? home() : askForCode(app)

/** "#activate=CODE" of the picture in the portal, "#prompt=ID" of a notification. Neither stays in the address. */
function followLink() {
  const [, kind, value = ''] = /^#(activate|prompt)=([\w-]{1,64})$/.exec(location.hash) ?? []
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
  if (kind === 'activate') {
    shown = 'else'
    app.kept.device ? askWhetherAnew(app, { code: value }) : askForCode(app, { code: value })
    return true
  }
  if (kind === 'prompt') lookFor(value)
  return false
}

/** A notification came, or one was pressed. */
function lookFor(id) {
  if (id !== undefined) wanted = id
  watching?.lookNow()
}

/** `words` and `formats` of what is shown from now on; the marks of the page around it stay as the server wrote them. */
async function speakTo(account) {
  const language = languageOf(account)
  if (language === app.language) return
  Object.assign(app, await loadWords(language))
  speak(language)
}

/** From an activation, or from a start with an account: speaks for this device, and listens. */
function begin() {
  const { clock, kept } = app
  app.service = mobileService({ base, clock, ...kept })
  watching = watchPrompts({ service: app.service, list: arrived, offline: connection, removed })
  void learnDevice()
}

async function connected() {
  watching?.stop()
  app.kept = await readKept()
  await speakTo(app.kept.account)
  prompts = []
  begin()
  home(notice('good', app.words('activate.done')))
}

/** What the portal may have changed since: the device's name, the person's. Unreachable, it stays as it was. */
async function learnDevice() {
  await keepNotification()
  try {
    const { ok, value } = await app.service.readDevice()
    if (!ok) return
    const { device, account, pushKey } = value
    const before = JSON.stringify([app.kept, app.alerts])
    const fresh = { device: { id: device.id, name: device.name }, account, pushKey }
    Object.assign(app.kept, fresh)
    await keep(fresh)
    await refreshAlerts(app)
    await speakTo(account)
    await keepNotification()
    if (shown === 'home' && JSON.stringify([app.kept, app.alerts]) !== before) home(told)
  } catch (error) {
    // The watch hears of both, and says so.
    if (!(error instanceof Removed || error instanceof Unreachable)) throw error
  }
}

/** What the service worker says where the app is not before the person's eyes. */
function keepNotification() {
  return keep({ notification: { title: company, body: app.words('notification') } })
}

function removed() {
  app.kept = {}
  shown = 'else'
  void sayRemoved(app)
}

function connection(lost) {
  app.offline = lost
  if (shown === 'home') home(told)
}

/** The server's list, newer than what we have. */
function arrived(list) {
  if (document.visibilityState === 'visible') void clearNotifications()
  const known = new Set(prompts.map(({ id }) => id))
  const [newest] = list.filter(({ id }) => !known.has(id)).reverse()
  const isNews = newest !== undefined || list.length !== prompts.length
  prompts = list
  if (wanted !== undefined) return openWanted()
  if (!isNews) return
  // The answer that is on its way says what came of it.
  if (shown === 'answering') return
  if (shown === 'outcome') return newest && arrives(newest)
  if (shown === 'home') return newest && list.length === 1 ? arrives(newest) : home()
  if (shown === 'else') return newest && say(app.words('arrived'))
  if (list.some(({ id }) => id === shown)) return
  if (newest) return arrives(newest, notice('warn', app.words('prompt.replaced')))
  showOutcome(app, 'gone')
}

function openWanted() {
  const id = wanted
  wanted = undefined
  if (prompts.some((prompt) => prompt.id === id)) return open(id)
  if (prompts.length === 1) return open(prompts[0].id)
  if (prompts.length > 1) return home()
  if (id !== shown) showOutcome(app, 'gone')
}

function arrives(prompt, above) {
  open(prompt.id, above)
  say(app.words('arrived'))
}

function open(id, above) {
  const prompt = prompts.find((one) => one.id === id)
  if (!prompt) return home()
  shown = id
  showPrompt(app, prompt, { above })
}

/** Tells what is on the screen now, where a screen opened another by itself. */
function opened(what) {
  shown = what
}

/** Answered here: the server's list follows. */
function settled(id) {
  prompts = prompts.filter((one) => one.id !== id)
}

function home(above) {
  shown = 'home'
  told = above
  showHome(app, { prompts, above })
}

/** Keeps the app where there is no network, and hears what is pushed. Without one the app works while it is open. */
function registerWorker() {
  navigator.serviceWorker?.register(worker, { scope }).catch(() => undefined)
}
