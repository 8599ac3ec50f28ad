import type { Checked } from './check.ts'
import type { HttpSmsSettings } from './config.ts'
import type { Given } from './environment.ts'
import type { Mistake } from './mistake.ts'
import { isOption, type OptionPath } from './options.ts'
import { httpSms } from './settle.ts'

/** `where` is a key of the settings: `url`, `body`, `contentType`, `username`, `headers.<name>`. */
export type TemplateJudge = (http: HttpSmsSettings) => readonly { where: string; problem: string }[]

/** What the sender of texts has to say of its request, at the lines where that was written. */
export function judgedTemplate(
  judge: TemplateJudge | undefined,
  { values, wrong }: Checked,
  given: ReadonlyMap<OptionPath, Given>,
): Mistake[] {
  const understood = values['sms.http.url'] !== undefined && ![...wrong].some((path) => path.startsWith('sms.'))
  if (!judge || !understood) return []
  return judge(httpSms(values)).map(({ where, problem }) => {
    const path = optionOf(where)
    const at = given.get(path) ?? given.get('sms.http.url')
    const sentence = `${where.startsWith('headers.') ? `${where.slice('headers.'.length)}: ` : ''}${problem}.`
    return { where: at?.where ?? '', path, problem: sentence, remedy: 'Compare it with sallyport.example.yaml.' }
  })
}

function optionOf(where: string): OptionPath {
  const key = where.split('.')[0]?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) ?? ''
  const path = `sms.http.${key}`
  return isOption(path) ? path : 'sms.http.url'
}
