import type { LanguageCode } from './languages.ts'

const en = {
  newcomer: {
    heading: 'Signing in is in two steps now',
    happened: (company: string) =>
      `${company} has given you an account for signing in in two steps: first your user name and password as always, then a second step by something of yours.`,
    text: (number: string) => `Your second step is a text message to ${number}. There is nothing to set up.`,
    call: (number: string) => `Your second step is a call to ${number}. There is nothing to set up.`,
    setUp: 'Sign in once to set up your second step. It takes a few minutes.',
    help: (line: string) => `If something does not work: ${line}`,
    link: 'Sign in',
    footer: (company: string) =>
      `${company} sent this mail by itself. Nobody there asks you for a password or a code by mail.`,
  },
  removals: {
    heading: (people: string) => `Users who would be disabled or removed: ${people}`,
    happened: (people: string) =>
      `The directory has disabled ${people} users or does not have them any more. That is more than sync.removals allows at once, or all that there are, so nothing was done to them.`,
    advice: (list: string) => [
      'If the directory is right, see who they are and approve: sallyport directory waiting',
      `To approve: sallyport directory approve ${list}`,
      `To keep them: sallyport directory reject ${list}`,
    ],
  },
}

const de: typeof en = {
  newcomer: {
    heading: 'Die Anmeldung hat jetzt zwei Schritte',
    happened: (company) =>
      `${company} hat für Sie ein Konto eingerichtet, mit dem Sie sich in zwei Schritten anmelden: zuerst wie immer mit Benutzername und Passwort, dann mit etwas, das Sie bei sich haben.`,
    text: (number) => `Ihr zweiter Schritt ist eine SMS an ${number}. Sie müssen nichts einrichten.`,
    call: (number) => `Ihr zweiter Schritt ist ein Anruf bei ${number}. Sie müssen nichts einrichten.`,
    setUp: 'Melden Sie sich einmal an und richten Sie Ihren zweiten Schritt ein. Das dauert wenige Minuten.',
    help: (line) => `Wenn etwas nicht klappt: ${line}`,
    link: 'Anmelden',
    footer: (company) =>
      `${company} hat diese Mail selbsttätig gesendet. Niemand dort fragt Sie per Mail nach einem Passwort oder einem Code.`,
  },
  removals: {
    heading: (people) => `Benutzer, die deaktiviert oder entfernt würden: ${people}`,
    happened: (people) =>
      `Das Verzeichnis hat ${people} Benutzer deaktiviert oder kennt sie nicht mehr. Das sind mehr, als sync.removals auf einmal erlaubt, oder alle, die es gibt; deshalb ist nichts mit ihnen geschehen.`,
    advice: (list) => [
      'Wenn das Verzeichnis recht hat, sehen Sie nach, wer es ist: sallyport directory waiting',
      `Genehmigen: sallyport directory approve ${list}`,
      `Behalten: sallyport directory reject ${list}`,
    ],
  },
}

/** Of mails that an import sends: to newcomers, and to administrators. */
export const syncLetterWords = { en, de } satisfies Record<LanguageCode, typeof en>
