import { owner } from './letter-words.ts'
import type { LetterWords } from './letters.en.ts'
import { syncLetterWords } from './sync-letter-words.ts'

export const de: LetterWords = {
  owner: {
    phone: owner('Ihr Konto hat eine neue Telefonnummer', 'Die Telefonnummer Ihres Kontos ist jetzt {newNumber}.'),
    'backup-phone': owner(
      'Ihr Konto hat ein neues Ersatztelefon',
      'Das Ersatztelefon Ihres Kontos ist jetzt {newNumber}.',
    ),
    'backup-phone-removed': owner('Ihr Ersatztelefon wurde entfernt', 'Ihr Konto hat kein Ersatztelefon mehr.'),
    'mail-changed': owner(
      'Die E-Mail-Adresse Ihres Kontos wurde geändert',
      'Mails zu Ihrem Konto kommen nicht mehr an diese Adresse.',
    ),
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
    username: 'Benutzername',
    people: 'Personen',
  },
  ...syncLetterWords.de,
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
