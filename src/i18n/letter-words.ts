import type { LanguageCode } from './languages.ts'

/** A heading, which is also the subject, and what happened. */
type Told<Holes> = { heading(holes: Holes): string; happened(holes: Holes): string }
type OwnerHoles = { newNumber: string; left: string }
type IncidentHoles = { who: string; username: string; method: string }

const owner = (heading: string, happened: string): Told<OwnerHoles> => ({
  heading: () => heading,
  happened: ({ newNumber, left }) => happened.replace('{newNumber}', newNumber).replace('{left}', left),
})

const en = {
  owner: {
    phone: owner('Your account has a new phone number', 'The phone number of your account is now {newNumber}.'),
    'backup-phone': owner(
      'Your account has a new backup phone',
      'The backup phone of your account is now {newNumber}.',
    ),
    'backup-phone-removed': owner('Your backup phone was removed', 'Your account has no backup phone any more.'),
    'token-added': owner(
      'An authenticator app was added',
      'An authenticator app was added to your account. Its codes are good for signing in.',
    ),
    'token-removed': owner(
      'Your authenticator app was removed',
      'The authenticator app was removed from your account. Its codes are not good any more.',
    ),
    'passkey-added': owner('A passkey was added', 'A passkey was added to your account. It is good for signing in.'),
    'passkey-removed': owner(
      'A passkey was removed',
      'A passkey was removed from your account. It is not good for signing in any more.',
    ),
    'passkey-cloned': owner(
      'A passkey of yours was refused',
      'We refused a passkey of yours, since there seems to be a copy of it. Remove it from your account and make a new one.',
    ),
    'device-added': owner(
      'The mobile app was activated',
      'The mobile app was activated on a device for your account. It is good for signing in.',
    ),
    'device-removed': owner(
      'A device was removed',
      'A device was removed from your account. Its app is not good for signing in any more.',
    ),
    'questions-answered': owner(
      'Your security questions were answered',
      'The security questions of your account were chosen and answered anew. The answers from before are not good any more.',
    ),
    'questions-used': owner(
      'Your security questions were used',
      'Somebody answered the security questions of your account and signed in.',
    ),
    pin: owner('Your PIN was set or changed', 'Your account has a new PIN. The old one is no longer good.'),
    password: owner(
      'Your password was changed',
      'Your password was changed on the sign-in page, where a new one was wanted.',
    ),
    'pin-removed': owner('Your PIN was removed', 'The PIN was removed from your account. It is no longer good.'),
    method: owner('You are asked in another way at sign-in', 'Your account now asks for another second step first.'),
    'recovery-made': owner(
      'New recovery codes were made',
      'New recovery codes were made for your account. Those from before are not good any more.',
    ),
    'recovery-used': owner(
      'A recovery code was used',
      'A recovery code of yours was used to sign in. How many are left: {left}.',
    ),
    locked: owner(
      'Your second step is locked',
      'Somebody with your password gave several wrong answers, so your second step is locked for a while.',
    ),
    'locked-for-good': owner(
      'Your second step is locked',
      'Somebody with your password gave too many wrong answers, so your second step is locked until your help desk opens it.',
    ),
  },
  incidents: {
    fraud: {
      heading: ({ username }: IncidentHoles) => `Fraud reported for ${username}`,
      happened: ({ who, method }: IncidentHoles) =>
        `Asked by ${method} whether they were signing in, ${who} reported fraud. The sign-in was denied. Whoever signed in knew the password: see to it that it is changed.`,
    },
    blocked: {
      heading: ({ username }: IncidentHoles) => `${username} is blocked after a report of fraud`,
      happened: ({ who, method }: IncidentHoles) =>
        `${who} reported fraud by ${method} and asked to block the account. All its sessions are ended, and nobody can sign in to it.`,
    },
    locked: {
      heading: ({ username }: IncidentHoles) => `${username} is locked`,
      happened: ({ who }: IncidentHoles) =>
        `Somebody who knew the password of ${who} gave too many wrong second-step answers since the last right one. Only an administrator opens the second step again.`,
    },
  } satisfies Record<string, Told<IncidentHoles>>,
  methods: {
    call: 'phone call',
    text: 'text message',
    app: 'the app',
    oath: 'OATH token',
    passkey: 'passkey',
    questions: 'security questions',
    recovery: 'recovery code',
  },
  terms: {
    when: 'When',
    address: 'From',
    person: 'Person',
    method: 'Method',
    origin: 'Signed in from',
    account: 'Account',
  },
  account: {
    open: 'not blocked',
    asked: 'not blocked so far; the person is being asked',
    blocked: 'blocked until it is unblocked',
    until: (date: string) => `blocked until ${date}`,
    locked: 'locked until it is opened',
  },
  hello: (name: string) => `Hello ${name},`,
  again: (count: string) =>
    `This happened ${count} times since we last wrote to you of it; what follows is the last time.`,
  help: (line: string | undefined) =>
    line ? `If this wasn't you, get help now. ${line}` : "If this wasn't you, tell your help desk now.",
  unlock: (username: string) => `To open it again: sallyport user unlock ${username}`,
  link: 'See your account',
  ownerFooter: (company: string) =>
    `${company} sent this mail by itself, since it is about the security of your account. Nobody there asks you for a password or a code by mail.`,
  administratorsFooter: 'This mail was sent by itself, to the addresses in company.administrators_mail.',
}

export type LetterWords = typeof en

const de: LetterWords = {
  owner: {
    phone: owner('Ihr Konto hat eine neue Telefonnummer', 'Die Telefonnummer Ihres Kontos ist jetzt {newNumber}.'),
    'backup-phone': owner(
      'Ihr Konto hat ein neues Ersatztelefon',
      'Das Ersatztelefon Ihres Kontos ist jetzt {newNumber}.',
    ),
    'backup-phone-removed': owner('Ihr Ersatztelefon wurde entfernt', 'Ihr Konto hat kein Ersatztelefon mehr.'),
    'token-added': owner(
      'Eine Authenticator-App wurde hinzugefügt',
      'Zu Ihrem Konto wurde eine Authenticator-App hinzugefügt. Mit ihren Codes kann man sich anmelden.',
    ),
    'token-removed': owner(
      'Ihre Authenticator-App wurde entfernt',
      'Die Authenticator-App wurde aus Ihrem Konto entfernt. Ihre Codes gelten nicht mehr.',
    ),
    'passkey-added': owner(
      'Ein Passkey wurde hinzugefügt',
      'Zu Ihrem Konto wurde ein Passkey hinzugefügt. Mit ihm kann man sich anmelden.',
    ),
    'passkey-removed': owner(
      'Ein Passkey wurde entfernt',
      'Ein Passkey wurde aus Ihrem Konto entfernt. Mit ihm kann man sich nicht mehr anmelden.',
    ),
    'passkey-cloned': owner(
      'Einer Ihrer Passkeys wurde abgelehnt',
      'Wir haben einen Ihrer Passkeys abgelehnt, denn es scheint eine Kopie davon zu geben. Entfernen Sie ihn aus Ihrem Konto und erstellen Sie einen neuen.',
    ),
    'device-added': owner(
      'Die mobile App wurde aktiviert',
      'Für Ihr Konto wurde auf einem Gerät die mobile App aktiviert. Mit ihr kann man sich anmelden.',
    ),
    'device-removed': owner(
      'Ein Gerät wurde entfernt',
      'Ein Gerät wurde aus Ihrem Konto entfernt. Mit seiner App kann man sich nicht mehr anmelden.',
    ),
    'questions-answered': owner(
      'Ihre Sicherheitsfragen wurden beantwortet',
      'Die Sicherheitsfragen Ihres Kontos wurden neu gewählt und beantwortet. Die bisherigen Antworten gelten nicht mehr.',
    ),
    'questions-used': owner(
      'Ihre Sicherheitsfragen wurden benutzt',
      'Jemand hat die Sicherheitsfragen Ihres Kontos beantwortet und sich angemeldet.',
    ),
    pin: owner('Ihre PIN wurde geändert', 'Ihr Konto hat eine neue PIN. Die alte gilt nicht mehr.'),
    password: owner(
      'Ihr Passwort wurde geändert',
      'Ihr Passwort wurde auf der Anmeldeseite geändert, die ein neues verlangt hat.',
    ),
    'pin-removed': owner('Ihre PIN wurde entfernt', 'Die PIN wurde aus Ihrem Konto entfernt. Sie gilt nicht mehr.'),
    method: owner('Sie werden bei der Anmeldung anders gefragt', 'Ihr Konto fragt zuerst nach etwas anderem.'),
    'recovery-made': owner(
      'Neue Notfallcodes wurden erstellt',
      'Für Ihr Konto wurden neue Notfallcodes erstellt. Die bisherigen gelten nicht mehr.',
    ),
    'recovery-used': owner(
      'Ein Notfallcode wurde benutzt',
      'Mit einem Ihrer Notfallcodes hat sich jemand angemeldet. So viele haben Sie noch: {left}.',
    ),
    locked: owner(
      'Ihr zweiter Schritt ist gesperrt',
      'Jemand mit Ihrem Passwort hat mehrere falsche Antworten gegeben; Ihr zweiter Schritt ist eine Zeit lang gesperrt.',
    ),
    'locked-for-good': owner(
      'Ihr zweiter Schritt ist gesperrt',
      'Jemand mit Ihrem Passwort hat zu viele falsche Antworten gegeben; Ihr zweiter Schritt ist gesperrt, bis Ihr Helpdesk ihn wieder öffnet.',
    ),
  },
  incidents: {
    fraud: {
      heading: ({ username }) => `Betrug gemeldet für ${username}`,
      happened: ({ who, method }) =>
        `Auf die Frage (${method}), ob die Anmeldung von ihr ist, hat die Person ${who} Betrug gemeldet. Die Anmeldung wurde abgelehnt. Wer sich anmeldete, kannte das Passwort: Sorgen Sie dafür, dass es geändert wird.`,
    },
    blocked: {
      heading: ({ username }) => `${username} ist nach einer Betrugsmeldung gesperrt`,
      happened: ({ who, method }) =>
        `Die Person ${who} hat Betrug gemeldet (${method}) und das Konto sperren lassen. Alle Sitzungen sind beendet, und niemand kann sich an dem Konto anmelden.`,
    },
    locked: {
      heading: ({ username }) => `${username} ist gesperrt`,
      happened: ({ who }) =>
        `Jemand, der das Passwort von ${who} kannte, hat seit der letzten richtigen Antwort zu viele falsche Antworten im zweiten Schritt gegeben. Nur die Administration öffnet ihn wieder.`,
    },
  },
  methods: {
    call: 'Anruf',
    text: 'SMS',
    app: 'App',
    oath: 'OATH-Token',
    passkey: 'Passkey',
    questions: 'Sicherheitsfragen',
    recovery: 'Notfallcode',
  },
  terms: {
    when: 'Wann',
    address: 'Von',
    person: 'Person',
    method: 'Methode',
    origin: 'Anmeldung von',
    account: 'Konto',
  },
  account: {
    open: 'nicht gesperrt',
    asked: 'bisher nicht gesperrt; die Person wird gefragt',
    blocked: 'gesperrt, bis die Sperre aufgehoben wird',
    until: (date) => `gesperrt bis ${date}`,
    locked: 'gesperrt, bis es geöffnet wird',
  },
  hello: (name) => `Guten Tag ${name},`,
  again: (count) =>
    `Das geschah ${count} Mal, seit wir Ihnen zuletzt davon geschrieben haben; es folgt das letzte Mal.`,
  help: (line) =>
    line
      ? `Wenn Sie das nicht waren, holen Sie sofort Hilfe. ${line}`
      : 'Wenn Sie das nicht waren, melden Sie es sofort Ihrem Helpdesk.',
  unlock: (username) => `Wieder öffnen: sallyport user unlock ${username}`,
  link: 'Ihr Konto ansehen',
  ownerFooter: (company) =>
    `${company} hat diese Mail selbsttätig gesendet, denn sie betrifft die Sicherheit Ihres Kontos. Niemand dort fragt Sie per Mail nach einem Passwort oder einem Code.`,
  administratorsFooter:
    'Diese Mail wurde selbsttätig gesendet, an die Adressen in der Einstellung company.administrators_mail.',
}

/** The words of mails. One list serves the text and the marked-up part. */
export const letterWords: Record<LanguageCode, LetterWords> = { en, de }
