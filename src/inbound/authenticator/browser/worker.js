// The service worker. Before this text the server puts `const shell = { version, home, files }`: what the app is made of.
// It keeps that where there is no network, and shows what is pushed; it holds no keys and answers nothing.

const own = new Set(shell.files)

self.addEventListener('install', (event) => {
  event.waitUntil(fill())
  self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(tidy())
})

async function fill() {
  const cache = await caches.open(shell.version)
  await cache.addAll([shell.home, ...shell.files])
}

async function tidy() {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith('authenticator-') && name !== shell.version)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.clients.claim()
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate' && pathname === shell.home) event.respondWith(page(request))
  else if (own.has(pathname)) event.respondWith(fromCache(request, pathname))
})

/** From the network while there is one, so that a new version and another language show; else the one that we have. */
async function page(request) {
  const kept = await caches.match(shell.home)
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(kept ? 4_000 : 60_000) })
    if (fresh.ok && !fresh.redirected) {
      const cache = await caches.open(shell.version)
      await cache.put(shell.home, fresh.clone())
    }
    return fresh.status >= 500 && kept ? kept : fresh
  } catch (error) {
    if (kept) return kept
    throw error
  }
}

async function fromCache(request, pathname) {
  return (await caches.match(pathname)) ?? fetch(request)
}

/** Shown at once where the app is before the person's eyes; else as a notification, which says nothing of the request. */
self.addEventListener('push', (event) => {
  event.waitUntil(pushed(event.data))
})

async function pushed(data) {
  const { prompt } = read(data)
  const windows = await self.clients.matchAll({ type: 'window' })
  for (const window of windows) window.postMessage({ open: prompt })
  if (windows.some(({ visibilityState }) => visibilityState === 'visible')) return

  const { title, body } = (await kept('notification')) ?? { title: shell.title, body: shell.body }
  await self.registration.showNotification(title, {
    body,
    tag: 'prompt',
    renotify: true,
    data: { prompt },
    icon: shell.icon,
  })
}

function read(data) {
  try {
    const { prompt } = data.json()
    return { prompt: typeof prompt === 'string' ? prompt : undefined }
  } catch {
    return {}
  }
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(lead(event.notification.data?.prompt))
})

async function lead(prompt) {
  const [window] = await self.clients.matchAll({ type: 'window' })
  if (!window) return self.clients.openWindow(prompt ? `${shell.home}#prompt=${prompt}` : shell.home)
  window.postMessage({ open: prompt })
  return window.focus()
}

/** One record of what the app keeps (store.js). */
function kept(name) {
  return new Promise((resolve) => {
    const request = indexedDB.open('sallyport-authenticator', 1)
    request.onupgradeneeded = () => request.transaction.abort()
    request.onerror = () => resolve(undefined)
    request.onsuccess = () => {
      const record = request.result.transaction('kept').objectStore('kept').get(name)
      record.onsuccess = () => resolve(record.result)
      record.onerror = () => resolve(undefined)
    }
  })
}
