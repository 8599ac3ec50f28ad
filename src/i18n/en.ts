/**
 * English: the source of every sentence on a page. Keys are dotted, by place and purpose; holes stand in braces.
 * A sentence that counts has the forms `.one` and `.other`; it is asked for without the ending and with the hole `count`.
 */
export const en = {
  // Every page: frame, title, footer
  'frame.error': 'Error:',
  'frame.footer': 'Language and help',
  'frame.help': 'Help',
  'frame.language': 'Language',
  'frame.navigation': 'Pages',
  'frame.sign-out': 'Sign out',
  'frame.skip': 'Skip to the content',
  'frame.title': '{page} – {company}',

  // Buttons and links that many pages share
  'button.add': 'Add',
  'button.back': 'Back',
  'button.cancel': 'Cancel',
  'button.change': 'Change',
  'button.close': 'Close',
  'button.continue': 'Continue',
  'button.remove': 'Remove',
  'button.save': 'Save',
  'button.send-again': 'Send it again',
  'button.try-again': 'Try again',

  // Fields
  'field.hide': 'Hide',
  'field.hide-what': 'Hide: {label}',
  'field.optional': 'optional',
  'field.show': 'Show',
  'field.show-what': 'Show: {label}',

  // Errors in a form
  'errors.heading.one': 'One answer needs another look',
  'errors.heading.other': '{count} answers need another look',

  // Progress through several pages
  'steps.done': 'done',
  'steps.label': 'Progress',

  // Pages that say why something cannot be shown
  'problem.form.heading': 'We could not read that form',
  'problem.form.what':
    'Something in it was damaged or is not part of it. Go back, reload the page and fill it in again.',
  'problem.large.heading': 'That is more than this form takes',
  'problem.large.what': 'Go back, shorten what you typed and send it again.',
  'problem.missing.heading': 'There is no page here',
  'problem.missing.what': 'Check the address. If a link brought you here, it may be out of date.',
  'problem.method.heading': 'This page cannot be opened like that',
  'problem.method.what': 'Start again from the first page and follow the links there.',
  'problem.origin.heading': 'We did not accept that form',
  'problem.origin.what':
    'It was open for too long, or you signed in or out in another tab. Nothing was changed. Go back, reload the page and send it again.',
  'problem.refused.heading': 'You may not open this page',
  'problem.refused.what': 'Your account does not have the permission for it. Ask your administrator if you need it.',
  'problem.broken.heading': 'This did not work',
  'problem.broken.what': 'The mistake is on our side, and it was written down. Try again in a moment.',
  'problem.unavailable.heading': 'We cannot do this right now',
  'problem.unavailable.what': 'A part of the service does not answer. Try again in a few minutes.',
  'problem.reference': 'If you ask for help, give this number: {id}',
  'problem.start': 'Go to the first page',

  // The phone simulator of the demo
  'simulator.another': 'Another phone',
  'simulator.badge': 'Demo only',
  'simulator.heading': 'Phone simulator',
  'simulator.lede': 'Every text that the demo sends ends here, and nowhere else.',
  'simulator.nothing': 'Nothing yet. Sign in as {owner} and this phone will ring.',
  'simulator.text': 'Text message',
} as const satisfies Record<string, string>
