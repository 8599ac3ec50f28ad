import { browserName } from './browser-name.js'
import { button, complain, field, h, notice, stacked } from './elements.js'
import { importSecret, makeKeys, publicKeyOf, sign } from './keys.js'
import { mobileService, Unreachable } from './mobile-service.js'
import { show } from './screen.js'
import { forgetAll, keep } from './store.js'

/**
 * The first question: the code from the portal. `code` came in the picture's link. `activated` is called with the app
 * connected. `above` says why the app is back here.
 */
export function askForCode(app, { code = '', above } = {}) {
  const { words, company } = app
  const form = h(
    'form',
    { novalidate: true },
    field({
      id: 'code',
      label: words('code.label'),
      hint: words('code.hint'),
      class: 'code letters',
      value: code,
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      maxlength: 24,
    }),
    field({
      id: 'name',
      label: words('name.label'),
      hint: words('name.hint'),
      value: browserName(navigator.userAgent, words) || words('name.default'),
      autocomplete: 'off',
      maxlength: 60,
    }),
    stacked(h('button', { class: 'primary' }, words('activate.button'))),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit(app, form)
  })
  show({
    heading: words('activate.heading'),
    lede: words(code === '' ? 'activate.lede' : 'activate.lede.link', { company }),
    above,
    body: [form, code === '' && h('p', { class: 'hint' }, words('activate.camera'))],
    company,
    words,
    focus: code === '' && above === undefined ? form.querySelector('#code') : undefined,
  })
}

async function submit(app, form) {
  const { words } = app
  const [code, name] = ['code', 'name'].map((id) => form.querySelector(`#${id}`).value.trim())
  const wrong = (id, sentence) => complain(form, id, words, sentence)
  if (code === '') return wrong('code', words('code.missing'))
  if (name === '') return wrong('name', words('name.missing'))
  if (form.hasAttribute('data-sent')) return

  wrong('code', undefined)
  form.setAttribute('data-sent', '')
  try {
    const answer = await activate(app, { code, name })
    if (answer.ok && answer.value.outcome === 'activated') await app.connected()
    else wrong('code', words(reasonOf(answer)))
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    wrong('code', words('activate.unreachable'))
  } finally {
    form.removeAttribute('data-sent')
  }
}

function reasonOf(answer) {
  if (answer.ok) return 'activate.wait'
  return answer.refusal === 'device.too-many' ? 'activate.too-many' : 'activate.refused'
}

/** A new key, shown to the server by a signature; what comes back is kept before anything else happens. */
async function activate({ base, clock }, { code, name }) {
  const keys = await makeKeys()
  const publicKey = await publicKeyOf(keys)
  const proof = await sign(keys, ['sallyport-activation-v1', code, publicKey].join('\n'))
  const platform = navigator.userAgent.slice(0, 200)
  const service = mobileService({ base, clock })
  const answer = await service.activate({ code, publicKey, proof, name, platform })
  if (!answer.ok || answer.value.outcome !== 'activated') return answer

  const { device, account, oath, pushKey } = answer.value
  const { digits, period } = oath
  await forgetAll()
  await keep({
    keys,
    device,
    account,
    pushKey,
    oath: { key: await importSecret(oath), digits, period },
    ahead: clock.ahead(),
  })
  // A device that the browser throws away when it is short of space would have to be activated again.
  await navigator.storage?.persist?.()
  return answer
}

/** There is an account on this device already, and a code for another. */
export function askWhetherAnew(app, { code }) {
  const { words, company, kept } = app
  show({
    heading: words('anew.heading'),
    lede: words('anew.lede', { account: kept.account.username }),
    body: stacked(
      button(words('anew.keep', { account: kept.account.username }), { click: () => app.home() }),
      button(words('anew.button'), { kind: 'second', click: () => askForCode(app, { code }) }),
    ),
    badge: kept.account.username,
    company,
    words,
  })
}

/** The server said that it does not know this device any more: removed in the portal, or by the help desk. */
export async function sayRemoved(app) {
  await forgetAll()
  askForCode(app, { above: notice('warn', app.words('removed')) })
}
