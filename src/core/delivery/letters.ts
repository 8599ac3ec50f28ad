import type { FirstMethod } from '../../contract/shapes.ts'
import type { Letter } from './letter.ts'
import type { Change } from './notices.ts'

/** What every letter says or goes by. `tells`: of how many events of its kind; the newest is told. */
export type About = {
  language: string
  company: string
  /** #rrggbb */
  accent: string
  helpLine: string | undefined
  /** IANA name. */
  timeZone: string
  at: Date
  /** The internet address that it came from, where that is known. */
  address: string | undefined
  tells: number
}

/** `newNumber` is masked, `left` how many recovery codes there still are. `forGood`: locked until an administrator opens it. */
export type ToldChange = {
  kind: Change['kind']
  newNumber: string | undefined
  left: number | undefined
  forGood: boolean
}

/** What administrators hear of a person's account. */
export type Incident =
  /** `asked`: the person is being asked, there, whether to block the account; a `blocked` follows if so. */
  | { kind: 'fraud'; method: string; account: 'open' | 'asked' }
  /** Without a time, until somebody unblocks it. */
  | { kind: 'blocked'; method: string; until: Date | undefined }
  /** Too many wrong answers: only an administrator opens it again. */
  | { kind: 'locked'; method: string | undefined }

export type Begins = { asked: 'text' | 'call'; number: string } | { setsUp: FirstMethod | 'any' }

/** The words of mails, in the reader's language. The core knows what to say, not how. */
export type LetterWording = {
  toOwner: (about: About & { change: ToldChange; name: string; portal: string | undefined }) => Letter
  toAdministrators: (about: About & { incident: Incident; name: string; username: string }) => Letter
  /**
   * `asked`: how they are asked at sign-in, by a number that came along. `setsUp`: what they set up first; any, where they
   * choose. `pin`: they choose one then.
   */
  toNewcomer: (
    about: About & {
      name: string
      username: string
      portal: string | undefined
      begins: Begins
      pin: boolean
    },
  ) => Letter
  /** `usernames`: the first of them. */
  ofRemovals: (about: About & { list: string; people: number; usernames: readonly string[] }) => Letter
  /** `most`: so many were told of it themselves. */
  ofMailChanges: (about: About & { most: number }) => Letter
}
