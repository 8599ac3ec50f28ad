import type { OptionPath, Values } from './options.ts'
import { needed, type Rule, together, unused } from './rule.ts'

type SmsName = Values['sms.providers'][number]
type VoiceName = Values['voice.providers'][number]

/** What a provider cannot be without. */
const smpp = ['host', 'port', 'system_id', 'password'] as const
const account = ['account_sid', 'auth_token'] as const

/** What the options of those who send texts and place calls must agree on. */
export const providerRules: readonly Rule[] = [
  ...sms('http', ['sms.http.url']),
  ...sms('http2', ['sms.http2.url']),
  ...sms(
    'smpp',
    smpp.map((key) => `sms.smpp.${key}` as const),
  ),
  ...sms(
    'smpp2',
    smpp.map((key) => `sms.smpp2.${key}` as const),
  ),
  ...sms(
    'twilio',
    account.map((key) => `sms.twilio.${key}` as const),
  ),
  ...sms(
    'twilio2',
    account.map((key) => `sms.twilio2.${key}` as const),
  ),
  sender('smpp'),
  sender('smpp2'),
  sender('twilio'),
  sender('twilio2'),
  holes('sms.http'),
  holes('sms.http2'),
  ...voice('twilio', [...account.map((key) => `voice.twilio.${key}` as const), 'voice.twilio.from']),
  ...voice('twilio2', [...account.map((key) => `voice.twilio2.${key}` as const), 'voice.twilio2.from']),

  ...together('callbacks.tls.cert', 'callbacks.tls.key'),
  {
    about: ['voice.providers', 'portal.url', 'callbacks.url'],
    broken: (v) =>
      v['voice.providers'].length === 0 || v['callbacks.url'] || v['portal.url']
        ? undefined
        : {
            problem: 'Who places a call asks us what to say in it, and no address is given where.',
            remedy: 'Give portal.url, or callbacks.url where providers reach us elsewhere.',
          },
  },
  {
    about: ['callbacks.url'],
    broken: ({ 'callbacks.url': url }) =>
      !url || url.pathname === '/' ? undefined : { problem: 'It has a path.', remedy: 'Write scheme and host only.' },
  },
  {
    about: ['callbacks.listen', 'sms.providers', 'voice.providers', 'sms.replies.secret'],
    broken(v) {
      const calling = [...v['sms.providers'], ...v['voice.providers']].some((name) => name.startsWith('twilio'))
      if (!v['callbacks.listen'] || calling || v['sms.replies.secret']) return undefined
      return {
        problem: 'No provider calls back: neither Twilio nor replies over HTTP are configured.',
        remedy: 'Remove it, or give sms.replies.secret.',
      }
    },
  },
]

function sms(name: SmsName, paths: readonly OptionPath[]): Rule[] {
  const chosen = (values: Values) => values['sms.providers'].includes(name)
  return [...needed('sms.providers', chosen, paths), unused('sms.providers', name, `sms.${name}.`)]
}

function voice(name: VoiceName, paths: readonly OptionPath[]): Rule[] {
  const chosen = (values: Values) => values['voice.providers'].includes(name)
  return [...needed('voice.providers', chosen, paths), unused('voice.providers', name, `voice.${name}.`)]
}

/** The sender stands with the provider, or for all of them. */
function sender(name: 'smpp' | 'smpp2' | 'twilio' | 'twilio2'): Rule {
  const own = `sms.${name}.from` as const
  return {
    about: ['sms.providers', own, 'sms.from'],
    broken: (values, given) =>
      !values['sms.providers'].includes(name) || given.has(own) || given.has('sms.from')
        ? undefined
        : { problem: `It asks for ${own} or sms.from, and neither is given.`, remedy: `Give one of them.` },
  }
}

function holes(place: 'sms.http' | 'sms.http2'): Rule {
  return {
    about: [`${place}.url`, `${place}.body`, `${place}.headers`],
    broken({
      [`${place}.url` as const]: url,
      [`${place}.body` as const]: body = '',
      [`${place}.headers` as const]: headers = {},
    }) {
      if (url === undefined) return undefined
      // A gateway takes a request without number or text gladly, and nobody gets a code.
      const request = [url, body, ...Object.values(headers)].join('\n')
      const missing = [/\{to(_digits)?\}/.test(request) ? '' : '{to}', request.includes('{text}') ? '' : '{text}']
      const holes = missing.filter((hole) => hole !== '').join(' nor ')
      if (holes === '') return undefined
      return {
        problem: `Neither address, body nor headers hold ${holes}.`,
        remedy: `Put it where the gateway expects it, mostly in ${place}.body.`,
      }
    },
  }
}
