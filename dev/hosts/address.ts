import { spawnSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { hold, isListening } from './port.ts'

/** Of loopback, for hosts whose ports are fixed. */
const ALL: readonly string[] = Array.from({ length: 64 }, (_, i) => `127.66.0.${i + 1}`)
/** Where whoever has one holds it. Nobody serves there. */
const HELD_AT = 19_999
const LDAP = 389

/**
 * Before the first browser begins: one that is loading a page when an address comes or goes gives the page up
 * (`ERR_NETWORK_CHANGED`). One is held for as long as this process lives: so a run beside it sees that somebody is there.
 */
export async function addAddresses(): Promise<void> {
  const there = known()
  change(
    'add',
    ALL.filter((address) => !there.has(address)),
  )
  await freeAddress()
}

/** Unless another run is under way: whose browsers would give up their pages. */
export async function removeAddresses(): Promise<void> {
  let idle = 0
  for (const address of ALL) if (await hold(HELD_AT, address)) idle++
  const there = known()
  if (idle === ALL.length - 1)
    change(
      'del',
      ALL.filter((address) => there.has(address)),
    )
}

/** One that is ours for as long as this process lives. Takes root where it is not there yet. */
export async function freeAddress(): Promise<string> {
  for (const address of ALL) {
    // Whoever had it may have left a server that is still ending.
    if (!(await hold(HELD_AT, address)) || (await isListening(LDAP, address))) continue
    if (!known().has(address)) change('add', [address])
    return address
  }
  throw new Error(`none of ${ALL[0]} to ${ALL.at(-1)} is free`)
}

function known(): Set<string> {
  return new Set(networkInterfaces().lo?.map(({ address }) => address))
}

/** Another run may do the same at this moment: what counts is how it is afterwards. */
function change(verb: 'add' | 'del', addresses: readonly string[]): void {
  if (addresses.length === 0) return
  const input = addresses.map((address) => `address ${verb} ${address}/32 dev lo\n`).join('')
  const { stderr } = spawnSync('ip', ['-force', '-batch', '-'], { input, encoding: 'utf8' })
  const there = known()
  const undone = addresses.filter((address) => there.has(address) === (verb === 'del'))
  if (undone.length > 0) throw new Error(`${undone[0]} cannot be changed (${verb}): ${stderr}`)
}
