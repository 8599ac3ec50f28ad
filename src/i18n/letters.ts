import { count, moment } from './format.ts'
import { type LanguageCode, languageOf, parseLanguage } from './languages.ts'
import { de } from './letters.de.ts'
import { en, type LetterWords } from './letters.en.ts'

/** One list serves the text and the marked-up part. */
export const letterWords: Record<LanguageCode, LetterWords> = { en, de }

type About = {
  language: string
  company: string
  accent: string
  helpLine: string | undefined
  timeZone: string
  at: Date
  address: string | undefined
  tells: number
}
type OwnerKind = Exclude<keyof LetterWords['owner'], 'locked-for-good'>
type Change = { kind: OwnerKind; newNumber: string | undefined; left: number | undefined; forGood: boolean }
type Incident =
  | { kind: 'fraud'; method: string; account: 'open' | 'asked' }
  | { kind: 'blocked'; method: string; until: Date | undefined }
  | { kind: 'locked'; method: string | undefined }
type Newcomer = {
  name: string
  username: string
  portal: string | undefined
  begins: { asked: 'text' | 'call'; number: string } | { setsUp: 'text' | 'call' | 'app' | 'oath' | 'passkey' | 'any' }
  pin: boolean
}
type Fact = { term: string; value: string }

/** Mails as lists of words: subject, heading, what happened, when, from where, and what to do about it. */
export const letters = {
  toOwner(about: About & { change: Change; name: string; portal: string | undefined }) {
    const { change, company, helpLine, name, portal, address } = about
    const { words, when, again } = readerOf(about)
    const kind = change.kind === 'locked' && change.forGood ? 'locked-for-good' : change.kind
    const { heading, happened } = words.owner[kind]
    const holes = { newNumber: change.newNumber ?? '', left: String(change.left ?? '') }
    return {
      ...envelopeOf(about, heading(holes)),
      paragraphs: [words.hello(name), happened(holes), ...again],
      facts: [when, ...fact(words.terms.address, address)],
      advice: [words.help(helpLine)],
      ...(portal !== undefined && { link: { text: words.link, href: portal } }),
      footer: words.ownerFooter(company),
    }
  },

  toAdministrators(about: About & { incident: Incident; name: string; username: string }) {
    const { incident, name, username, address } = about
    const { words, when, again, dateOf } = readerOf(about)
    const { heading, happened } = words.incidents[incident.kind]
    const method = methodName(words, incident.method)
    const who = name === username ? username : `${name} (${username})`
    const holes = { who, username, method: method ?? '' }
    const { terms } = words
    return {
      ...envelopeOf(about, heading(holes)),
      paragraphs: [happened(holes), ...again],
      facts: [
        { term: terms.person, value: who },
        when,
        ...fact(terms.method, method),
        ...fact(terms.origin, address),
        { term: terms.account, value: accountOf(words, incident, dateOf) },
      ],
      advice: incident.kind === 'fraud' ? [] : [words.unlock(username)],
      footer: words.administratorsFooter,
    }
  },

  toNewcomer(about: About & Newcomer) {
    const { company, name, username, portal, begins, pin, helpLine } = about
    const { words } = readerOf(about)
    const { newcomer } = words
    return {
      ...envelopeOf(about, newcomer.heading),
      paragraphs: [
        words.hello(name),
        newcomer.happened(company),
        'asked' in begins ? newcomer[begins.asked](begins.number) : newcomer.setUp[begins.setsUp],
        ...(pin ? [newcomer.pin] : 'asked' in begins ? [newcomer.nothingToSetUp] : []),
      ],
      facts: [{ term: words.terms.username, value: username }],
      advice: helpLine === undefined ? [] : [newcomer.help(helpLine)],
      ...(portal !== undefined && { link: { text: newcomer.link, href: portal } }),
      footer: newcomer.footer(company),
    }
  },

  ofRemovals(about: About & { list: string; people: number; usernames: readonly string[] }) {
    const { list, people, usernames, language } = about
    const { words, when, again } = readerOf(about)
    const { removals, terms } = words
    const number = count(people, codeOf(language))
    const names = people > usernames.length ? [...usernames, '…'] : usernames
    return {
      ...envelopeOf(about, removals.heading(number)),
      paragraphs: [removals.happened(number), ...again],
      facts: [when, { term: terms.people, value: names.join(', ') }],
      advice: removals.advice(list),
      footer: words.administratorsFooter,
    }
  },

  ofMailChanges(about: About & { most: number }) {
    const { most, language } = about
    const { words, when, again } = readerOf(about)
    const number = count(most, codeOf(language))
    return {
      ...envelopeOf(about, words.mailChanges.heading(number)),
      paragraphs: [words.mailChanges.happened(number), ...again],
      facts: [when],
      advice: words.mailChanges.advice,
      footer: words.administratorsFooter,
    }
  },
}

function readerOf({ language, timeZone, at, tells }: About) {
  const code = codeOf(language)
  const words = letterWords[code]
  const dateOf = (date: Date) => moment(date, { language: code, timeZone, now: at }).full
  return {
    words,
    dateOf,
    when: { term: words.terms.when, value: dateOf(at) },
    again: tells > 1 ? [words.again(count(tells, code))] : [],
  }
}

function envelopeOf({ language, company, accent, at }: About, heading: string) {
  const code = codeOf(language)
  const brand = { company, accent, language: code, direction: languageOf(code).dir }
  return { ...brand, writtenAt: at.toISOString(), subject: `${company}: ${heading}`, heading }
}

function accountOf({ account }: LetterWords, incident: Incident, dateOf: (date: Date) => string): string {
  if (incident.kind === 'fraud') return account[incident.account]
  if (incident.kind === 'locked') return account.locked
  return incident.until ? account.until(dateOf(incident.until)) : account.blocked
}

/** A method without a name here is called by its code. */
function methodName({ methods }: LetterWords, method: string | undefined): string | undefined {
  const names: Readonly<Record<string, string>> = methods
  return method === undefined ? undefined : (names[method] ?? method)
}

function fact(term: string, value: string | undefined): Fact[] {
  return value === undefined ? [] : [{ term, value }]
}

function codeOf(language: string): LanguageCode {
  return parseLanguage(language) ?? 'en'
}
