import type { LanguageCode } from './languages.ts'

const en = {
  newcomer: {
    heading: 'Signing in is in two steps now',
    happened: (company: string) =>
      `${company} has given you an account for signing in in two steps: first your user name and password as always, then a second step by something of yours.`,
    text: (number: string) => `Your second step is a text message to ${number}.`,
    call: (number: string) => `Your second step is a call to ${number}.`,
    nothingToSetUp: 'There is nothing to set up.',
    setUp: {
      text: 'Sign in once and give the number of your phone. Your second step is a text message to it from then on.',
      call: 'Sign in once and give the number of your phone. Your second step is a call to it from then on.',
      app: 'Sign in once, with your mobile phone at hand: the page shows how to put the app on it. At each sign-in your phone then asks you, and you approve.',
      oath: 'Sign in once, with your authenticator app or token at hand: the page shows how to add it. Its codes are your second step from then on.',
      passkey:
        'Sign in once, on a device of yours, and add a passkey: your fingerprint, face or security key. It is your second step from then on.',
      any: 'Sign in once to set up your second step. It takes a few minutes.',
    },
    pin: 'At your first sign-in you choose a PIN, which belongs to your second step. Nobody sends you one.',
    help: (line: string) => `If something does not work: ${line}`,
    link: 'Sign in',
    footer: (company: string) =>
      `${company} sent this mail by itself. Nobody there asks you for a password or a code by mail.`,
  },
  removals: {
    heading: (people: string) => `Users who would be disabled or removed: ${people}`,
    happened: (people: string) =>
      `The directory has disabled ${people} users, or they are in no item any more. That is more than sync.removals allows at once, or all that there are, so nothing was done to them.`,
    advice: (list: string) => [
      'If the directory is right, see who they are and approve: sallyport directory waiting',
      `To approve: sallyport directory approve ${list}`,
      `To keep them: sallyport directory reject ${list}`,
    ],
  },
  mailChanges: {
    heading: (people: string) => `Mail addresses changed of more users than ${people} at once`,
    happened: (people: string) =>
      `In one synchronisation the directory had other mail addresses for more users than sync.mail_notices allows to tell of it. The first ${people} were told at the address from before, the others are not: what mails would tell them of their accounts goes to the new addresses.`,
    advice: ['If nobody has changed that many on purpose, find out who did: sallyport directory runs --details'],
  },
}

const de: typeof en = {
  newcomer: {
    heading: 'Die Anmeldung hat jetzt zwei Schritte',
    happened: (company) =>
      `${company} hat für Sie ein Konto eingerichtet, mit dem Sie sich in zwei Schritten anmelden: zuerst wie immer mit Benutzername und Passwort, dann mit etwas, das Sie bei sich haben.`,
    text: (number) => `Ihr zweiter Schritt ist eine SMS an ${number}.`,
    call: (number) => `Ihr zweiter Schritt ist ein Anruf bei ${number}.`,
    nothingToSetUp: 'Sie müssen nichts einrichten.',
    setUp: {
      text: 'Melden Sie sich einmal an und geben Sie die Nummer Ihres Telefons an. Ihr zweiter Schritt ist dann eine SMS an diese Nummer.',
      call: 'Melden Sie sich einmal an und geben Sie die Nummer Ihres Telefons an. Ihr zweiter Schritt ist dann ein Anruf bei dieser Nummer.',
      app: 'Melden Sie sich einmal an und halten Sie Ihr Mobiltelefon bereit: Die Seite zeigt, wie Sie die App darauf einrichten. Bei jeder Anmeldung fragt Sie dann Ihr Telefon, und Sie bestätigen.',
      oath: 'Melden Sie sich einmal an und halten Sie Ihre Authenticator-App oder Ihren Token bereit: Die Seite zeigt, wie Sie sie oder ihn hinzufügen. Ihr zweiter Schritt sind dann die Codes von dort.',
      passkey:
        'Melden Sie sich einmal auf einem Ihrer Geräte an und fügen Sie einen Passkey hinzu: Ihren Fingerabdruck, Ihr Gesicht oder einen Sicherheitsschlüssel. Er ist dann Ihr zweiter Schritt.',
      any: 'Melden Sie sich einmal an und richten Sie Ihren zweiten Schritt ein. Das dauert wenige Minuten.',
    },
    pin: 'Bei der ersten Anmeldung wählen Sie eine PIN, die zu Ihrem zweiten Schritt gehört. Niemand schickt Ihnen eine.',
    help: (line) => `Wenn etwas nicht klappt: ${line}`,
    link: 'Anmelden',
    footer: (company) =>
      `${company} hat diese Mail selbsttätig gesendet. Niemand dort fragt Sie per Mail nach einem Passwort oder einem Code.`,
  },
  removals: {
    heading: (people) => `Benutzer, die deaktiviert oder entfernt würden: ${people}`,
    happened: (people) =>
      `Das Verzeichnis hat ${people} Benutzer deaktiviert, oder sie gehören zu keinem Eintrag des Imports mehr. Das sind mehr, als sync.removals auf einmal erlaubt, oder alle, die es gibt; deshalb ist nichts mit ihnen geschehen.`,
    advice: (list) => [
      'Wenn das Verzeichnis recht hat, sehen Sie nach, wer es ist: sallyport directory waiting',
      `Genehmigen: sallyport directory approve ${list}`,
      `Behalten: sallyport directory reject ${list}`,
    ],
  },
  mailChanges: {
    heading: (people) => `E-Mail-Adressen von mehr als ${people} Benutzern auf einmal geändert`,
    happened: (people) =>
      `Bei einer Synchronisation hatte das Verzeichnis andere E-Mail-Adressen für mehr Benutzer, als sync.mail_notices zu benachrichtigen erlaubt. Die ersten ${people} haben es an der bisherigen Adresse erfahren, die übrigen nicht: Was Mails ihnen über ihr Konto sagen, geht an die neuen Adressen.`,
    advice: [
      'Wenn niemand so viele absichtlich geändert hat, finden Sie heraus, wer es war: sallyport directory runs --details',
    ],
  },
}

/** Of mails that an import sends: to newcomers, and to administrators. */
export const syncLetterWords = { en, de } satisfies Record<LanguageCode, typeof en>
