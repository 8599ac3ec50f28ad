import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { judges } from '../src/app/configured.ts'
import { readConfig } from '../src/config/read-config.ts'
import { checkForRole } from '../src/config/roles.ts'

const CANARY = 'canary-of-a-secret'

describe('providers in the configuration', () => {
  test('come in the order in which they are named, each with its own name and options', () => {
    const { sms, voice } = right({
      ...everything,
      SALLYPORT_SMS_PROVIDERS: 'smpp, http2,twilio, http',
      SALLYPORT_SMS_HTTP2_FROM: 'Contoso',
    })
    assert.deepEqual(
      sms.providers.map(({ name, kind, settings: { from } }) => [name, kind, from]),
      [
        ['smpp', 'smpp', '12345'],
        ['http2', 'http', 'Contoso'],
        ['twilio', 'twilio', '+12065550199'],
        ['http', 'http', '12345'],
      ],
    )
    assert.deepEqual(
      voice.providers.map(({ name, settings: { accountSid } }) => [name, accountSid]),
      [
        ['twilio2', 'AC2'],
        ['twilio', 'AC1'],
      ],
    )
  })

  test('are none unless named', () => {
    for (const env of [{}, { SALLYPORT_SMS_PROVIDERS: 'none', SALLYPORT_VOICE_PROVIDERS: 'None' }])
      assert.deepEqual([right(env).sms.providers, right(env).voice.providers], [[], []])
  })

  test('have a connection with TLS to an SMPP centre unless told otherwise, and one time for each answer', () => {
    const { SALLYPORT_SMS_SMPP_TLS: _, ...untold } = everything
    const [smpp] = right({ ...untold, SALLYPORT_SMS_SMPP_TIMEOUT_SECONDS: '7' }).sms.providers
    assert.ok(smpp?.kind === 'smpp')
    assert.deepEqual(smpp.settings.tls, { ca: undefined })
    assert.deepEqual(smpp.settings.times, { bind: 7_000, answer: 7_000, enquire: 30_000 })
  })

  test('keep their secrets to themselves', () => {
    const config = right(everything)
    assert.ok(!inspect(config, { depth: 9 }).includes(CANARY) && !JSON.stringify(config).includes(CANARY))
  })

  test('call back at the portal, or where it is said', () => {
    assert.equal(right(everything).callbacks.origin, 'https://mfa.example.org')
    const elsewhere = { ...everything, SALLYPORT_CALLBACKS_URL: 'https://calls.example.org/' }
    assert.equal(right(elsewhere).callbacks.origin, 'https://calls.example.org')
  })

  test('are heard on loopback in plain HTTP, for a proxy; elsewhere with TLS', () => {
    const at = (listen: string) => right({ ...everything, SALLYPORT_CALLBACKS_LISTEN: listen }).callbacks.tls.kind
    assert.deepEqual([at('127.0.0.1:8445'), at('[::1]:8445'), at('0.0.0.0:8445')], ['off', 'off', 'self-made'])
  })

  for (const [what, change, path, problem] of [
    ['a name that is none', { SMS_PROVIDERS: 'smpp, pigeon' }, 'sms.providers', /"pigeon" is not one/],
    ['a name that stands twice', { SMS_PROVIDERS: 'smpp, smpp' }, 'sms.providers', /smpp stands twice/],
    ['no provider beside none', { SMS_PROVIDERS: 'none, smpp' }, 'sms.providers', /"none" is not one/],
    ['a centre without a host', { SMS_SMPP_HOST: '' }, 'sms.providers', /asks for sms\.smpp\.host/],
    [
      'a centre without a sender',
      { SMS_FROM: '', SMS_PROVIDERS: 'smpp' },
      'sms.providers',
      /sms\.smpp\.from or sms\.from/,
    ],
    ['a sender that SMPP cannot carry', { SMS_SMPP_FROM: 'Contoso & Partners' }, 'sms.smpp.from', /up to 11 letters/],
    ['the same, for all', { SMS_FROM: 'Contoso & Partners' }, 'sms.from', /up to 11 letters/],
    [
      'a name that SMPP cannot carry',
      { SMS_SMPP_SYSTEM_ID: 'x'.repeat(16) },
      'sms.smpp.system_id',
      /It must be 1 to 15/,
    ],
    ['a second gateway without its text', { SMS_HTTP2_URL: 'https://x/{to}?{password}' }, 'sms.http2.url', /\{text\}/],
    ['an account without a token', { VOICE_TWILIO2_AUTH_TOKEN: '' }, 'voice.providers', /voice\.twilio2\.auth_token/],
    ['a caller that is no number', { VOICE_TWILIO_FROM: 'Contoso' }, 'voice.twilio.from', /number with its country/],
    ['an API without TLS', { SMS_TWILIO_API_URL: 'http://api.example.org' }, 'sms.twilio.api_url', /without TLS/],
    ['calls that nobody can ask about', { PORTAL_URL: '' }, 'voice.providers', /no address is given/],
    ['callbacks below a path', { CALLBACKS_URL: 'https://mfa.example.org/x' }, 'callbacks.url', /has a path/],
    ['a secret that can be guessed', { SMS_REPLIES_SECRET: 'short' }, 'sms.replies.secret', /too short/],
    ['one that an address cannot hold', { SMS_REPLIES_SECRET: `${CANARY}/of?` }, 'sms.replies.secret', /other than/],
    [
      'a listener on an address that is taken',
      { CALLBACKS_LISTEN: '0.0.0.0:8443' },
      'callbacks.listen',
      /portal\.listen has the same address/,
    ],
  ] as const) {
    test(`are refused with ${what}, by one mistake`, () => {
      const named = Object.entries(change).map(([name, value]) => [`SALLYPORT_${name}`, value] as const)
      const { mistakes } = wrong({ ...everything, ...Object.fromEntries(named) })
      assert.equal(mistakes.length, 1, JSON.stringify(mistakes))
      assert.equal(mistakes[0]?.path, path)
      assert.match(mistakes[0]?.problem ?? '', problem)
      assert.ok(!JSON.stringify(mistakes).includes(CANARY))
    })
  }

  test('that nobody names are told of', () => {
    const { mistakes } = wrong({ SALLYPORT_SMS_SMPP2_HOST: 'smpp.example.org' })
    assert.match(mistakes[0]?.problem ?? '', /Nothing uses sms\.smpp2\.host while sms\.providers is not given/)
    assert.equal(mistakes[0]?.remedy, 'Set sms.providers: smpp2, or say otherwise there.')
  })

  test('a listener that nobody calls is told of', () => {
    const { mistakes } = wrong({ SALLYPORT_CALLBACKS_LISTEN: '127.0.0.1:8445' })
    assert.match(mistakes[0]?.problem ?? '', /No provider calls back/)
  })

  test('that call back want a listener where the portal is elsewhere, and not in the portal', () => {
    const listen = { SALLYPORT_CALLBACKS_LISTEN: '127.0.0.1:8445' }
    const paths = (role: 'all' | 'server' | 'portal', env: object) =>
      checkForRole(right({ ...everything, ...env }), role).map(({ path }) => path)
    assert.deepEqual(paths('all', {}), [])
    assert.deepEqual(paths('server', {}), ['voice.providers', 'sms.replies.secret'])
    assert.deepEqual(paths('server', listen), [])
    assert.ok(paths('portal', listen).includes('callbacks.listen'))
    assert.ok(!paths('portal', {}).includes('callbacks.listen'))
  })
})

/** One provider of each kind and some to spare, without a mistake. */
const everything: Record<string, string> = {
  SALLYPORT_PORTAL_URL: 'https://mfa.example.org',
  SALLYPORT_SMS_PROVIDERS: 'smpp, http2, twilio',
  SALLYPORT_SMS_FROM: '12345',
  SALLYPORT_SMS_SMPP_HOST: 'smpp.example.org',
  SALLYPORT_SMS_SMPP_PORT: '2775',
  SALLYPORT_SMS_SMPP_TLS: 'false',
  SALLYPORT_SMS_SMPP_SYSTEM_ID: 'sallyport',
  SALLYPORT_SMS_SMPP_PASSWORD: CANARY,
  SALLYPORT_SMS_HTTP_URL: 'https://one.example.org/?to={to}&text={text}',
  SALLYPORT_SMS_HTTP2_URL: 'https://two.example.org/?to={to}&text={text}&key={password}',
  SALLYPORT_SMS_HTTP2_PASSWORD: CANARY,
  SALLYPORT_SMS_TWILIO_ACCOUNT_SID: 'AC1',
  SALLYPORT_SMS_TWILIO_AUTH_TOKEN: CANARY,
  SALLYPORT_SMS_TWILIO_FROM: '+12065550199',
  SALLYPORT_SMS_REPLIES_SECRET: `${CANARY}-of-replies`,
  SALLYPORT_VOICE_PROVIDERS: 'twilio2, twilio',
  SALLYPORT_VOICE_TWILIO_ACCOUNT_SID: 'AC1',
  SALLYPORT_VOICE_TWILIO_AUTH_TOKEN: CANARY,
  SALLYPORT_VOICE_TWILIO_FROM: '+1 206 555 0199',
  SALLYPORT_VOICE_TWILIO2_ACCOUNT_SID: 'AC2',
  SALLYPORT_VOICE_TWILIO2_AUTH_TOKEN: CANARY,
  SALLYPORT_VOICE_TWILIO2_FROM: '+12065550198',
}

function right(env: Record<string, string>) {
  const read = readConfig({ env, judges })
  assert.ok('config' in read, JSON.stringify(read))
  return read.config
}

function wrong(env: Record<string, string>) {
  const read = readConfig({ env, judges })
  assert.ok('mistakes' in read, 'there should be mistakes')
  return read
}
