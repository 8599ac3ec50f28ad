import type { Catalogue } from './catalogue.ts'

/** German: formal address, plain words. */
export const de: Catalogue = {
  // Every page: frame, title, footer
  'frame.error': 'Fehler:',
  'frame.footer': 'Sprache und Hilfe',
  'frame.help': 'Hilfe',
  'frame.language': 'Sprache',
  'frame.navigation': 'Seiten',
  'frame.sign-out': 'Abmelden',
  'frame.skip': 'Zum Inhalt springen',
  'frame.title': '{page} – {company}',

  // Buttons and links that many pages share
  'button.add': 'Hinzufügen',
  'button.back': 'Zurück',
  'button.cancel': 'Abbrechen',
  'button.change': 'Ändern',
  'button.close': 'Schließen',
  'button.continue': 'Weiter',
  'button.remove': 'Entfernen',
  'button.save': 'Speichern',
  'button.send-again': 'Noch einmal senden',
  'button.try-again': 'Noch einmal versuchen',

  // Fields
  'field.hide': 'Verbergen',
  'field.hide-what': 'Verbergen: {label}',
  'field.optional': 'freiwillig',
  'field.show': 'Anzeigen',
  'field.show-what': 'Anzeigen: {label}',

  // Errors in a form
  'errors.heading.one': 'Bitte prüfen Sie eine Angabe',
  'errors.heading.other': 'Bitte prüfen Sie {count} Angaben',

  // Progress through several pages
  'steps.done': 'erledigt',
  'steps.label': 'Fortschritt',

  // Pages that say why something cannot be shown
  'problem.form.heading': 'Wir konnten das Formular nicht lesen',
  'problem.form.what':
    'Etwas darin war beschädigt oder gehört nicht dazu. Gehen Sie zurück, laden Sie die Seite neu und füllen Sie das Formular noch einmal aus.',
  'problem.large.heading': 'Das ist mehr, als dieses Formular aufnimmt',
  'problem.large.what': 'Gehen Sie zurück, kürzen Sie Ihre Eingabe und senden Sie sie noch einmal.',
  'problem.missing.heading': 'Hier gibt es keine Seite',
  'problem.missing.what': 'Prüfen Sie die Adresse. Wenn ein Link Sie hierher geführt hat, ist er vielleicht veraltet.',
  'problem.method.heading': 'So lässt sich diese Seite nicht öffnen',
  'problem.method.what': 'Beginnen Sie auf der ersten Seite und folgen Sie den Links dort.',
  'problem.origin.heading': 'Wir haben das Formular nicht angenommen',
  'problem.origin.what':
    'Es war zu lange geöffnet, oder Sie haben sich in einem anderen Tab an- oder abgemeldet. Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.',
  'problem.refused.heading': 'Sie dürfen diese Seite nicht öffnen',
  'problem.refused.what':
    'Ihrem Konto fehlt die Berechtigung dafür. Wenden Sie sich an Ihre Administration, wenn Sie sie brauchen.',
  'problem.broken.heading': 'Das hat nicht geklappt',
  'problem.broken.what':
    'Der Fehler liegt bei uns und wurde festgehalten. Versuchen Sie es in einem Moment noch einmal.',
  'problem.unavailable.heading': 'Das geht im Augenblick nicht',
  'problem.unavailable.what': 'Ein Teil des Dienstes antwortet nicht. Versuchen Sie es in einigen Minuten noch einmal.',
  'problem.reference': 'Wenn Sie um Hilfe bitten, nennen Sie diese Nummer: {id}',
  'problem.start': 'Zur ersten Seite',

  // Der Telefonsimulator der Demo
  'simulator.another': 'Ein anderes Telefon',
  'simulator.badge': 'Nur Demo',
  'simulator.heading': 'Telefonsimulator',
  'simulator.lede': 'Jede Nachricht, die die Demo verschickt, landet hier und nirgends sonst.',
  'simulator.nothing': 'Noch nichts. Melden Sie sich als {owner} an, und dieses Telefon klingelt.',
  'simulator.text': 'Textnachricht',
}
