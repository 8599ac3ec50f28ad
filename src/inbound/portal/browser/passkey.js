// Carries a passkey's question from the portal to the device, and its answer into the form. Decides and checks nothing.

// Before anybody else hears of the form: it is not on its way yet, and waiting pages go on.
document.addEventListener('submit', onSubmit, { capture: true })
window.addEventListener('pageshow', forgetAnswers)

/** The first submit asks the device; the second, with the answer in it, is sent like any other form. */
async function onSubmit(event) {
  const form = event.target
  if (!form.matches?.('form[data-passkey]') || fieldOf(form, 'credential').value !== '') return
  event.preventDefault()
  event.stopPropagation()
  if (form.hasAttribute('data-asking')) return

  form.setAttribute('data-asking', '')
  say(form, undefined)
  try {
    const asked = await ask(form)
    if (asked) send(form, asked.id, await answerTo(form.dataset.passkey, asked.options))
  } catch (error) {
    say(form, reasons[error.name] ?? 'broken')
  } finally {
    form.removeAttribute('data-asking')
  }
}

const reasons = {
  NotAllowedError: 'cancelled',
  AbortError: 'cancelled',
  InvalidStateError: 'exists',
  NotSupportedError: 'unsupported',
  SecurityError: 'elsewhere',
}

/** The question comes when it is wanted, so that it is fresh; or the portal leads to another page. */
async function ask(form) {
  if (!window.PublicKeyCredential || !navigator.credentials) throw new DOMException('no passkeys', 'NotSupportedError')

  const body = new URLSearchParams({ csrf: fieldOf(form, 'csrf').value })
  const response = await fetch(form.dataset.ask, { method: 'POST', body, headers: { accept: 'application/json' } })
  if (response.redirected) return leadTo(response.url)
  if (!response.ok) throw new Error(`answered ${response.status}`)
  const asked = await response.json()
  return asked.go ? leadTo(asked.go) : asked
}

function leadTo(address) {
  location.assign(new URL(address, location.href))
  return undefined
}

async function answerTo(kind, options) {
  const credential =
    kind === 'create'
      ? await navigator.credentials.create({ publicKey: creation(options) })
      : await navigator.credentials.get({ publicKey: request(options) })
  return JSON.stringify(jsonOf(credential))
}

function send(form, id, answer) {
  // The page may have renewed itself meanwhile.
  const there = form.isConnected ? form : document.querySelector('form[data-passkey]')
  if (!there) return
  if (id !== undefined) fieldOf(there, 'id').value = id
  fieldOf(there, 'credential').value = answer
  there.requestSubmit()
}

/** Shows the one sentence that fits; none takes all of them away. */
function say(form, reason) {
  for (const sentence of form.querySelectorAll('[data-failed]')) sentence.hidden = sentence.dataset.failed !== reason
}

/** An answer is good once. Back on this page, the next submit asks anew. */
function forgetAnswers() {
  for (const form of document.querySelectorAll('form[data-passkey]')) fieldOf(form, 'credential').value = ''
}

function fieldOf(form, name) {
  return form.elements.namedItem(name)
}

// By hand rather than by parseCreationOptionsFromJSON and toJSON: older browsers lack them, and so do the objects that
// password managers put in the browser's place.

function creation(options) {
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: options.excludeCredentials.map(descriptor),
  }
}

function request(options) {
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: options.allowCredentials.map(descriptor),
  }
}

function descriptor({ id, transports, ...rest }) {
  return { ...rest, id: bytesOf(id), ...(transports.length > 0 && { transports }) }
}

function jsonOf({ rawId, type, response }) {
  const id = textOf(rawId)
  const told = { clientDataJSON: textOf(response.clientDataJSON) }
  if (response.attestationObject) {
    told.attestationObject = textOf(response.attestationObject)
    told.transports = response.getTransports?.() ?? []
  } else {
    told.authenticatorData = textOf(response.authenticatorData)
    told.signature = textOf(response.signature)
    if (response.userHandle) told.userHandle = textOf(response.userHandle)
  }
  return { id, rawId: id, type, response: told }
}

function bytesOf(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
}

function textOf(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
