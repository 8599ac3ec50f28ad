import type { authenticatorEnglish } from './authenticator.en.ts'

export const authenticatorGerman: Record<keyof typeof authenticatorEnglish, string> = {
  'authenticator.title': 'Bestätigungs-App',
  'authenticator.manifest.name': '{company} Bestätigung',
  'authenticator.manifest.description': 'Bestätigt Anmeldungen bei {company} und zeigt Codes auch ohne Netz.',
  'authenticator.no-script': 'Diese App braucht JavaScript. Schalten Sie es für diese Seite ein und laden Sie sie neu.',
  'authenticator.notification': 'Melden Sie sich gerade an? Öffnen Sie die App, um zu antworten.',
  'authenticator.error': 'Fehler:',
  'authenticator.back': 'Zurück',
  'authenticator.done': 'Fertig',
  'authenticator.just-now': 'gerade eben',
  'authenticator.browser-on': '{browser} unter {system}',
  'authenticator.arrived': 'Eine Anfrage ist gekommen.',

  'authenticator.activate.heading': 'Dieses Gerät verbinden',
  'authenticator.activate.lede':
    'Öffnen Sie das Benutzerportal an Ihrem Computer, wählen Sie die App und erzeugen Sie dort einen Aktivierungscode.',
  'authenticator.activate.lede.link':
    'Der Code aus dem Portal von {company} ist eingetragen. Prüfen Sie den Namen und fahren Sie fort.',
  'authenticator.activate.camera':
    'Lieber nicht tippen? Richten Sie die Kamera dieses Geräts auf das Bild neben dem Code und öffnen Sie den Link, den sie zeigt.',
  'authenticator.activate.button': 'Aktivieren',
  'authenticator.activate.done': 'Dieses Gerät ist verbunden. Gehen Sie zurück zum Portal, dort geht es schon weiter.',
  'authenticator.activate.refused':
    'Dieser Code gilt nicht: vertippt, abgelaufen oder schon benutzt. Prüfen Sie ihn oder erzeugen Sie im Portal einen neuen.',
  'authenticator.activate.too-many':
    'Sie haben so viele Geräte, wie Sie haben können. Entfernen Sie im Portal zuerst eines, oder lassen Sie es durch dieses ersetzen.',
  'authenticator.activate.wait':
    'Es kamen zu viele falsche Codes. Warten Sie einige Minuten und versuchen Sie es wieder.',
  'authenticator.activate.unreachable':
    'Es gibt keine Verbindung zum Server. Prüfen Sie Ihr Netz und versuchen Sie es wieder.',
  'authenticator.code.label': 'Aktivierungscode',
  'authenticator.code.hint': 'Zwölf Buchstaben und Ziffern, etwa K7QX‑2M9D‑T4WB.',
  'authenticator.code.missing': 'Geben Sie den Aktivierungscode ein.',
  'authenticator.name.label': 'Name dieses Geräts',
  'authenticator.name.hint': 'Damit Sie es im Portal wiedererkennen.',
  'authenticator.name.default': 'Mein Gerät',
  'authenticator.name.missing': 'Geben Sie diesem Gerät einen Namen.',
  'authenticator.anew.heading': 'Dieses Gerät ist schon verbunden',
  'authenticator.anew.lede':
    'Es antwortet für {account}. Mit dem neuen Code antwortet es für die Person, die ihn erzeugt hat.',
  'authenticator.anew.keep': '{account} behalten',
  'authenticator.anew.button': 'Neuen Code nehmen',
  'authenticator.removed':
    'Dieses Gerät ist nicht mehr verbunden. Um es wieder zu benutzen, geben Sie einen neuen Code ein.',

  'authenticator.home.heading': 'Nichts zu bestätigen',
  'authenticator.home.lede': 'Wenn Sie sich anmelden, erscheint die Anfrage hier von selbst.',
  'authenticator.home.waiting.one': 'Eine Anfrage wartet',
  'authenticator.home.waiting.other': '{count} Anfragen warten',
  'authenticator.home.open': '{application}, {when}',
  'authenticator.home.offline':
    'Es gibt keine Verbindung. Anfragen können nicht ankommen; der Code unten gilt auch ohne.',
  'authenticator.clock.ahead':
    'Die Uhr dieses Geräts geht gegenüber der des Servers {time} vor. Hier rechnen wir das heraus; andere Apps tun das nicht. Stellen Sie sie richtig.',
  'authenticator.clock.behind':
    'Die Uhr dieses Geräts geht gegenüber der des Servers {time} nach. Hier rechnen wir das heraus; andere Apps tun das nicht. Stellen Sie sie richtig.',
  'authenticator.otp.heading': 'Ihr Code',
  'authenticator.otp.lede': 'Für „Einen Code aus der App nehmen“ auf der Anmeldeseite. Gilt auch ohne Netz.',
  'authenticator.otp.left.one': 'Wechselt in {count} Sekunde',
  'authenticator.otp.left.other': 'Wechselt in {count} Sekunden',
  'authenticator.otp.copy': 'Kopieren',
  'authenticator.otp.copied': 'Kopiert',
  'authenticator.device.heading': 'Dieses Gerät',
  'authenticator.device.account': 'Konto',
  'authenticator.device.name': 'Name',
  'authenticator.alerts.heading': 'Mitteilungen',
  'authenticator.alerts.off':
    'Lassen Sie sich von diesem Gerät sagen, wenn Sie sich anmelden, auch bei geschlossener App. Eine Mitteilung verrät nichts vom Inhalt der Anfrage.',
  'authenticator.alerts.button': 'Mitteilungen einschalten',
  'authenticator.alerts.turning-on': 'Einen Moment',
  'authenticator.alerts.done': 'Mitteilungen sind eingeschaltet.',
  'authenticator.alerts.failed':
    'Dieser Browser konnte sie nicht einschalten, oder der Server erreicht dessen Push-Dienst nicht. Öffnen Sie die App, wenn Sie sich anmelden.',
  'authenticator.alerts.blocked':
    'Sie sind in den Einstellungen Ihres Browsers für diese Seite gesperrt. Öffnen Sie die App, wenn Sie sich anmelden.',
  'authenticator.alerts.unsupported': 'Dieser Browser hat keine. Öffnen Sie die App, wenn Sie sich anmelden.',
  'authenticator.alerts.install':
    'Um von Anmeldungen zu erfahren, legen Sie diese App zuerst auf den Home-Bildschirm: „Teilen“, dann „Zum Home-Bildschirm“.',

  'authenticator.prompt.heading.sign-in': 'Melden Sie sich gerade an?',
  'authenticator.prompt.heading.step-up': 'Ändern Sie gerade Ihr Konto?',
  'authenticator.prompt.heading.app-proof': 'Richten Sie gerade diese App ein?',
  'authenticator.prompt.to': 'Bei',
  'authenticator.prompt.from': 'Von',
  'authenticator.prompt.when': 'Wann',
  'authenticator.prompt.approve': 'Bestätigen',
  'authenticator.prompt.deny': 'Nein, das bin ich nicht',
  'authenticator.prompt.fraud': 'Das war nicht ich: Betrug melden',
  'authenticator.prompt.later': 'Nicht jetzt: meinen Code zeigen',
  'authenticator.prompt.replaced': 'Eine neuere Anfrage ist an die Stelle der vorigen getreten.',
  'authenticator.prompt.unreachable':
    'Es gibt keine Verbindung, und nichts wurde gesendet. Prüfen Sie Ihr Netz und versuchen Sie es wieder.',
  'authenticator.place.private': 'Das Netz Ihrer Organisation',
  'authenticator.place.this-machine': 'Der Server selbst',
  'authenticator.place.unknown': 'Ort nicht bekannt',
  'authenticator.number.label': 'Zahl von der Anmeldeseite',
  'authenticator.number.missing': 'Geben Sie die zwei Ziffern ein, die die Anmeldeseite zeigt.',
  'authenticator.pin.label': 'PIN',
  'authenticator.pin.missing': 'Geben Sie Ihre PIN ein.',
  'authenticator.pin.wrong.one': 'Das ist nicht Ihre PIN. Noch {count} Versuch.',
  'authenticator.pin.wrong.other': 'Das ist nicht Ihre PIN. Noch {count} Versuche.',
  'authenticator.fraud.heading': 'Betrug melden?',
  'authenticator.fraud.lede':
    'Jemand, der Ihr Passwort kennt, hat dies angefragt. Wir lehnen es ab und melden es {company}; Ihr Konto wird vielleicht gesperrt, bis dort jemand nachgesehen hat.',
  'authenticator.fraud.button': 'Betrug melden',

  'authenticator.outcome.approved.heading': 'Bestätigt',
  'authenticator.outcome.approved.text': 'Fahren Sie in Ihrem Browser fort; er ist schon weiter.',
  'authenticator.outcome.denied.heading': 'Abgelehnt',
  'authenticator.outcome.denied.text':
    'Niemand wurde angemeldet. Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Ändern Sie es bald.',
  'authenticator.outcome.reported.heading': 'Betrug wurde gemeldet',
  'authenticator.outcome.reported.text': 'Niemand wurde angemeldet. Jemand kennt Ihr Passwort: Ändern Sie es jetzt.',
  'authenticator.outcome.reported.blocked.heading': 'Ihr Konto ist gesperrt',
  'authenticator.outcome.reported.blocked.text':
    'Sie haben Betrug gemeldet, darum kann sich dort niemand anmelden. Ihr Helpdesk öffnet es wieder.',
  'authenticator.outcome.wrong-number.heading': 'Das war nicht die Zahl',
  'authenticator.outcome.wrong-number.text':
    'Niemand wurde angemeldet. Wenn Sie sich vertippt haben, wählen Sie auf der Anmeldeseite „Noch einmal senden“. Wenn Sie diese Seite nicht sehen, waren Sie es nicht.',
  'authenticator.outcome.gone.heading': 'Diese Anfrage ist vorbei',
  'authenticator.outcome.gone.text':
    'Sie wurde anderswo beantwortet, oder es ist zu spät. Wenn Sie sich noch anmelden wollen, wählen Sie auf der Seite „Noch einmal senden“.',
  'authenticator.outcome.locked.heading': 'Vorübergehend gesperrt',
  'authenticator.outcome.locked.text':
    'Es kamen zu viele falsche Antworten. Die Anmeldeseite sagt, wann es weitergeht.',

  'authenticator.leave.open': 'Konto von diesem Gerät entfernen',
  'authenticator.leave.heading': 'Konto von diesem Gerät entfernen?',
  'authenticator.leave.lede':
    'Es antwortet dann nicht mehr für {account}, und seine Codes gelten nicht mehr. Um zurückzukommen, brauchen Sie einen neuen Code.',
  'authenticator.leave.button': 'Entfernen',
  'authenticator.leave.done': 'Das Konto wurde von diesem Gerät entfernt.',
  'authenticator.leave.last':
    'Bei der Anmeldung werden Sie in dieser App gefragt. Entfernen Sie dieses Gerät im Portal auf Ihrer Kontoseite, oder wählen Sie dort zuerst einen anderen Weg.',
  'authenticator.leave.unreachable':
    'Es gibt keine Verbindung zum Server, darum wurde nichts entfernt. Versuchen Sie es später wieder.',
}
