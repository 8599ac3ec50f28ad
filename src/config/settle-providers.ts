import { checked } from './checked.ts'
import type { HttpSmsSettings, SmppSettings, SmsProvider, TwilioSettings, VoiceProvider } from './config.ts'
import type { Values } from './options.ts'

export type HttpPlace = 'sms.http' | 'sms.http2'
export type SmppPlace = 'sms.smpp' | 'sms.smpp2'
type TwilioPlace = 'sms.twilio' | 'sms.twilio2' | 'voice.twilio' | 'voice.twilio2'

export function smsProviders(values: Values): SmsProvider[] {
  return values['sms.providers'].map((name) => smsProvider(values, name))
}

function smsProvider(values: Values, name: Values['sms.providers'][number]): SmsProvider {
  switch (name) {
    case 'http':
    case 'http2':
      return { kind: 'http', name, settings: httpSms(values, `sms.${name}`) }
    case 'smpp':
    case 'smpp2':
      return { kind: 'smpp', name, settings: smpp(values, `sms.${name}`) }
    case 'twilio':
    case 'twilio2':
      return { kind: 'twilio', name, settings: twilio(values, `sms.${name}`) }
  }
}

export function voiceProviders(values: Values): VoiceProvider[] {
  return values['voice.providers'].map((name) => ({ name, settings: twilio(values, `voice.${name}`) }))
}

export function httpSms(values: Values, at: HttpPlace): HttpSmsSettings {
  return {
    url: checked(values[`${at}.url`]),
    method: values[`${at}.method`],
    headers: values[`${at}.headers`] ?? {},
    body: values[`${at}.body`],
    contentType: values[`${at}.content_type`],
    expectStatus: values[`${at}.expect_status`],
    expectBody: values[`${at}.expect_body`],
    timeoutMs: values[`${at}.timeout_seconds`] * 1000,
    username: values[`${at}.username`],
    password: values[`${at}.password`],
    from: values[`${at}.from`] ?? values['sms.from'],
  }
}

export function smpp(values: Values, at: SmppPlace): SmppSettings {
  const timeout = values[`${at}.timeout_seconds`] * 1000
  return {
    host: checked(values[`${at}.host`]),
    port: checked(values[`${at}.port`]),
    tls: values[`${at}.tls`] ? { ca: values[`${at}.ca`] } : undefined,
    systemId: checked(values[`${at}.system_id`]),
    password: checked(values[`${at}.password`]),
    systemType: values[`${at}.system_type`],
    bind: values[`${at}.bind`],
    from: checked(values[`${at}.from`] ?? values['sms.from']),
    sourceTon: values[`${at}.source_ton`],
    sourceNpi: values[`${at}.source_npi`],
    destinationTon: values[`${at}.destination_ton`],
    destinationNpi: values[`${at}.destination_npi`],
    serviceType: values[`${at}.service_type`],
    defaultAlphabet: values[`${at}.alphabet`],
    longTexts: values[`${at}.long_texts`],
    receipts: values[`${at}.receipts`],
    receiptIds: values[`${at}.receipt_ids`],
    window: values[`${at}.window`],
    times: { bind: timeout, answer: timeout, enquire: values[`${at}.enquire_seconds`] * 1000 },
  }
}

function twilio(values: Values, at: TwilioPlace): TwilioSettings {
  return {
    baseUrl: values[`${at}.api_url`].href,
    accountSid: checked(values[`${at}.account_sid`]),
    authToken: checked(values[`${at}.auth_token`]),
    from: checked(values[`${at}.from`] ?? values['sms.from']),
    timeoutMs: values[`${at}.timeout_seconds`] * 1000,
    ca: values[`${at}.ca`],
  }
}
