import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { packLetter, unpackLetter } from '../src/core/delivery/letter.ts'
import { languages } from '../src/i18n/catalogue.ts'
import { letters, letterWords } from '../src/i18n/letters.ts'
import { htmlPart, textPart } from '../src/outbound/delivery/mail/parts.ts'

type OwnerKind = Parameters<typeof letters.toOwner>[0]['change']['kind']
type Incident = Parameters<typeof letters.toAdministrators>[0]['incident']

const kinds = Object.keys(letterWords.en.owner).filter((kind) => kind !== 'locked-for-good') as OwnerKind[]
const incidents: Incident[] = [
  { kind: 'fraud', method: 'call', account: 'open' },
  { kind: 'fraud', method: 'text', account: 'asked' },
  { kind: 'blocked', method: 'app', until: undefined },
  { kind: 'blocked', method: 'call', until: new Date('2026-04-01T10:00:00Z') },
  { kind: 'locked', method: 'oath' },
  { kind: 'locked', method: undefined },
]

describe('the words of mails', () => {
  for (const { code, name } of languages) {
    test(`${name}: every letter has all its parts, no hole is left, and both parts say the same`, () => {
      for (const letter of lettersIn(code)) {
        const kept = unpackLetter(packLetter(letter))
        assert.deepEqual(kept, letter)
        const [text, html] = [textPart(kept), unescaped(htmlPart(kept))]
        const words = [kept.heading, ...kept.paragraphs, ...kept.advice, kept.footer]
        for (const each of [...words, ...kept.facts.flatMap(({ term, value }) => [term, value])]) {
          assert.notEqual(each.trim(), '')
          assert.doesNotMatch(each, /[{}]|undefined|\[object/)
          assert.ok(text.includes(each) && html.includes(each), each)
        }
        assert.equal(kept.subject, `Contoso: ${kept.heading}`)
      }
    })
  }

  test('another language than English leaves nothing of it', () => {
    const [english, german] = [lettersIn('en'), lettersIn('de')]
    for (const [i, letter] of english.entries()) {
      const other = german[i] ?? assert.fail()
      assert.notEqual(other.heading, letter.heading)
      assert.notEqual(other.footer, letter.footer)
      assert.deepEqual(
        other.paragraphs.filter((paragraph) => letter.paragraphs.includes(paragraph)),
        [],
      )
    }
  })

  test('a link is only in what goes to the owner, one, and to the page that was given', () => {
    for (const letter of lettersIn('en')) {
      const links = [...htmlPart(letter).matchAll(/href="([^"]+)"/g)].map(([, to]) => to)
      assert.deepEqual(links, 'link' in letter ? ['https://mfa.example.org/'] : [])
      assert.doesNotMatch(textPart(letter).replace('https://mfa.example.org/', ''), /:\/\//)
    }
  })

  test('a body that is no letter is refused, and not quoted', () => {
    for (const body of ['Your code is 482915', '{"subject":"482915"}']) {
      assert.throws(
        () => unpackLetter(body),
        (error: Error) => 'code' in error && error.code === 'delivery.refused' && !/482915/.test(String(error.stack)),
      )
    }
  })
})

/** Every letter there is, in one language. */
function lettersIn(language: string) {
  const about = {
    language,
    company: 'Contoso',
    accent: '#1f4fd8',
    helpLine: undefined,
    timeZone: 'Europe/Berlin',
    at: new Date('2026-01-01T12:00:00Z'),
    address: '192.0.2.7',
    tells: 1,
  }
  const toOwner = kinds.flatMap((kind) =>
    [false, true].flatMap((forGood) => [
      letters.toOwner({
        ...about,
        change: { kind, newNumber: '•••• 55', left: 7, forGood },
        name: 'Zoë',
        portal: 'https://mfa.example.org/',
      }),
      letters.toOwner({
        ...about,
        tells: 1200,
        change: { kind, newNumber: undefined, left: undefined, forGood },
        name: 'Zoë',
        portal: undefined,
      }),
    ]),
  )
  const toAdministrators = incidents.map((incident) =>
    letters.toAdministrators({ ...about, incident, name: 'Zoë Öztürk', username: 'zoe' }),
  )
  const newcomer = { ...about, name: 'Zoë', username: 'zoe', portal: 'https://mfa.example.org/', pin: false }
  const beginnings = [
    ...(['text', 'call'] as const).map((asked) => ({ asked, number: '•••• 55' })),
    ...(['text', 'call', 'app', 'oath', 'passkey', 'any'] as const).map((setsUp) => ({ setsUp })),
  ]
  const helped = { ...newcomer, begins: { setsUp: 'any' }, helpLine: 'Apparat 7', portal: undefined } as const
  const removals = [
    letters.ofRemovals({ ...about, list: '0199', people: 6, usernames: ['zoe', 'jo'] }),
    letters.ofRemovals({ ...about, list: '0199', people: 2, usernames: ['zoe', 'jo'], tells: 3 }),
    letters.ofMailChanges({ ...about, most: 20 }),
  ]
  const toNewcomers = beginnings.flatMap((begins) =>
    [true, false].map((pin) => letters.toNewcomer({ ...newcomer, begins, pin })),
  )
  return [...toOwner, ...toAdministrators, ...toNewcomers, letters.toNewcomer(helped), ...removals]
}

function unescaped(html: string): string {
  return html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
