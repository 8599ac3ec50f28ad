// What pages gain with script. Without it everything still works: nothing here decides or checks anything.

showPasswords()
sendOnce()
wakeButtons()
printPages()
cleanPastedCodes()
stayLive()

/** A button beside each password and PIN that shows what was typed. */
function showPasswords() {
  for (const button of document.querySelectorAll('[data-shows]')) button.hidden = false

  document.addEventListener('click', ({ target }) => {
    const button = target.closest?.('[data-shows]')
    if (!button) return
    const input = document.getElementById(button.dataset.shows)
    const hidden = input.type === 'text'
    input.type = hidden ? 'password' : 'text'
    button.textContent = hidden ? button.dataset.show : button.dataset.hide
    button.setAttribute('aria-label', hidden ? button.dataset.showWhat : button.dataset.hideWhat)
  })

  // A shown password would be offered by the browser as remembered text.
  document.addEventListener('submit', ({ target }) => {
    for (const button of target.querySelectorAll('[data-shows]')) {
      document.getElementById(button.dataset.shows).type = 'password'
    }
  })
}

/** A second press while the answer is on its way sends nothing. Coming back with "back" makes the form whole again. */
function sendOnce() {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!form.matches('[data-once]')) return
    if (form.hasAttribute('data-sent')) event.preventDefault()
    else form.setAttribute('data-sent', '')
  })
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('[data-sent]')) form.removeAttribute('data-sent')
  })
}

/** "Send it again" is not offered before it makes sense. */
function wakeButtons(root = document) {
  for (const button of root.querySelectorAll('[data-wakes-after]')) {
    button.disabled = true
    setTimeout(() => {
      button.disabled = false
    }, Number(button.dataset.wakesAfter) * 1000)
  }
}

function printPages() {
  for (const button of document.querySelectorAll('[data-prints]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
}

/** A pasted "482 915" or "482-915" becomes the code alone. */
function cleanPastedCodes() {
  document.addEventListener('paste', (event) => {
    const input = event.target
    if (!input.matches?.('[data-code]')) return
    const pasted = event.clipboardData?.getData('text') ?? ''
    const code = pasted.replace(/[\s\p{Pd}]/gu, '')
    if (code === '' || code === pasted) return
    event.preventDefault()
    input.setRangeText(code, input.selectionStart, input.selectionEnd, 'end')
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

/**
 * `data-live` on the page names an event stream. `changed`: this page has something new to say. `go`: it has moved on;
 * the data is a path of this site, which takes the waiting page's place in the history.
 */
function stayLive() {
  const live = document.querySelector('[data-live]')
  if (!live) return
  // There before anything is said in it, as screen readers want it.
  const voice = document.createElement('p')
  voice.className = 'vh'
  voice.setAttribute('role', 'status')
  document.body.append(voice)
  let source
  let later
  let renewing = Promise.resolve(false)
  listen()
  function listen() {
    source = new EventSource(live.dataset.live)
    source.addEventListener('changed', () => {
      renewing = renewing.then((moved) => moved || renew(voice)).catch(() => false)
    })
    source.addEventListener('go', async ({ data }) => {
      stop()
      // A renewal under way may itself have ended what was waited for, and then it knows better where to go.
      if (await renewing) return
      location.replace(new URL(JSON.parse(data), location.href))
    })
    // A lost connection is taken up again by the browser, but not one that was answered with an error, as in an outage.
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) later = setTimeout(listen, 3000)
    })
  }
  function stop() {
    clearTimeout(later)
    source.close()
  }
  window.addEventListener('pagehide', stop)
  // A form is on its way: what it does may end what was waited for, and moving on now would lose its answer.
  document.addEventListener('submit', stop)
  // From the back-forward cache: what is shown may be old.
  window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
}

/** What stands on the page to be read out. Alerts are, by themselves, when they come. */
function sentences() {
  return [...document.querySelectorAll('[data-live-region] :is(h1, [role=status])')].map((each) =>
    each.textContent.trim(),
  )
}

/**
 * Fetches this page and puts the new regions into the old one's place; typed text and focus stay, and `voice` says what is
 * new. True when the page has moved on instead.
 */
async function renew(voice) {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (response.redirected || !response.ok) {
    // Not `reload`: that would send the form again which this page may be the answer to.
    location.replace(response.redirected ? response.url : location.href)
    return true
  }

  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  document.title = fresh.title
  const before = sentences()
  for (const region of document.querySelectorAll('[data-live-region]')) {
    const next = fresh.getElementById(region.id)
    if (!next) continue
    region.className = next.className
    replaceKeeping(region, next)
  }
  voice.textContent = sentences()
    .filter((each) => !before.includes(each))
    .join(' ')
  return false
}

function replaceKeeping(region, next) {
  const typed = [...region.querySelectorAll('input[id]:not([type=hidden])')].map(({ id, value, checked }) => ({
    id,
    value,
    checked,
  }))
  const focused = region.contains(document.activeElement) ? document.activeElement.id : ''

  region.replaceChildren(...next.childNodes)
  for (const { id, value, checked } of typed) {
    const input = document.getElementById(id)
    if (!input) continue
    if (input.type === 'radio' || input.type === 'checkbox') input.checked = checked
    else input.value = value
  }
  if (focused) document.getElementById(focused)?.focus()
  for (const button of region.querySelectorAll('[data-shows]')) button.hidden = false
  wakeButtons(region)
}
