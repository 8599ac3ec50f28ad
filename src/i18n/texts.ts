import { duration } from './format.ts'
import type { LanguageCode } from './languages.ts'
import { parseLanguage } from './languages.ts'

type About = { language: string; company: string }
type Help = About & { helpLine: string | undefined }

/** What goes out as a text, apart from the pages' catalogue: each is one or two messages long, and costs by the character. */
type Texts = {
  code(text: { company: string; code: string; minutes: string }): string
  replyWithCode(text: { company: string; code: string }): string
  replyWithPin(text: { company: string; code: string }): string
  replyWithNumber(text: { company: string }): string
  proveByCode(text: { company: string; code: string }): string
  proveByPin(text: { company: string; code: string }): string
  phoneChanged(text: { company: string; newNumber: string; help: string }): string
  backupPhoneChanged(text: { company: string; newNumber: string; help: string }): string
  backupPhoneRemoved(text: { company: string; help: string }): string
  mailChanged(text: { company: string; help: string }): string
  tokenAdded(text: { company: string; help: string }): string
  tokenRemoved(text: { company: string; help: string }): string
  passwordChanged(text: { company: string; help: string }): string
  pinChanged(text: { company: string; help: string }): string
  pinRemoved(text: { company: string; help: string }): string
  methodChosen(text: { company: string; help: string }): string
  locked(text: { company: string; help: string }): string
  passkeyAdded(text: { company: string; help: string }): string
  passkeyRemoved(text: { company: string; help: string }): string
  passkeyCloned(text: { company: string; help: string }): string
  questionsAnswered(text: { company: string; help: string }): string
  questionsUsed(text: { company: string; help: string }): string
  recoveryMade(text: { company: string; help: string }): string
  recoveryUsed(text: { company: string; left: number; help: string }): string
  deviceAdded(text: { company: string; help: string }): string
  deviceRemoved(text: { company: string; help: string }): string
  help(line: string | undefined): string
}

const catalogues: Record<LanguageCode, Texts> = {
  en: {
    code: ({ company, code, minutes }) =>
      `${company}: your code is ${code}. Good for ${minutes}. Never tell it to anyone.`,
    replyWithCode: ({ company, code }) =>
      `${company}: your code is ${code}. Reply with it to sign in. If you are not signing in, do not reply.`,
    replyWithPin: ({ company, code }) =>
      `${company}: your code is ${code}. Reply with the code and your PIN to sign in. If you are not signing in, do not reply.`,
    proveByCode: ({ company, code }) =>
      `${company}: your code is ${code}. Reply with it to use this phone for signing in. If you did not ask for that, do not reply.`,
    proveByPin: ({ company, code }) =>
      `${company}: your code is ${code}. Reply with the code and your PIN to use this phone for signing in. If you did not ask for that, do not reply.`,
    replyWithNumber: ({ company }) =>
      `${company}: reply with the number on your screen to sign in. If you are not signing in, do not reply.`,
    phoneChanged: ({ company, newNumber, help }) =>
      `${company}: the phone number of your account was changed to ${newNumber}. If this wasn't you, ${help}`,
    backupPhoneChanged: ({ company, newNumber, help }) =>
      `${company}: the backup phone of your account is now ${newNumber}. If this wasn't you, ${help}`,
    backupPhoneRemoved: ({ company, help }) =>
      `${company}: the backup phone was removed from your account. If this wasn't you, ${help}`,
    mailChanged: ({ company, help }) =>
      `${company}: the mail address of your account was changed. If you did not expect that, ${help}`,
    tokenAdded: ({ company, help }) =>
      `${company}: an authenticator app or token was added to your account. If this wasn't you, ${help}`,
    tokenRemoved: ({ company, help }) =>
      `${company}: an authenticator app or token was removed from your account. If this wasn't you, ${help}`,
    passwordChanged: ({ company, help }) =>
      `${company}: your password was changed on the sign-in page. If this wasn't you, ${help}`,
    pinChanged: ({ company, help }) => `${company}: your account has a new PIN. If this wasn't you, ${help}`,
    pinRemoved: ({ company, help }) =>
      `${company}: the PIN was removed from your account. If you did not ask for it, ${help}`,
    methodChosen: ({ company, help }) =>
      `${company}: your account now asks for another second step at sign-in. If this wasn't you, ${help}`,
    locked: ({ company, help }) =>
      `${company}: somebody with your password typed several wrong codes, so your second step is locked. If this wasn't you, ${help}`,
    passkeyAdded: ({ company, help }) => `${company}: a passkey was added to your account. If this wasn't you, ${help}`,
    passkeyRemoved: ({ company, help }) =>
      `${company}: a passkey was removed from your account. If this wasn't you, ${help}`,
    passkeyCloned: ({ company, help }) =>
      `${company}: we refused a passkey of yours, since there seems to be a copy of it. Remove it from your account and make a new one. If this wasn't you, ${help}`,
    questionsAnswered: ({ company, help }) =>
      `${company}: the security questions of your account were answered anew. If this wasn't you, ${help}`,
    questionsUsed: ({ company, help }) =>
      `${company}: somebody signed in by answering your security questions. If this wasn't you, ${help}`,
    recoveryMade: ({ company, help }) =>
      `${company}: new recovery codes were made for your account. If this wasn't you, ${help}`,
    recoveryUsed: ({ company, left, help }) =>
      `${company}: a recovery code of yours was used, ${left} left. If this wasn't you, ${help}`,
    deviceAdded: ({ company, help }) =>
      `${company}: the mobile app was activated on a device for your account. If this wasn't you, ${help}`,
    deviceRemoved: ({ company, help }) =>
      `${company}: a device was removed from your account. If this wasn't you, ${help}`,
    help: (line) => (line ? `call for help: ${line}` : 'tell your help desk now.'),
  },
  de: {
    code: ({ company, code, minutes }) =>
      `${company}: Ihr Code ist ${code}. Gültig ${minutes}. Geben Sie ihn niemandem.`,
    replyWithCode: ({ company, code }) =>
      `${company}: Ihr Code ist ${code}. Antworten Sie damit, um sich anzumelden. Wenn Sie sich nicht anmelden, antworten Sie nicht.`,
    replyWithPin: ({ company, code }) =>
      `${company}: Ihr Code ist ${code}. Antworten Sie mit Code und PIN, um sich anzumelden. Wenn Sie sich nicht anmelden, antworten Sie nicht.`,
    proveByCode: ({ company, code }) =>
      `${company}: Ihr Code ist ${code}. Antworten Sie damit, um dieses Telefon zum Anmelden zu verwenden. Wenn Sie nicht darum gebeten haben, antworten Sie nicht.`,
    proveByPin: ({ company, code }) =>
      `${company}: Ihr Code ist ${code}. Antworten Sie mit Code und PIN, um dieses Telefon zum Anmelden zu verwenden. Wenn Sie nicht darum gebeten haben, antworten Sie nicht.`,
    replyWithNumber: ({ company }) =>
      `${company}: Antworten Sie mit der Zahl auf Ihrem Bildschirm, um sich anzumelden. Wenn Sie sich nicht anmelden, antworten Sie nicht.`,
    phoneChanged: ({ company, newNumber, help }) =>
      `${company}: Die Telefonnummer Ihres Kontos wurde auf ${newNumber} geändert. Wenn Sie das nicht waren, ${help}`,
    backupPhoneChanged: ({ company, newNumber, help }) =>
      `${company}: Das Ersatztelefon Ihres Kontos ist jetzt ${newNumber}. Wenn Sie das nicht waren, ${help}`,
    backupPhoneRemoved: ({ company, help }) =>
      `${company}: Das Ersatztelefon wurde aus Ihrem Konto entfernt. Wenn Sie das nicht waren, ${help}`,
    mailChanged: ({ company, help }) =>
      `${company}: Die E-Mail-Adresse Ihres Kontos wurde geändert. Wenn Sie das nicht erwartet haben, ${help}`,
    tokenAdded: ({ company, help }) =>
      `${company}: Zu Ihrem Konto wurde eine Authenticator-App oder ein Token hinzugefügt. Wenn Sie das nicht waren, ${help}`,
    tokenRemoved: ({ company, help }) =>
      `${company}: Eine Authenticator-App oder ein Token wurde aus Ihrem Konto entfernt. Wenn Sie das nicht waren, ${help}`,
    passwordChanged: ({ company, help }) =>
      `${company}: Ihr Passwort wurde auf der Anmeldeseite geändert. Wenn Sie das nicht waren, ${help}`,
    pinChanged: ({ company, help }) => `${company}: Ihr Konto hat eine neue PIN. Wenn Sie das nicht waren, ${help}`,
    pinRemoved: ({ company, help }) =>
      `${company}: Die PIN wurde aus Ihrem Konto entfernt. Wenn Sie nicht darum gebeten haben, ${help}`,
    methodChosen: ({ company, help }) =>
      `${company}: Ihr Konto fragt bei der Anmeldung jetzt nach einem anderen zweiten Schritt. Wenn Sie das nicht waren, ${help}`,
    locked: ({ company, help }) =>
      `${company}: Jemand mit Ihrem Passwort hat mehrere falsche Codes eingegeben; Ihr zweiter Schritt ist gesperrt. Wenn Sie das nicht waren, ${help}`,
    passkeyAdded: ({ company, help }) =>
      `${company}: Zu Ihrem Konto wurde ein Passkey hinzugefügt. Wenn Sie das nicht waren, ${help}`,
    passkeyRemoved: ({ company, help }) =>
      `${company}: Ein Passkey wurde aus Ihrem Konto entfernt. Wenn Sie das nicht waren, ${help}`,
    passkeyCloned: ({ company, help }) =>
      `${company}: Wir haben einen Ihrer Passkeys abgelehnt, denn es scheint eine Kopie davon zu geben. Entfernen Sie ihn aus Ihrem Konto und erstellen Sie einen neuen. Wenn Sie das nicht waren, ${help}`,
    questionsAnswered: ({ company, help }) =>
      `${company}: Die Sicherheitsfragen Ihres Kontos wurden neu beantwortet. Wenn Sie das nicht waren, ${help}`,
    questionsUsed: ({ company, help }) =>
      `${company}: Jemand hat sich mit Antworten auf Ihre Sicherheitsfragen angemeldet. Wenn Sie das nicht waren, ${help}`,
    recoveryMade: ({ company, help }) =>
      `${company}: Für Ihr Konto wurden neue Notfallcodes erstellt. Wenn Sie das nicht waren, ${help}`,
    recoveryUsed: ({ company, left, help }) =>
      `${company}: Ein Notfallcode von Ihnen wurde verwendet, übrig: ${left}. Wenn Sie das nicht waren, ${help}`,
    deviceAdded: ({ company, help }) =>
      `${company}: Die App wurde auf einem Gerät für Ihr Konto aktiviert. Wenn Sie das nicht waren, ${help}`,
    deviceRemoved: ({ company, help }) =>
      `${company}: Ein Gerät wurde aus Ihrem Konto entfernt. Wenn Sie das nicht waren, ${help}`,
    help: (line) => (line ? `holen Sie Hilfe: ${line}` : 'melden Sie es sofort Ihrem Helpdesk.'),
  },
}

/**
 * The words of texts. A code ends with the WebOTP line where the portal's host is known, so that phones offer it for that
 * site and for no other; the code stands unbroken in both places, as phones look for it.
 */
export const texts = {
  code({
    language,
    company,
    code,
    minutes,
    host,
  }: About & { code: string; minutes: number; host: string | undefined }): string {
    const sentence = of(language).code({ company, code, minutes: duration(minutes * 60, languageCode(language)) })
    return host ? `${sentence}\n\n@${host} #${code}` : sentence
  },
  /** Without a line for WebOTP: a phone that offers the code to a page would have it typed where nobody asks for it. */
  askForReply({
    language,
    company,
    code,
    pin,
    proof,
  }: About & { code: string | undefined; pin: boolean; proof: boolean }): string {
    const words = of(language)
    if (code === undefined) return words.replyWithNumber({ company })
    if (proof) return pin ? words.proveByPin({ company, code }) : words.proveByCode({ company, code })
    return pin ? words.replyWithPin({ company, code }) : words.replyWithCode({ company, code })
  },
  phoneChanged({ language, company, newNumber, helpLine }: Help & { newNumber: string }): string {
    return of(language).phoneChanged({ company, newNumber, help: of(language).help(helpLine) })
  },
  backupPhoneChanged({ language, company, newNumber, helpLine }: Help & { newNumber: string }): string {
    return of(language).backupPhoneChanged({ company, newNumber, help: of(language).help(helpLine) })
  },
  backupPhoneRemoved({ language, company, helpLine }: Help): string {
    return of(language).backupPhoneRemoved({ company, help: of(language).help(helpLine) })
  },
  mailChanged({ language, company, helpLine }: Help): string {
    return of(language).mailChanged({ company, help: of(language).help(helpLine) })
  },
  tokenAdded({ language, company, helpLine }: Help): string {
    return of(language).tokenAdded({ company, help: of(language).help(helpLine) })
  },
  pinChanged({ language, company, helpLine }: Help): string {
    return of(language).pinChanged({ company, help: of(language).help(helpLine) })
  },
  passwordChanged({ language, company, helpLine }: Help): string {
    return of(language).passwordChanged({ company, help: of(language).help(helpLine) })
  },
  pinRemoved({ language, company, helpLine }: Help): string {
    return of(language).pinRemoved({ company, help: of(language).help(helpLine) })
  },
  methodChosen({ language, company, helpLine }: Help): string {
    return of(language).methodChosen({ company, help: of(language).help(helpLine) })
  },
  locked({ language, company, helpLine }: Help): string {
    return of(language).locked({ company, help: of(language).help(helpLine) })
  },
  passkeyAdded({ language, company, helpLine }: Help): string {
    return of(language).passkeyAdded({ company, help: of(language).help(helpLine) })
  },
  passkeyRemoved({ language, company, helpLine }: Help): string {
    return of(language).passkeyRemoved({ company, help: of(language).help(helpLine) })
  },
  passkeyCloned({ language, company, helpLine }: Help): string {
    return of(language).passkeyCloned({ company, help: of(language).help(helpLine) })
  },
  questionsAnswered({ language, company, helpLine }: Help): string {
    return of(language).questionsAnswered({ company, help: of(language).help(helpLine) })
  },
  questionsUsed({ language, company, helpLine }: Help): string {
    return of(language).questionsUsed({ company, help: of(language).help(helpLine) })
  },
  recoveryMade({ language, company, helpLine }: Help): string {
    return of(language).recoveryMade({ company, help: of(language).help(helpLine) })
  },
  recoveryUsed({ language, company, left, helpLine }: Help & { left: number }): string {
    return of(language).recoveryUsed({ company, left, help: of(language).help(helpLine) })
  },
  deviceAdded({ language, company, helpLine }: Help): string {
    return of(language).deviceAdded({ company, help: of(language).help(helpLine) })
  },
  deviceRemoved({ language, company, helpLine }: Help): string {
    return of(language).deviceRemoved({ company, help: of(language).help(helpLine) })
  },
  tokenRemoved({ language, company, helpLine }: Help): string {
    return of(language).tokenRemoved({ company, help: of(language).help(helpLine) })
  },
}

function languageCode(language: string): LanguageCode {
  return parseLanguage(language) ?? 'en'
}

function of(language: string): Texts {
  return catalogues[languageCode(language)]
}
