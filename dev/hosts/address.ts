import { execFileSync } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { hold, isListening } from './port.ts'

/** Of loopback, for hosts whose ports are fixed. */
const ALL: readonly string[] = Array.from({ length: 64 }, (_, i) => `127.66.0.${i + 1}`)
/** Where whoever has one holds it. Nobody serves there. */
const HELD_AT = 19_999
const LDAP = 389

/**
 * Before the first browser begins: one that is loading a page when an address comes or goes gives the page up
 * (`ERR_NETWORK_CHANGED`).
 */
export function addAddresses(): void {
  const there = known()
  change(
    'add',
    ALL.filter((address) => !there.has(address)),
  )
}

/** Those that nobody holds: another run may be using the others. */
export async function removeAddresses(): Promise<void> {
  const there = known()
  const idle: string[] = []
  for (const address of ALL) if (there.has(address) && (await hold(HELD_AT, address))) idle.push(address)
  change('del', idle)
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

function change(verb: 'add' | 'del', addresses: readonly string[]): void {
  if (addresses.length === 0) return
  const input = addresses.map((address) => `address ${verb} ${address}/32 dev lo\n`).join('')
  execFileSync('ip', ['-batch', '-'], { input, stdio: ['pipe', 'ignore', 'pipe'] })
}
