import { generateKeyPairSync } from 'node:crypto'
import type { Letter } from '../src/core/delivery/letter.ts'
import { selfSigned } from '../src/storage/self-signed.ts'

/** A letter as the catalogue makes them. */
export const letter: Letter = {
  language: 'en',
  direction: 'ltr',
  company: 'Contoso',
  accent: '#1f4fd8',
  writtenAt: '2026-01-01T12:00:00.000Z',
  subject: 'Contoso: a passkey was added to your account',
  heading: 'A passkey was added to your account',
  paragraphs: ['Hello Zoë Öztürk,', 'a passkey was added – you can sign in with it from now on.'],
  facts: [
    { term: 'When', value: '1 January 2026, 13:00 GMT+1' },
    { term: 'From', value: '192.0.2.7' },
  ],
  advice: ["If this wasn't you, somebody else has access to your account. Call for help: +1 206 555 0199"],
  link: { text: 'See your account', href: 'https://mfa.example.org/MultiFactorAuth/' },
  footer: 'This mail was sent automatically.',
}

type Wish = { names?: string[]; from?: string; until?: string }

/** A certificate that vouches for itself, and its key. */
export function selfMade({ names = ['127.0.0.1', 'localhost'], from, until }: Wish = {}): {
  cert: string
  key: string
} {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const day = 24 * 3_600_000
  const notBefore = from === undefined ? new Date(Date.now() - day) : new Date(from)
  const notAfter = until === undefined ? new Date(Date.now() + day) : new Date(until)
  return {
    cert: selfSigned({ key: privateKey, names, notBefore, notAfter }),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
