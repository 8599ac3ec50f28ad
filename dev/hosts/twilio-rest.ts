/** The parameters of Twilio's OpenAPI document (twilio_api_v2010.json) that make sense for us; any other is a mistake. */
const parameters: Record<string, readonly string[]> = {
  call: [
    ...['To', 'From', 'Url', 'Method', 'StatusCallback', 'StatusCallbackMethod', 'StatusCallbackEvent'],
    ...['SendDigits', 'Timeout', 'TimeLimit', 'MachineDetection', 'CallReason'],
  ],
  text: ['To', 'From', 'MessagingServiceSid', 'Body', 'StatusCallback', 'ValidityPeriod'],
  update: ['Status', 'Url', 'Method'],
}

export type ApiError = { status: number; code: number; message: string }
type Fields = Readonly<Record<string, string>>

/** What Twilio would say against a request; the sentences quote what was sent, as Twilio's do. */
export function mistakeIn(kind: keyof typeof parameters, fields: Fields): ApiError | undefined {
  const wrong = (code: number, message: string): ApiError => ({ status: 400, code, message })
  const unknown = Object.keys(fields).find((name) => !parameters[kind]?.includes(name))
  if (unknown !== undefined) return wrong(20001, `Unknown parameter ${unknown}`)
  if (kind === 'update') return undefined

  const { To = '', From, MessagingServiceSid } = fields
  if (!isNumber(To)) return wrong(21211, `The 'To' number ${To} is not a valid phone number.`)
  if (MessagingServiceSid === undefined && !isNumber(From ?? ''))
    return wrong(21212, `The 'From' number ${From} is not a valid phone number, shortcode, or alphanumeric sender ID.`)
  if (fields.StatusCallback !== undefined && !isAddress(fields.StatusCallback))
    return wrong(21609, `The StatusCallback URL ${fields.StatusCallback} is not a valid URL.`)
  return kind === 'call' ? callMistake(fields, wrong) : textMistake(fields, wrong)
}

type Wrong = (code: number, message: string) => ApiError

function callMistake(
  { Url = '', Timeout = '60', SendDigits = '', ...fields }: Fields,
  wrong: Wrong,
): ApiError | undefined {
  if (!isAddress(Url)) return wrong(21205, `Url is not a valid URL: ${Url}`)
  if (!/^\d{1,3}$/.test(Timeout) || Number(Timeout) > 600) return wrong(21208, `Invalid timeout ${Timeout}`)
  if (!/^[0-9A-D#*wW]{0,32}$/.test(SendDigits)) return wrong(21220, `Invalid SendDigits ${SendDigits}`)
  const { StatusCallbackEvent = 'completed', Method = 'POST', StatusCallbackMethod = 'POST' } = fields
  if (!['initiated', 'ringing', 'answered', 'completed'].includes(StatusCallbackEvent))
    return wrong(21626, `Invalid status callback event ${StatusCallbackEvent}`)
  return Method === 'POST' && StatusCallbackMethod === 'POST' ? undefined : wrong(21207, 'Only POST is played here')
}

function textMistake({ To = '', Body = '' }: Fields, wrong: Wrong): ApiError | undefined {
  if (Body === '') return wrong(21602, 'Message body is required.')
  return Body.length > 1600
    ? wrong(21617, `The concatenated message body to ${To} exceeds the 1600 character limit: ${Body}`)
    : undefined
}

function isNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text)
}

function isAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text)
}
