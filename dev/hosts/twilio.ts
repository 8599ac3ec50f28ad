import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { freePort } from './port.ts'
import { type CallLog, type Phone, playCall } from './twilio-call.ts'
import { type ApiError, mistakeIn } from './twilio-rest.ts'

type Fields = Record<string, string>

export type TwilioHost = {
  baseUrl: string
  accountSid: string
  authToken: string
  /** Says what the phone with this number does; without a word it does not answer. */
  phone(to: string, phone: Phone): void
  calls: CallLog[]
  texts: Fields[]
  /** As Twilio signs. */
  sign(url: string, fields: Fields): string
  /** A signed POST to an address, such as a reply to a text. */
  post(url: string, fields: Fields): Promise<{ status: number; body: string }>
  /** Resolves when every call is over and every callback made; fails with what Twilio's debugger would show. */
  settled(): Promise<void>
  stop(): Promise<void>
}

type Options = {
  /** Where an address that was given to Twilio is really listened at: on loopback there is no name and no certificate. */
  reach(url: string): string
  sendsFinishedOnKey?: boolean
  /** One that was stopped, with its account and at its place. */
  again?: Pick<TwilioHost, 'accountSid' | 'authToken' | 'baseUrl'>
}

/** A server on loopback that behaves as Twilio's documentation says: calls, texts, TwiML, status callbacks, signatures. */
export async function startTwilio({ reach, sendsFinishedOnKey = false, again }: Options): Promise<TwilioHost> {
  const accountSid = again?.accountSid ?? `AC${randomBytes(16).toString('hex')}`
  const authToken = again?.authToken ?? randomBytes(16).toString('hex')
  const phones = new Map<string, Phone>()
  const calls: CallLog[] = []
  const texts: Fields[] = []
  const under = new Map<string, { end(): void }>()
  const work: Promise<unknown>[] = []

  const sign = (url: string, fields: Fields) => {
    const sorted = Object.keys(fields)
      .sort()
      .map((name) => name + fields[name])
    return createHmac('sha1', authToken)
      .update(url + sorted.join(''))
      .digest('base64')
  }
  const post: TwilioHost['post'] = async (url, given) => {
    const fields = { ...given, AccountSid: accountSid }
    const headers = { 'x-twilio-signature': sign(url, fields), 'user-agent': 'TwilioProxy/1.1' }
    const answer = await fetch(reach(url), { method: 'POST', headers, body: new URLSearchParams(fields) })
    return { status: answer.status, body: await answer.text() }
  }

  const place = (request: Fields): object => {
    const log = {
      sid: `CA${randomBytes(16).toString('hex')}`,
      request,
      status: 'queued',
      heard: [],
      pressed: [],
      answers: [],
    }
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    let isEnded = false
    under.set(log.sid, {
      end() {
        isEnded = true
        resolve()
      },
    })
    calls.push(log)
    const play = () =>
      playCall(
        { post, sendsFinishedOnKey, isEnded: () => isEnded, ended },
        log,
        phones.get(request.To ?? '') ?? 'no-answer',
      )
    work.push(play().finally(() => under.delete(log.sid)))
    return { sid: log.sid, account_sid: accountSid, status: 'queued', to: request.To, from: request.From }
  }
  const end = (sid: string): object | ApiError => {
    const call = under.get(sid)
    if (!call) return { status: 400, code: 21220, message: `Call ${sid} is not in-progress. Cannot redirect.` }
    call.end()
    return { sid, status: 'completed' }
  }
  const sendText = (request: Fields): object => {
    const sid = `SM${randomBytes(16).toString('hex')}`
    texts.push(request)
    const { StatusCallback, To = '' } = request
    const told = { MessageSid: sid, MessageStatus: 'delivered', To }
    if (StatusCallback) work.push(post(StatusCallback, told))
    return { sid, status: 'queued', to: To }
  }

  const root = `/2010-04-01/Accounts/${accountSid}`
  const rest = async (request: IncomingMessage): Promise<object | ApiError> => {
    const basic = Buffer.from(`${accountSid}:${authToken}`).toString('base64')
    if (request.headers.authorization !== `Basic ${basic}`)
      return { status: 401, code: 20003, message: `Authenticate: ${request.headers.authorization}` }
    const fields = Object.fromEntries(new URLSearchParams(await text(request)))
    const path = request.method === 'POST' && request.url?.startsWith(root) ? request.url.slice(root.length) : ''
    const [, sid] = /^\/Calls\/(\w+)\.json$/.exec(path) ?? []
    if (path === '/Calls.json') return mistakeIn('call', fields) ?? place(fields)
    if (path === '/Messages.json') return mistakeIn('text', fields) ?? sendText(fields)
    if (sid !== undefined) return mistakeIn('update', fields) ?? end(sid)
    return { status: 404, code: 20404, message: `The requested resource ${request.url} was not found` }
  }

  const port = again ? Number(new URL(again.baseUrl).port) : await freePort()
  const server = createServer((request, response) => {
    work.push(rest(request).then((answer) => answerWith(response, answer)))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    accountSid,
    authToken,
    phone: (to, phone) => phones.set(to, phone),
    calls,
    texts,
    sign,
    post,
    async settled() {
      // What is waited for may bring more.
      for (let waited = -1; waited !== work.length; ) {
        waited = work.length
        await Promise.all(work)
      }
    },
    async stop() {
      for (const call of under.values()) call.end()
      await Promise.allSettled(work)
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

/** 201 for what was made, 200 for what was changed; errors as https://www.twilio.com/docs/usage/twilios-response. */
function answerWith(response: ServerResponse, answer: object | ApiError): void {
  const isError = 'code' in answer
  const status = isError ? answer.status : 'to' in answer ? 201 : 200
  const more = isError ? { more_info: `https://www.twilio.com/docs/errors/${answer.code}` } : {}
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ...answer, ...more }))
}
