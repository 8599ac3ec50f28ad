// What the app keeps, in IndexedDB: one record a name. The keys in it are objects of the browser that sign and count, and
// cannot be taken out, by us or by anybody.
const NAME = 'sallyport-authenticator'
const RECORDS = 'kept'

let opened
function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(RECORDS)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  return opened
}

/** All there is, by name. */
export async function readKept() {
  const records = (await database()).transaction(RECORDS).objectStore(RECORDS)
  const [names, values] = await Promise.all([answered(records.getAllKeys()), answered(records.getAll())])
  return Object.fromEntries(names.map((name, i) => [name, values[i]]))
}

/** Writes what is given, all or nothing, and leaves the rest. */
export async function keep(values) {
  const change = (await database()).transaction(RECORDS, 'readwrite', { durability: 'strict' })
  for (const [name, value] of Object.entries(values)) change.objectStore(RECORDS).put(value, name)
  await done(change)
}

export async function forgetAll() {
  const change = (await database()).transaction(RECORDS, 'readwrite', { durability: 'strict' })
  change.objectStore(RECORDS).clear()
  await done(change)
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function done(change) {
  return new Promise((resolve, reject) => {
    change.oncomplete = () => resolve()
    change.onabort = () => reject(change.error)
    change.onerror = () => reject(change.error)
  })
}
