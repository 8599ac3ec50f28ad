import type { Speaking } from '../../contract/languages.ts'
import type { From } from '../gate.ts'
import type { Settings } from '../settings/settings.ts'
import type { User } from './user.ts'

/** What a method says: in its own language, else the person's, else that of the page they came from, else the company's. */
export function languageFor(
  method: Speaking,
  { languages, language }: Pick<User, 'languages' | 'language'>,
  settings: Settings,
  from?: From,
): string {
  return languages[method] ?? language ?? from?.language ?? settings['company.language']
}
