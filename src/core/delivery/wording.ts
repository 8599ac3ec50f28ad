/** The words of texts, in the person's language. The core knows what to say, not how. */
export interface Wording {
  code(text: { language: string; company: string; code: string; minutes: number; host: string | undefined }): string
  /** Asks for a reply: with the code, with code and PIN, or (without a code) with the number on the screen. */
  askForReply(text: {
    language: string
    company: string
    code: string | undefined
    pin: boolean
    /** That this is the person's phone, and not that they sign in. */
    proof: boolean
  }): string
  phoneChanged(text: { language: string; company: string; newNumber: string; helpLine: string | undefined }): string
  backupPhoneChanged(text: {
    language: string
    company: string
    newNumber: string
    helpLine: string | undefined
  }): string
  backupPhoneRemoved(text: { language: string; company: string; helpLine: string | undefined }): string
  mailChanged(text: { language: string; company: string; helpLine: string | undefined }): string
  tokenAdded(text: { language: string; company: string; helpLine: string | undefined }): string
  passwordChanged(text: { language: string; company: string; helpLine: string | undefined }): string
  pinChanged(text: { language: string; company: string; helpLine: string | undefined }): string
  pinRemoved(text: { language: string; company: string; helpLine: string | undefined }): string
  methodChosen(text: { language: string; company: string; helpLine: string | undefined }): string
  locked(text: { language: string; company: string; helpLine: string | undefined }): string
  tokenRemoved(text: { language: string; company: string; helpLine: string | undefined }): string
  passkeyAdded(text: { language: string; company: string; helpLine: string | undefined }): string
  passkeyRemoved(text: { language: string; company: string; helpLine: string | undefined }): string
  passkeyCloned(text: { language: string; company: string; helpLine: string | undefined }): string
  questionsAnswered(text: { language: string; company: string; helpLine: string | undefined }): string
  questionsUsed(text: { language: string; company: string; helpLine: string | undefined }): string
  recoveryMade(text: { language: string; company: string; helpLine: string | undefined }): string
  recoveryUsed(text: { language: string; company: string; left: number; helpLine: string | undefined }): string
  deviceAdded(text: { language: string; company: string; helpLine: string | undefined }): string
  deviceRemoved(text: { language: string; company: string; helpLine: string | undefined }): string
}
