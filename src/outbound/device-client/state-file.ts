import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DeviceState } from './client.ts'

/** Undefined where there is none. Whoever has it is the device, so it is for nobody else to read. */
export function readState(file: string): { state: DeviceState } | { problem: string } | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return undefined
  if ((found.mode & 0o077) !== 0) return { problem: `${file} can be read by other accounts of this machine: chmod 600` }
  try {
    const state = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof state?.deviceId === 'string' && typeof state.key === 'string') return { state }
  } catch {
    // Not ours, or not to be read.
  }
  return { problem: `${file} holds no device` }
}

/** Whole or not at all, and for nobody else to read. */
export function writeState(file: string, state: DeviceState): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${process.pid}.new`
  writeFileSync(fresh, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(fresh, file)
}
