import { crc32, deflateSync } from 'node:zlib'
import { parseColour, type Rgb } from '../web/design/colour.ts'

/**
 * `any`: on a rounded square of its own. `maskable`: to the edges, with the mark inside of the middle 80 % that every mask
 * leaves (W3C Web App Manifest, "icon masks"); home screens that round by themselves take it too.
 */
export type IconShape = 'any' | 'maskable'
type Drawing = { size: number; shape: IconShape; ground: string; ink: string }

/** The default mark, a gate within a gate, as PNG: what home screens want, drawn in the organisation's accent. */
export function iconPng({ size, shape, ground, ink }: Drawing): Uint8Array<ArrayBuffer> {
  const [back, front] = [colour(ground), colour(ink)]
  // A colour for each of 256 steps between the ground and the mark.
  const steps = Uint8Array.from({ length: 256 * 3 }, (_, i) => {
    const inked = Math.floor(i / 3) / 255
    return Math.round((back[i % 3] ?? 0) * (1 - inked) + (front[i % 3] ?? 0) * inked)
  })
  const share = shape === 'maskable' ? 0.5 : 0.58
  const rows = new Uint8Array(size * (1 + size * 4))
  for (let y = 0; y < size; y++) {
    let at = y * (1 + size * 4) + 1
    for (let x = 0; x < size; x++, at += 4) {
      const step = 3 * Math.round(255 * markCoverage(x + 0.5, y + 0.5, size, share))
      rows.set(steps.subarray(step, step + 3), at)
      rows[at + 3] = shape === 'maskable' ? 255 : Math.round(255 * squareCoverage(x + 0.5, y + 0.5, size))
    }
  }
  return png(size, rows)
}

function colour(text: string): Rgb {
  return parseColour(text) ?? [0, 0, 0]
}

/** The gates of the mark, on its field of 32: legs from the middle of the arch down to 28. */
const gates = [
  { middle: 16, top: 16, radius: 12 },
  { middle: 16, top: 18, radius: 5 },
]
const FOOT = 28
const HALF_STROKE = 1.5

/** How much of the pixel the mark covers: 0 to 1. `share`: of the picture's width that the mark's field takes. */
function markCoverage(x: number, y: number, size: number, share: number): number {
  const scale = (size * share) / 32
  const from = (size - size * share) / 2
  const u = (x - from) / scale
  const v = (y - from) / scale
  let distance = Number.POSITIVE_INFINITY
  for (const gate of gates) distance = Math.min(distance, distanceTo(gate, u, v))
  return clamped((HALF_STROKE - distance) * scale + 0.5)
}

function distanceTo({ middle, top, radius }: (typeof gates)[number], u: number, v: number): number {
  if (v <= top) return Math.abs(length(u - middle, v - top) - radius)
  const beyond = Math.max(0, v - FOOT)
  return Math.min(length(u - middle + radius, beyond), length(u - middle - radius, beyond))
}

/** Math.hypot is twenty times slower, for numbers that do not occur here. */
function length(u: number, v: number): number {
  return Math.sqrt(u * u + v * v)
}

function squareCoverage(x: number, y: number, size: number): number {
  const radius = size * 0.22
  const inset = (at: number) => Math.max(0, radius - Math.min(at, size - at))
  return clamped(radius - length(inset(x), inset(y)) + 0.5)
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value))
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** PNG (ISO/IEC 15948): eight bits, red, green, blue and alpha, rows without a filter. */
function png(size: number, rows: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const parts = [SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 6 })), chunk('IEND')]
  return new Uint8Array(Buffer.concat(parts))
}

function chunk(name: string, data: Uint8Array = new Uint8Array()): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([size, named, check])
}
