import type { Checked } from './check.ts'
import type { HttpSmsSettings, SmppSettings } from './config.ts'
import type { Given } from './environment.ts'
import type { Mistake } from './mistake.ts'
import { isOption, type OptionPath } from './options.ts'
import { type HttpPlace, httpSms, type SmppPlace, smpp } from './settle-providers.ts'

/** `where` is a key of the settings: `url`, `contentType`, `systemId`, `headers.<name>`. */
type Found = readonly { where: string; problem: string }[]

/** What the senders of texts have to say of their settings; those who wrote the senders know. */
export type ProviderJudges = {
  textTemplate?: ((http: HttpSmsSettings) => Found) | undefined
  smpp?: ((smpp: SmppSettings) => Found) | undefined
}

type What = { checked: Checked; given: ReadonlyMap<OptionPath, Given> }

/** At the lines where what they complain of was written. */
export function judgedProviders({ textTemplate, smpp: judgeSmpp }: ProviderJudges, what: What): Mistake[] {
  const { values } = what.checked
  const ofHttp = (place: HttpPlace) =>
    textTemplate && isWhole(what, place, ['url']) ? mistakes(what, place, textTemplate(httpSms(values, place))) : []
  const ofSmpp = (place: SmppPlace) =>
    judgeSmpp && isWhole(what, place, ['host', 'port', 'system_id', 'password'])
      ? mistakes(what, place, judgeSmpp(smpp(values, place)))
      : []
  return [...ofHttp('sms.http'), ...ofHttp('sms.http2'), ...ofSmpp('sms.smpp'), ...ofSmpp('sms.smpp2')]
}

/** What could not be understood, or is not given, is told by others. */
function isWhole({ checked, given }: What, place: HttpPlace | SmppPlace, keys: readonly string[]): boolean {
  const understood = ![...checked.wrong].some((path) => path.startsWith(`${place}.`) || path === 'sms.from')
  const sender = place.startsWith('sms.http') || given.has(`${place}.from`) || given.has('sms.from')
  return understood && sender && keys.every((key) => given.has(`${place}.${key}` as OptionPath))
}

function mistakes({ given }: What, place: HttpPlace | SmppPlace, found: Found): Mistake[] {
  return found.map(({ where, problem }) => {
    const own = optionOf(place, where)
    const path = own === `${place}.from` && !given.has(own) ? 'sms.from' : own
    const at =
      given.get(path) ?? given.get(place.startsWith('sms.http') ? `${place as HttpPlace}.url` : 'sms.providers')
    const header = where.startsWith('headers.') ? `${where.slice('headers.'.length)}: ` : ''
    const sentence = place.startsWith('sms.http') ? `${header}${problem}.` : `It ${problem}.`
    return { where: at?.where ?? '', path, problem: sentence, remedy: 'Compare it with sallyport.example.yaml.' }
  })
}

function optionOf(place: HttpPlace | SmppPlace, where: string): OptionPath {
  const key = where.split('.')[0]?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) ?? ''
  const path = `${place}.${key}`
  return isOption(path) ? path : 'sms.providers'
}
