import { type LanguageCode, parseLanguage } from './languages.ts'

/** Said after the answer; `{company}`, `{extension}` and `{fraudCode}` are holes, the last two spelt digit by digit. */
const en = {
  extension: 'This call is for extension {extension}.',
  'greeting.standard': 'This is the sign-in check of {company}. To finish signing in, press the pound key.',
  'greeting.pin': 'This is the sign-in check of {company}. Enter your PIN, then press the pound key.',
  'greeting.number':
    'This is the sign-in check of {company}. Key in the number on your screen, then press the pound key.',
  'retry.standard': 'We did not get that. To finish signing in, press the pound key.',
  'retry.pin': 'We did not get that. Enter your PIN, then press the pound key.',
  'retry.number': 'We did not get that. Key in the number on your screen, then press the pound key.',
  'wrong.pin': 'That PIN is not right. Enter your PIN again, then press the pound key.',
  'wrong.number': 'That number is not right. Key in the number on your screen, then press the pound key.',
  'fraud.hint': 'If you are not signing in, press {fraudCode}, then the pound key.',
  'fraud.confirm':
    'We have stopped this sign-in. Somebody may know your password. To block your account now, press 1. Otherwise hang up.',
  'fraud.reported': 'Thank you. We have stopped this sign-in and told your administrators. Goodbye.',
  'fraud.blocked':
    'Thank you. Your account is blocked and your administrators know. Call your help desk to use it again. Goodbye.',
  success: 'Thank you. Your sign-in is confirmed. Goodbye.',
  denied: 'Your sign-in is not confirmed. Goodbye.',
} as const

const de: Record<keyof typeof en, string> = {
  extension: 'Dieser Anruf ist für die Durchwahl {extension}.',
  'greeting.standard':
    'Hier ist die Anmeldeprüfung von {company}. Drücken Sie die Raute-Taste, um die Anmeldung abzuschließen.',
  'greeting.pin':
    'Hier ist die Anmeldeprüfung von {company}. Geben Sie Ihre PIN ein und drücken Sie dann die Raute-Taste.',
  'greeting.number':
    'Hier ist die Anmeldeprüfung von {company}. Geben Sie die Zahl auf Ihrem Bildschirm ein und drücken Sie dann die Raute-Taste.',
  'retry.standard': 'Das kam nicht an. Drücken Sie die Raute-Taste, um die Anmeldung abzuschließen.',
  'retry.pin': 'Das kam nicht an. Geben Sie Ihre PIN ein und drücken Sie dann die Raute-Taste.',
  'retry.number': 'Das kam nicht an. Geben Sie die Zahl auf Ihrem Bildschirm ein und drücken Sie dann die Raute-Taste.',
  'wrong.pin': 'Diese PIN stimmt nicht. Geben Sie Ihre PIN noch einmal ein und drücken Sie dann die Raute-Taste.',
  'wrong.number':
    'Diese Zahl stimmt nicht. Geben Sie die Zahl auf Ihrem Bildschirm ein und drücken Sie dann die Raute-Taste.',
  'fraud.hint': 'Wenn Sie sich gerade nicht anmelden, drücken Sie {fraudCode} und dann die Raute-Taste.',
  'fraud.confirm':
    'Wir haben diese Anmeldung gestoppt. Vielleicht kennt jemand Ihr Passwort. Um Ihr Konto jetzt zu sperren, drücken Sie die 1. Sonst legen Sie auf.',
  'fraud.reported': 'Danke. Wir haben diese Anmeldung gestoppt und Ihre Administratoren verständigt. Auf Wiederhören.',
  'fraud.blocked':
    'Danke. Ihr Konto ist gesperrt, und Ihre Administratoren wissen davon. Rufen Sie Ihren Helpdesk an, um es wieder zu verwenden. Auf Wiederhören.',
  success: 'Danke. Ihre Anmeldung ist bestätigt. Auf Wiederhören.',
  denied: 'Ihre Anmeldung ist nicht bestätigt. Auf Wiederhören.',
}

export type SpokenKey = keyof typeof en

/** A sentence of a call. `recording` is the address of a sound file that is played in its place. */
export type SpokenLine = {
  key: SpokenKey
  holes: Readonly<Record<string, string>>
  recording?: string | undefined
}

const catalogues: Record<LanguageCode, Record<SpokenKey, string>> = { en, de }

/** What speech synthesisers call the language (BCP 47). A language that we do not speak is spoken in English. */
const voices: Record<LanguageCode, string> = { en: 'en-US', de: 'de-DE' }

/** The words of calls, apart from the pages' catalogue: they are heard once, and cost by the second. */
export const spoken = {
  sentence(language: string, { key, holes }: SpokenLine): string {
    return catalogues[parseLanguage(language) ?? 'en'][key].replace(
      /\{(\w+)\}/g,
      (hole, name: string) => holes[name] ?? hole,
    )
  },
  voice(language: string): string {
    return voices[parseLanguage(language) ?? 'en']
  },
  keys: Object.keys(en) as readonly SpokenKey[],
}
