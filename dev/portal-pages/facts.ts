import type { Output } from '../../src/contract/contract.ts'
import type { Moment } from '../../src/i18n/format.ts'
import { moment, type Reader } from '../../src/i18n/format.ts'
import type { PageRequest } from '../../src/inbound/web/http.ts'
import type { Draw } from '../gallery-site.ts'

/** Pages by what they are and the state that they are in. */
export type Pages = Readonly<Record<string, Draw>>

/** A name and numbers that are longer than most. */
export const who = 'Maximiliane Hohenstein-Oberlangenfeld'
export const number = '+49 ••••• ••••77'

export const ago = ({ now }: PageRequest, minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
export const ahead = (request: PageRequest, minutes: number) => ago(request, -minutes)

export function readerOf({ language, now }: PageRequest): Reader {
  return { language, timeZone: 'Europe/Berlin', now }
}

export function soon(request: PageRequest): Moment {
  return moment(new Date(ahead(request, 15)), readerOf(request))
}

type Step = Output<'readSecondStep'>

export function stepOf(step: Partial<Step> & Pick<Step, 'method'>): Step {
  return {
    purpose: 'sign-in',
    displayName: who,
    otherWays: ['text', 'call', 'app', 'oath', 'passkey', 'questions', 'recovery'].filter(
      (way): way is Step['method'] => way !== step.method,
    ),
    pin: false,
    stamp: '1',
    ...step,
  }
}

export function textOf(request: PageRequest, more: Partial<NonNullable<Step['text']>> = {}): NonNullable<Step['text']> {
  return {
    maskedNumber: number,
    digits: 6,
    sending: 'sent',
    expiresAt: ahead(request, 5),
    againAt: ahead(request, -1),
    ...more,
  }
}

export function replyOf(
  request: PageRequest,
  more: Partial<NonNullable<Step['reply']>> = {},
): NonNullable<Step['reply']> {
  return {
    maskedNumber: number,
    mode: 'two-way',
    sending: 'sent',
    state: 'waiting',
    expiresAt: ahead(request, 5),
    againAt: ahead(request, -1),
    ...more,
  }
}

export function callOf(request: PageRequest, more: Partial<NonNullable<Step['call']>> = {}): NonNullable<Step['call']> {
  return {
    maskedNumber: number,
    backup: false,
    pin: false,
    state: 'ringing',
    expiresAt: ahead(request, 1),
    againAt: ahead(request, -1),
    ...more,
  }
}

export function promptOf(request: PageRequest, more: Partial<NonNullable<Step['app']>> = {}): NonNullable<Step['app']> {
  return {
    devices: ['Maximilianes Diensttelefon (Pixel 9 Pro)', 'iPad'],
    number: '42',
    pin: false,
    state: 'waiting',
    expiresAt: ahead(request, 1),
    againAt: ahead(request, -1),
    ...more,
  }
}

export const questions = [
  { id: '1', question: 'Which concert did you go to first?' },
  { id: '2', question: 'Who lived next door when you were ten years old?' },
]

/** A picture that is one to the eye. */
export const qr =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h3v3H0zM5 0h3v3H5zM0 5h3v3H0zM4 4h2v2H4z"/></svg>'

export const device = {
  id: '1',
  name: 'Maximilianes Diensttelefon (Pixel 9 Pro)',
  platform: 'Chrome on Android',
  addedAt: '2026-05-12T08:00:00Z',
  seenAt: '2026-05-12T08:00:00Z',
  push: true,
}
